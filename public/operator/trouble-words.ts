// What the operator view says is wrong, each as a sentence.
import { many } from './count.js';

/** "2 of 16 shards are …" */
const some = (n: number, of: number, one: string, others: string): string =>
  of === 1 ? `Its only shard ${one}.` : `${n} of ${many(of, 'shard')} ${n === 1 ? one : others}.`;

export const trouble = {
  down: 'Down.',
  shardsDown: (n: number, of: number): string => some(n, of, 'is not working', 'are not working'),
  missing: (n: number, of: number): string => some(n, of, 'has not reported', 'have not reported'),
  doubled: (n: number, of: number): string =>
    some(n, of, 'is reported by two senders', 'are reported by two senders'),
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
  lookSentence: (things: number): string =>
    `Nothing is down, but ${many(things, 'thing')} ${things === 1 ? 'needs' : 'need'} a look.`,
  changing: (shards: number): string => `${many(shards, 'shard')} restarting`,
  unknown: (shards: number): string => `${many(shards, 'shard')} not reported yet`,
  well: (what: string): string => `Nothing is wrong. ${what}.`,
  up: (clusters: number, shards: number): string =>
    clusters > 0
      ? `All ${many(clusters, 'cluster')} and ${many(shards, 'shard')} are up.`
      : `All ${many(shards, 'shard')} are up.`,
  upAndStopped: (shards: number, stopped: string): string => `${many(shards, 'shard')} up, ${stopped}.`,
  stoppedShards: (shards: number): string => `${many(shards, 'shard')} stopped on purpose`,
  stoppedClusters: (clusters: number): string => `${many(clusters, 'cluster')} stopped on purpose`,
  fine: 'All up',
  sentence: (what: string): string => `${what}.`,
  since: (clock: string, duration: string): string => `Since ${clock} (${duration})`,
  start: 'Connect the first bot',
} as const;
