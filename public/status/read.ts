// Reads the view back out of the server's HTML: the tiles are the states, the rest stands in a data block.
import { unpackView, type PackedView } from '../shared/page-data.js';
import { shownOf } from '../shared/states.js';
import type { PublicView } from '../shared/wire.js';

export const readPacked = (): PackedView =>
  JSON.parse(document.querySelector('#view')!.textContent) as PackedView;

export function readView(packed: PackedView): PublicView {
  const { version, epoch, at } = document.documentElement.dataset;
  return unpackView(packed, { version: Number(version), epoch: epoch ?? '', at: Number(at) }, statesOf);
}

export const sectionOf = (key: string): HTMLElement | null =>
  document.querySelector<HTMLElement>(`.bot[data-bot="${CSS.escape(key)}"]`);

/** The tiles in an element, in the order of the page. */
export const tilesIn = (element: Element): HTMLLIElement[] =>
  element.matches('.tiles')
    ? ([...element.children] as HTMLLIElement[])
    : [...element.querySelectorAll<HTMLLIElement>('.tiles > li')];

/** By shard id: clusters may stand in another order. */
export function tilesById(tiles: HTMLLIElement[]): HTMLLIElement[] {
  const byId: HTMLLIElement[] = [];
  for (const tile of tiles) byId[shardOfTile(tile)] = tile;
  return byId;
}

/** The tile's number is its shard, whatever a browser that translates puts around it. */
export const shardOfTile = (tile: Element): number => Number.parseInt(tile.textContent, 10);

function statesOf(key: string): string {
  const section = sectionOf(key);
  return section ? tilesById(tilesIn(section)).map(stateOfTile).join('') : '';
}

/** The state is the tile's first class. */
const stateOfTile = (tile: HTMLLIElement): number => shownOf(tile.classList[0]) ?? 0;
