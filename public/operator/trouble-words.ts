// What the operator view says is wrong, each as a sentence.
import type { TroubleKind } from '../shared/trouble.js';
import { many } from './count.js';

const WRONG: Partial<Record<TroubleKind, string>> = {
  'shards-down': 'not working',
  'shards-missing': 'not reported',
  'double-claim': 'reported by two senders',
};

export const trouble = {
  down: 'Down.',
  /** "2 of 16 shards are not working." */
  shards: (kind: TroubleKind, n: number, of: number): string =>
    `${of === 1 ? 'Its only shard' : `${n} of ${many(of, 'shard')}`} ${n === 1 ? 'is' : 'are'} ${WRONG[kind]}.`,
  which: (ranges: string): string =>
    `${/^\d+$/.test(ranges) ? 'shard' : 'shards'} ${ranges.replaceAll('-', '–').replaceAll(',', ', ')}`,
  value: (name: string, isBad: boolean, value: string): string =>
    `${name} is ${isBad ? 'bad' : 'high'}: ${value}.`,
  note: {
    'double-claim': 'Another process reports one of its shards, too.',
    'snapshot-too-large': 'Its last report was too long to read.',
    'two-senders': 'Two processes report under its identity.',
    'two-addresses': 'Its reports come from two addresses in turns.',
  },
  /** What to do about it. */
  advice: {
    'double-claim': 'Two processes may be running the same shards.',
    'snapshot-too-large':
      'So we only know that it is alive. Raise SHARDLIGHT_MAX_BODY_BYTES, or send fewer metrics.',
    'two-senders': 'Each overwrites what the other says. Give each an identity of its own.',
    'two-addresses': 'Two processes may share one identity.',
  },
  stopped: (clock: string): string => `Stopped on purpose at ${clock}`,
  stoppedSome: (clusters: number, clock: string): string =>
    `${many(clusters, 'cluster')} stopped on purpose at ${clock}.`,
} as const;

export const verdict = {
  none: 'Nothing has reported yet',
  down: (clusters: number, shards: number, missing: number): string =>
    [
      ...(clusters > 0 ? [`${many(clusters, 'cluster')} down`] : []),
      ...(shards > 0 ? [`${many(shards, 'shard')} not working`] : []),
      ...(missing > 0 ? [`${many(missing, 'shard')} not reported`] : []),
    ].join(', '),
  look: (things: number): string => `${many(things, 'thing')} to look at`,
  changing: (shards: number): string => `${many(shards, 'shard')} restarting`,
  unknown: (shards: number): string => `${many(shards, 'shard')} not reported yet`,
  notDown: (what: string): string => `Nothing is down. ${what}.`,
  notWrong: (what: string): string => `Nothing is wrong. ${what}.`,
  up: (clusters: number, shards: number): string =>
    clusters > 0
      ? `All ${many(clusters, 'cluster')} and ${many(shards, 'shard')} are up.`
      : `All ${many(shards, 'shard')} are up.`,
  upAndStopped: (shards: number, stopped: string): string => `${many(shards, 'shard')} up, ${stopped}.`,
  stopped: (n: number, what: string): string => `${many(n, what)} stopped on purpose`,
  fine: 'All up',
  sentence: (what: string): string => `${what}.`,
  since: (clock: string, duration: string): string => `Since ${clock} (${duration})`,
  start: 'Connect the first bot',
} as const;
