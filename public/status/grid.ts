// The grid under the hands: one tab stop per bot, arrows, Home and End move, Enter asks for more, Esc closes.
import { shownStates } from '../shared/counts.js';
import type { ShardView } from '../shared/wire.js';
import { fetchShard, withDetails } from './details.js';
import { tilesOfBot, unfold } from './drawn.js';
import { Filter } from './filter.js';
import { nextPlace } from './keys.js';
import type { Page } from './page.js';
import { shardOfTile } from './read.js';
import { rowOf, shapeOf, tilesInOrder } from './shape.js';
import { TileDetail } from './tile-detail.js';

export interface Place {
  bot: string;
  shard: number;
  tile: HTMLElement;
}

export class Grid {
  readonly #page: Page;
  readonly #detail = new TileDetail();
  readonly #filter = new Filter(() => this.arm());
  /** The one tile per bot that Tab leads to. */
  readonly #stops = new Map<string, HTMLElement>();
  #place: Place | null = null;
  #fetched: ShardView | null = null;
  #pointerAt = '';

  constructor(page: Page) {
    this.#page = page;
    const bots = document.querySelector<HTMLElement>('#bots')!;
    bots.addEventListener('keydown', (event) => this.#key(event));
    bots.addEventListener('focusin', ({ target }) => this.#focus(target));
    bots.addEventListener('focusout', () => this.#detail.isHovered || this.close());
    bots.addEventListener('click', ({ target }) => void this.#open(target));
    bots.addEventListener('pointerover', (event) => this.#isAtRest(event) || this.#show(event.target));
    bots.addEventListener('toggle', () => this.arm(), true);
    addEventListener('pointerover', (event) => this.#isAtRest(event) || this.#leave(event.target));
    addEventListener('pointermove', (event) => (this.#pointerAt = placeOf(event)));
    addEventListener('keydown', ({ key }) => key === 'Escape' && this.#escape());
    this.arm();
  }

  /** Sections may be new, or tiles hidden: each grid gets its tab stop again. */
  arm(): void {
    this.#filter.apply(this.#page.view);
    for (const { key } of this.#page.view.bots) {
      const stop = this.#stops.get(key);
      if (!stop?.isConnected || !isShown(stop)) this.#stopAt(key, this.#matches(key)[0]);
    }
    this.refresh();
  }

  /** Shards may have come to match a filter that is on, or ceased to. */
  narrow(): void {
    if (this.#filter.isOn) this.arm();
  }

  /** The view changed: so may what the open detail says. */
  refresh(): void {
    if (this.#place && !this.#place.tile.isConnected) this.close();
    if (this.#place) this.#draw(this.#place);
  }

  close(): void {
    this.#place = null;
    this.#fetched = null;
    this.#detail.hide();
  }

  /**
   * The grid was drawn anew under the focus: give it back, or to the last tile where that shard is gone. To be called
   * with what `focused` said before.
   */
  refocus(place: Place | null): void {
    const tiles = place ? tilesOfBot(place.bot) : [];
    const tile = tiles[place?.shard ?? 0] ?? tiles.at(-1);
    if (tile && tile !== document.activeElement && isShown(tile)) this.#roveTo(tile);
  }

  /** Leads to a tile, whatever it is folded into or hidden by. */
  reveal(bot: string, shard: number): void {
    const tile = tilesOfBot(bot)[shard];
    if (!tile) return;
    unfold(tile);
    if (!isShown(tile)) this.#filter.clear(this.#page.view);
    this.#roveTo(tile, true);
  }

  get focused(): Place | null {
    return this.#placeOf(document.activeElement);
  }

  #escape(): void {
    if (this.#place) this.close();
    else this.#filter.clear(this.#page.view);
  }

  /** The page moved under a pointer that rests, or a detail made room for the tile it covered: nobody pointed at that. */
  #isAtRest(event: PointerEvent): boolean {
    return placeOf(event) === this.#pointerAt;
  }

  #placeOf(target: EventTarget | null): Place | null {
    const tile = target instanceof Element ? target.closest<HTMLLIElement>('.tiles > li') : null;
    const bot = tile?.closest<HTMLElement>('[data-bot]')?.dataset.bot;
    return tile && bot !== undefined ? { bot, tile, shard: shardOfTile(tile) } : null;
  }

  #show(target: EventTarget | null): void {
    const place = this.#placeOf(target);
    if (!place || place.tile === this.#place?.tile) return;
    this.#fetched = null;
    this.#place = place;
    this.#draw(place);
  }

  #draw({ bot: key, shard, tile }: Place): void {
    const { view, voice, now } = this.#page;
    const bot = view.bots.find((candidate) => candidate.key === key);
    if (bot) this.#detail.show(tile, withDetails(bot, shard, this.#fetched), now(), voice);
  }

  async #open(target: EventTarget | null): Promise<void> {
    const place = this.#placeOf(target);
    if (!place) return;
    this.#roveTo(place.tile);
    this.#show(place.tile);
    const fetched = await fetchShard(place.bot, place.shard);
    if (this.#place?.tile !== place.tile) return;
    this.#fetched = fetched;
    this.#draw(place);
  }

  /** The pointer may wander onto the detail itself; anywhere else closes it, unless the tile has the focus. */
  #leave(target: EventTarget | null): void {
    const tile = this.#place?.tile;
    if (!tile || tile === document.activeElement) return;
    if (target instanceof Node && (tile.contains(target) || this.#detail.holds(target))) return;
    this.close();
  }

  #focus(target: EventTarget | null): void {
    const place = this.#placeOf(target);
    if (!place) return;
    this.#stopAt(place.bot, place.tile);
    this.#show(place.tile);
  }

  #stopAt(bot: string, tile: HTMLElement | undefined): void {
    const old = this.#stops.get(bot);
    if (old && old !== tile) old.tabIndex = -1;
    if (!tile) return void this.#stops.delete(bot);
    tile.tabIndex = 0;
    this.#stops.set(bot, tile);
  }

  #key(event: KeyboardEvent): void {
    const place = this.#placeOf(event.target);
    if (!place || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ' ') void this.#open(place.tile);
    else if (!this.#move(event.key, place)) return;
    event.preventDefault();
  }

  #move(key: string, { bot, tile }: Place): boolean {
    const tiles = this.#matches(bot);
    const shape = this.#filter.onlyOf(bot) === undefined ? shapeOf(bot) : rowOf(tiles.length);
    const next = nextPlace(key, tiles.indexOf(tile), shape);
    const target = next === undefined ? undefined : tiles[next];
    if (target) this.#roveTo(target);
    return target !== undefined;
  }

  /** With a filter on, only the tiles in sight. */
  #matches(bot: string): HTMLElement[] {
    const view = this.#page.view.bots.find(({ key }) => key === bot)!;
    return tilesInOrder(bot, shownStates(view), this.#filter.onlyOf(bot));
  }

  #roveTo(tile: HTMLElement, preventScroll = false): void {
    if (tile.tabIndex !== 0) tile.tabIndex = -1;
    tile.focus({ preventScroll });
  }
}

const placeOf = ({ clientX, clientY }: PointerEvent): string => `${clientX},${clientY}`;

/** Style hides what a filter leaves out, and a fold what is in it. */
const isShown = (tile: HTMLElement): boolean => {
  if (tile.closest('details:not([open])')) return false;
  const only = tile.closest<HTMLElement>('[data-only]')?.dataset.only;
  return only === undefined || tile.classList.contains(only);
};
