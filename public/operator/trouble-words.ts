// What the operator view says is wrong, each as a sentence, and what all comes to.
import type { TroubleKind } from '../shared/trouble.js';
import { counted, many } from './count.js';

const WRONG: Partial<Record<TroubleKind, string>> = {
  'shards-down': 'not working',
  'shards-missing': 'not reported',
  'double-claim': 'reported by two senders',
};

/** " (0–15, 32)"; nothing of nothing. */
const which = (ranges: string): string =>
  ranges === '' ? '' : ` (${ranges.replaceAll('-', '–').replaceAll(',', ', ')})`;

const are = (n: number): string => (n === 1 ? 'is' : 'are');

export const trouble = {
  silent: (clock?: string): string => (clock === undefined ? 'Silent.' : `Silent since ${clock}.`),
  /** "16 of 240 shards with it (16–31)." */
  along: (n: number, of: number | undefined, ranges: string): string => {
    const shards = of === 1 ? 'The only shard' : of === n ? `All ${many(n, 'shard')}` : null;
    return `${shards ?? (of === undefined ? many(n, 'shard') : `${counted(n)} of ${many(of, 'shard')}`)} with it${which(ranges)}.`;
  },
  /** "2 of 16 shards are not working (3–4)." */
  shards: (kind: TroubleKind, n: number, of: number, ranges: string): string =>
    `${of === 1 ? 'Its only shard' : `${counted(n)} of ${many(of, 'shard')}`} ${are(n)} ${WRONG[kind]}${which(ranges)}.`,
  of: (cluster: string, bot: string): string => `${cluster} of ${bot}`,
  value: (name: string, value: string, limit: string): string => `${name} ${value}, over ${limit}.`,
  note: {
    'double-claim': 'Another process reports one of its shards, too.',
    'snapshot-too-large': 'Its last report was too long to read.',
    'two-senders': 'Two processes report under its identity.',
    'two-addresses': 'Its reports come from two addresses in turns.',
  },
  full: 'This bound is reached, and what is new is refused. Ban and forget what is not yours, or raise it.',
  stopped: (clock: string): string => `Stopped on purpose at ${clock}`,
  stoppedSome: (clusters: number, clock: string): string =>
    `${many(clusters, 'cluster')} stopped on purpose at ${clock}.`,
} as const;

export const verdict = {
  none: 'Nothing has reported yet',
  clusters: (n: number): string => `${many(n, 'cluster')} ${are(n)} down`,
  shards: (n: number, of: number): string => `${counted(n)} of ${many(of, 'shard')} ${are(n)} not working`,
  missing: (n: number): string => `${many(n, 'shard')} ${are(n)} not reported`,
  look: (things: number): string =>
    `Nothing is down. ${many(things, 'thing')} ${things === 1 ? 'needs' : 'need'} a look`,
  changing: (shards: number): string =>
    `Nothing is wrong. ${many(shards, 'shard')} ${are(shards)} restarting`,
  unknown: (shards: number): string =>
    `Nothing is wrong. ${many(shards, 'shard')} ${are(shards)} not reported yet`,
  up: (clusters: number, shards: number): string => {
    const both = [clusters && many(clusters, 'cluster'), many(shards, 'shard')].filter(Boolean);
    return `All ${both.join(' and ')} are up`;
  },
  upAndStopped: (shards: number, stopped: string): string =>
    `${many(shards, 'shard')} ${are(shards)} up, ${stopped}`,
  stopped: (n: number, what: string): string => `${many(n, what)} stopped on purpose`,
  fine: 'All up',
  since: (clock: string, duration: string): string => `since ${clock} (${duration})`,
  lastEnd: (ago: string): string => `The last incident ended ${ago}.`,
  start: 'Connect the first bot',
} as const;
