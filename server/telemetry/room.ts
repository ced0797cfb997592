// What operators are told of the server itself, put together: its log lines, the audit log and the numbers for Prometheus.
import type { World } from '../core/world.js';
import type { Handler, Publish, SocketHandler } from '../http/message.js';
import type { TransportNotes } from '../http/notes.js';
import { audited, createAccessNotes, type AccessNotes } from './access-notes.js';
import { createAudit, type Audit } from './audit.js';
import { doubleClaimNotes } from './double-claims.js';
import { createIdentityWatch, type IdentityWatch } from './identity-watch.js';
import type { Level, Log } from './logger.js';
import { createMetrics, type Metrics } from './metrics.js';
import { countPublished, countViewers, noteAnswer } from './tallies.js';
import { twoSenderNotes } from './two-senders.js';

export interface TelemetryParts {
  world: World;
  log: Log;
  now: () => number;
  version: string;
  auditLog: boolean;
  logLevel: Level;
  maxBodyBytes: number;
  /** How many lines of the log nobody took. */
  droppedLines: () => number;
}

export interface Telemetry {
  log: Log;
  metrics: Metrics;
  audit: Audit;
  /** Says how many refusals the audit log left out; to be called now and then. */
  sayCounted: () => void;
  /** Puts reports of anonymous holders into the audit log, where there is one. */
  audited: (what: string, handle: Handler) => Handler;
  identities: IdentityWatch;
  notes: TransportNotes;
  previewed: AccessNotes['previewed'];
  /** Listeners. */
  followers: Metrics['note'][];
  counted: {
    publish: (publish: Publish) => Publish;
    viewers: (feed: string, handler: SocketHandler) => SocketHandler;
  };
}

export function createTelemetry(parts: TelemetryParts): Telemetry {
  const { world, log, now, version, auditLog, maxBodyBytes, droppedLines } = parts;
  const { audit, sayCounted } = createAudit({ isOn: auditLog, log, now });
  const access = createAccessNotes({ log, audit, now, isDebugged: parts.logLevel === 'debug' });
  const identities = createIdentityWatch(log.warn);
  const metrics = createMetrics({
    world,
    version,
    now,
    conflicts: identities.conflicts,
    undeclaredProxies: access.undeclaredProxies,
    droppedLines,
    maxReportBytes: maxBodyBytes,
  });
  const { tallies } = metrics;
  return {
    log,
    metrics,
    audit,
    sayCounted,
    audited: (what, handle) => (auditLog ? audited(what, handle, audit) : handle),
    identities,
    notes: {
      ...access,
      answered: (head, route, response) => {
        noteAnswer(tallies, route?.path ?? null, response);
        access.answered(head, route, response);
      },
    },
    previewed: access.previewed,
    followers: [doubleClaimNotes(log.warn), twoSenderNotes(log.warn), metrics.note],
    counted: {
      publish: (publish) => countPublished(tallies, publish),
      viewers: (feed, handler) => countViewers(tallies, feed, handler),
    },
  };
}
