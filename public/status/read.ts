// Reads the view back out of the server's HTML: the tiles are the states, the rest stands in a data block.
import { unpackView, type PackedView } from '../shared/page-data.js';
import { shownOf } from '../shared/states.js';
import type { PublicView } from '../shared/wire.js';

export function readView(): PublicView {
  const { version, epoch, at } = document.documentElement.dataset;
  const packed = JSON.parse(document.querySelector('#view')!.textContent) as PackedView;
  return unpackView(packed, { version: Number(version), epoch: epoch ?? '', at: Number(at) }, statesOf);
}

export const sectionOf = (key: string): HTMLElement | null =>
  document.querySelector<HTMLElement>(`.bot[data-bot="${CSS.escape(key)}"]`);

/** The tiles by shard id: clusters may stand in another order. */
export function tilesOf(section: HTMLElement): HTMLLIElement[] {
  const tiles: HTMLLIElement[] = [];
  for (const tile of section.querySelectorAll<HTMLLIElement>('.tiles > li')) tiles[shardOfTile(tile)] = tile;
  return tiles;
}

/** The tile's number is its shard. */
export const shardOfTile = (tile: Element): number => Number.parseInt(tile.firstChild!.nodeValue!, 10);

function statesOf(key: string): string {
  const section = sectionOf(key);
  return section ? tilesOf(section).map(stateOfTile).join('') : '';
}

/** The state is the tile's first class. */
const stateOfTile = (tile: HTMLLIElement): number => shownOf(tile.classList[0]) ?? 0;
