// What operators are told of the server itself, put together: its log lines, the audit log and the numbers for Prometheus.
import type { Handler, Publish, SocketHandler } from '../http/message.js';
import type { TransportNotes } from '../http/notes.js';
import { audited, createAccessNotes, type AccessNotes } from './access-notes.js';
import { createAudit, type Audit } from './audit.js';
import { doubleClaimNotes } from './double-claims.js';
import { createIdentityWatch, type IdentityWatch } from './identity-watch.js';
import type { Level, Log } from './logger.js';
import { createMetrics, type Metrics, type MetricsOptions } from './metrics.js';
import { rarely } from './rarely.js';
import { refusedClaimNotes } from './refused-claims.js';
import { countPublished, countViewers, noteAnswer } from './tallies.js';
import { twoSenderNotes } from './two-senders.js';

export interface TelemetryParts extends Pick<MetricsOptions, 'world' | 'now' | 'version' | 'droppedLines'> {
  log: Log;
  auditLog: boolean;
  logLevel: Level;
  maxBodyBytes: number;
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
  /** To be called now and then: tells what was refused meanwhile. */
  look: () => void;
  /** Listeners. */
  followers: Metrics['note'][];
  counted: {
    publish: (publish: Publish) => Publish;
    viewers: (feed: string, handler: SocketHandler) => SocketHandler;
  };
}

export function createTelemetry(parts: TelemetryParts): Telemetry {
  const { log, now, auditLog } = parts;
  const { audit, sayCounted } = createAudit({ isOn: auditLog, log, now });
  const access = createAccessNotes({ log, audit, now, isDebugged: parts.logLevel === 'debug' });
  const identities = createIdentityWatch(rarely(log.warn, now));
  const { conflicts } = identities;
  const { undeclaredProxies, previewed } = access;
  const metrics = createMetrics({
    ...parts,
    conflicts,
    undeclaredProxies,
    maxReportBytes: parts.maxBodyBytes,
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
    previewed,
    look: refusedClaimNotes(parts.world, log.warn, now),
    followers: [doubleClaimNotes(log.warn), twoSenderNotes(rarely(log.warn, now)), metrics.note],
    counted: {
      publish: (publish) => countPublished(tallies, publish),
      viewers: (feed, handler) => countViewers(tallies, feed, handler),
    },
  };
}
