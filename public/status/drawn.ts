// What of a bot stands on the page: its tiles by shard, and its clusters with their headings.
import { shownStates } from '../shared/counts.js';
import { groupsOf, type ShardGroup } from '../shared/groups.js';
import { headText } from '../shared/tile.js';
import type { Voice } from '../shared/voice.js';
import type { BotView, ClusterView } from '../shared/wire.js';
import { sectionOf, tilesOf } from './read.js';

export interface Drawn {
  /** By shard id. */
  tiles: HTMLLIElement[];
  /** As they stand on the page, which may be a second behind the view. */
  groups: ShardGroup[];
  clusters: ClusterView[];
  /** The headings of the groups that have a name. */
  heads: HTMLElement[];
  groupAt: Map<number, number>;
}

const drawnByBot = new Map<string, Drawn>();

/** The tiles of a bot by shard id; empty for a bot that is not on the page. */
export const tilesOfBot = (key: string): HTMLLIElement[] => drawnByBot.get(key)?.tiles ?? [];

export const drawnOf = (key: string): Drawn | undefined => drawnByBot.get(key);

/** To be called after a section or its grid was drawn from this bot. */
export function noteDrawn(bot: BotView): void {
  const section = sectionOf(bot.key);
  if (!section) return void drawnByBot.delete(bot.key);
  const groups = groupsOf(bot);
  const groupAt = new Map(groups.flatMap(({ ids }, group) => ids.map((id) => [id, group] as const)));
  const heads = [...section.querySelectorAll<HTMLElement>('.cluster > h3')];
  drawnByBot.set(bot.key, { tiles: tilesOf(section), groups, clusters: bot.clusters, heads, groupAt });
}

/** What the headings of the clusters of these shards say now. */
export function drawHeads(ids: number[], bot: BotView, voice: Voice): void {
  const { groups, groupAt, heads } = drawnByBot.get(bot.key)!;
  const shown = shownStates(bot);
  for (const group of new Set(ids.map((id) => groupAt.get(id)!))) {
    const head = heads[group];
    if (head) head.innerHTML = headText(groups[group]!, shown, voice);
  }
}

/** Whether the groups on the page are not those of the view. Clusters that restart often come back as they were. */
export function isMoved({ key, clusters }: BotView): boolean {
  const drawn = drawnByBot.get(key);
  if (!drawn || drawn.clusters === clusters) return false;
  if (JSON.stringify(drawn.clusters) !== JSON.stringify(clusters)) return true;
  drawn.clusters = clusters;
  return false;
}
