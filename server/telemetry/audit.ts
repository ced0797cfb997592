// The audit log: a line for each registration, heartbeat and goodbye. Refusals that come in floods are counted instead of written.
import { createLimiter } from '../http/limiter.js';
import { CONTROL, type Log } from './logger.js';

/** An ingest event in the audit log. Off, nobody's address is asked for. */
export type Audit = (
  what: string,
  identity: string,
  who: { address: string; household: string },
  outcome: string,
) => void;

export interface AuditLog {
  audit: Audit;
  /** Says how many refusals were not written since it last said so; to be called now and then. */
  sayCounted: () => void;
}

export interface AuditOptions {
  isOn: boolean;
  log: Log;
  now: () => number;
}

/** Refusals that are written: whoever sends more has shown what it wants, and must not fill the disk. */
const EACH_A_MINUTE = 60;
const ALL_A_MINUTE = 600;

/** The contract's line for each ingest event, denials included. Off: nothing. */
export function createAudit({ isOn, log, now }: AuditOptions): AuditLog {
  if (!isOn) return { audit: () => undefined, sayCounted: () => undefined };
  const each = createLimiter(EACH_A_MINUTE);
  const all = createLimiter(ALL_A_MINUTE, 1);
  let counted = 0;
  const isWritten = (household: string): boolean =>
    each.take(household, now()) === 0 && all.take('', now()) === 0;
  return {
    audit: (what, identity, who, outcome) => {
      if (outcome !== 'ok' && !isWritten(who.household)) return void counted++;
      log.info(`audit ${what} identity=${field(identity)} remote=${field(who.address)} outcome=${outcome}`);
    },
    sayCounted: () => {
      if (counted > 0)
        log.info(
          `audit: ${counted} more refusals came too fast to be written one by one; ` +
            'shardlight_http_refused_total counts them by reason',
        );
      counted = 0;
    },
  };
}

const MAX_FIELD = 128;

/** A blank in an identity could forge the fields after it. */
function field(text: string): string {
  const clean = text.replace(CONTROL, '').slice(0, MAX_FIELD);
  if (clean === '') return '?';
  return /[\s"=]/.test(clean) ? JSON.stringify(clean) : clean;
}
