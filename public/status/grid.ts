// The grid under the hands: one tab stop per bot, arrows, Home and End move, Enter asks for more, Esc closes.
import type { ShardView } from '../shared/wire.js';
import { fetchShard, withDetails } from './details.js';
import { tilesOfBot } from './draw.js';
import { nextShard } from './keys.js';
import type { Page } from './page.js';
import { TileDetail } from './tile-detail.js';

interface Place {
  bot: string;
  shard: number;
  tile: HTMLElement;
}

export class Grid {
  readonly #page: Page;
  readonly #detail = new TileDetail();
  #place: Place | null = null;
  #fetched: ShardView | null = null;

  constructor(page: Page) {
    this.#page = page;
    const bots = document.querySelector<HTMLElement>('#bots')!;
    bots.addEventListener('keydown', (event) => this.#key(event));
    bots.addEventListener('focusin', ({ target }) => this.#focus(target));
    bots.addEventListener('focusout', () => this.close());
    bots.addEventListener('click', ({ target }) => void this.#open(target));
    bots.addEventListener('pointerover', ({ target }) => this.#show(target));
    addEventListener('pointerover', ({ target }) => this.#leave(target));
    addEventListener('keydown', ({ key }) => key === 'Escape' && this.close());
    this.arm();
  }

  /** Gives each grid that has none its tab stop. */
  arm(): void {
    for (const { key } of this.#page.view.bots) {
      const tiles = tilesOfBot(key);
      if (tiles[0] && !tiles.some((tile) => tile.tabIndex === 0)) tiles[0].tabIndex = 0;
    }
    this.refresh();
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

  #placeOf(target: EventTarget | null): Place | null {
    const tile = target instanceof Element ? target.closest<HTMLLIElement>('.tiles > li') : null;
    const bot = tile?.closest<HTMLElement>('[data-bot]')?.dataset.bot;
    // The tile's own number is its place in the bot's list.
    return tile && bot !== undefined ? { bot, tile, shard: Number.parseInt(tile.textContent, 10) } : null;
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
    for (const other of tilesOfBot(place.bot)) if (other.tabIndex === 0) other.tabIndex = -1;
    place.tile.tabIndex = 0;
    this.#show(place.tile);
  }

  #key(event: KeyboardEvent): void {
    const place = this.#placeOf(event.target);
    if (!place || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ' ') void this.#open(place.tile);
    else if (!this.#move(event.key, place)) return;
    event.preventDefault();
  }

  #move(key: string, { bot, shard, tile }: Place): boolean {
    const tiles = tilesOfBot(bot);
    const next = nextShard(key, shard, columnsOf(tile), tiles.length);
    const target = next === undefined ? undefined : tiles[next];
    if (target) this.#roveTo(target);
    return target !== undefined;
  }

  #roveTo(tile: HTMLElement): void {
    if (tile.tabIndex !== 0) tile.tabIndex = -1;
    tile.focus();
  }
}

/** Asked of the focused tile's own list, which is on screen: others may be skipped by the browser. */
const columnsOf = (tile: HTMLElement): number =>
  getComputedStyle(tile.parentElement!).gridTemplateColumns.split(' ').length;
