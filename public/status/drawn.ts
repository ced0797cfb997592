// What of a bot stands on the page: its tiles by shard, and its groups with their headings, in the order of the page.
import { shownStates } from '../shared/counts.js';
import { headState, keyOf, type Standing } from '../shared/grid.js';
import type { Voice } from '../shared/voice.js';
import type { BotView, ClusterView } from '../shared/wire.js';
import { sectionOf, shardOfTile, tilesById, tilesIn } from './read.js';

export interface DrawnGroup {
  /** A cluster, or a list without a heading. */
  box: HTMLElement;
  tiles: HTMLLIElement[];
  ids: number[];
}

export interface Drawn {
  /** By shard id. */
  tiles: HTMLLIElement[];
  groups: DrawnGroup[];
  /** As they stand on the page, which may be a second behind the view. */
  clusters: ClusterView[];
  groupAt: Map<number, DrawnGroup>;
}

const drawnByBot = new Map<string, Drawn>();

/** The tiles of a bot by shard id; empty for a bot without a grid. */
export const tilesOfBot = (key: string): HTMLLIElement[] => drawnByBot.get(key)?.tiles ?? [];

export const drawnOf = (key: string): Drawn | undefined => drawnByBot.get(key);

/** To be called after a section or its grid was drawn from this bot. */
export function noteDrawn({ key, clusters }: BotView): void {
  const grid = sectionOf(key)?.querySelector('.grid');
  if (!grid) return void drawnByBot.delete(key);
  const boxes = [...grid.querySelectorAll<HTMLElement>('.cluster, .grid > .tiles')];
  const groups = boxes.map((box) => {
    const tiles = tilesIn(box);
    return { box, tiles, ids: tiles.map(shardOfTile) };
  });
  const groupAt = new Map(groups.flatMap((group) => group.ids.map((id) => [id, group] as const)));
  drawnByBot.set(key, {
    tiles: tilesById(groups.flatMap(({ tiles }) => tiles)),
    groups,
    clusters,
    groupAt,
  });
}

/** The fold that a group is; null for one that always stands open. */
export const foldOf = ({ box }: DrawnGroup): HTMLDetailsElement | null =>
  box instanceof HTMLDetailsElement ? box : null;

/** Whether its tiles are in sight, or would be if the page was scrolled to them. */
export const isOpen = (group: DrawnGroup): boolean => foldOf(group)?.open !== false;

/** Opens whatever the tile is folded into. */
export function unfold(tile: Element): void {
  for (let fold = tile.closest('details'); fold; fold = fold.parentElement!.closest('details'))
    fold.open = true;
}

/** What the headings of the groups of these shards say now. */
export function drawHeads(ids: number[], bot: BotView, voice: Voice): void {
  const drawn = drawnByBot.get(bot.key)!;
  const shown = shownStates(bot);
  for (const group of new Set(ids.map((id) => drawn.groupAt.get(id)!))) {
    const name = group.box.querySelector('h3 > b');
    if (!name) continue;
    const cluster = { name: nameOf(group, drawn.clusters), ids: group.ids };
    name.parentElement!.innerHTML = `${name.outerHTML} ${headState(cluster, shown, voice)}`;
  }
}

/** Null for shards that no cluster lists: their heading is which ones they are. */
function nameOf({ box }: DrawnGroup, clusters: ClusterView[]): string | null {
  const heading = box.querySelector('h3 > b')?.textContent ?? null;
  return clusters.some(({ name }) => name === heading) ? heading : null;
}

/** Whether the groups on the page are not those of the view. Clusters that restart often come back as they were. */
export function isMoved({ key, clusters }: BotView): boolean {
  const drawn = drawnByBot.get(key);
  if (!drawn || drawn.clusters === clusters) return false;
  if (JSON.stringify(drawn.clusters) !== JSON.stringify(clusters)) return true;
  drawn.clusters = clusters;
  return false;
}

/** How the groups of a bot stand, so that the grid can be drawn anew without folding or moving any. */
export function standingOf(key: string): Standing {
  const { groups, clusters } = drawnByBot.get(key)!;
  const keys = (some: DrawnGroup[]): Set<string> =>
    new Set(some.map((group) => keyOf({ name: nameOf(group, clusters), ids: group.ids })));
  return {
    first: keys(groups.filter((group) => !foldOf(group))),
    open: keys(groups.filter((group) => foldOf(group)?.open)),
  };
}
