// Which shards stand together in the grid: under the name of their cluster, by lowest shard, the rest last.
import { formatRanges, readRanges } from './ranges.js';
import { groupOf, ONLINE, type Group } from './states.js';
import type { Voice } from './voice.js';
import type { BotView } from './wire.js';

/** Ids ascend. A group without a name holds shards that no cluster lists. */
export interface ShardGroup {
  name: string | null;
  ids: number[];
}

/** Every shard of a bot once: clusters may for a moment list the same one, then the first has it. */
export function groupsOf({ clusters, states }: Pick<BotView, 'clusters' | 'states'>): ShardGroup[] {
  const taken = new Uint8Array(states.length);
  const take = (id: number): boolean => {
    const isFree = taken[id] === 0;
    taken[id] = 1;
    return isFree;
  };
  const groups: ShardGroup[] = clusters
    .map(({ name, shards }) => ({ name, ids: [...readRanges(shards)].filter(take) }))
    .sort((a, b) => (a.ids[0] ?? 0) - (b.ids[0] ?? 0));
  const rest = Array.from(states, (_, id) => id).filter(take);
  return [...groups, { name: null, ids: rest }].filter(({ ids }) => ids.length > 0);
}

export interface GroupHealth {
  group: Group;
  online: number;
}

/** The worst state a cluster's shards are in, and how many of them are online. */
export function healthOf(ids: number[], shown: string): GroupHealth {
  const seen = new Set(ids.map((id) => groupOf[Number(shown[id])]!));
  const worst = (['down', 'degraded', 'unknown', 'changing', 'stopped'] as const).find((group) =>
    seen.has(group),
  );
  const online = ids.reduce((sum, id) => sum + (Number(shown[id]) === ONLINE ? 1 : 0), 0);
  return { group: worst ?? 'up', online };
}

/** "14 of 16 online"; while all that is wrong will pass by itself, "restarting, 14 of 16 online"; "Stopped on purpose". */
export function healthLine({ group, online }: GroupHealth, n: number, { say, count }: Voice): string {
  if (group === 'stopped' && online === 0) return say('state.stopped');
  return say(group === 'changing' ? 'cluster.restarting' : 'cluster.online', {
    online: count(online),
    total: count(n),
  });
}

const SHOWN_RANGES = 3; // more would not be read in a heading

/** "0–15", or of many ranges the first: "0, 224, 448…" */
export function rangeLine(ids: number[]): string {
  const ranges = formatRanges(ids).replaceAll('-', '–').split(',');
  return ranges.slice(0, SHOWN_RANGES).join(', ') + (ranges.length > SHOWN_RANGES ? '…' : '');
}
