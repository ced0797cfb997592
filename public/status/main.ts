// Makes the server's page live: reads it, opens the socket, and tells each part what changed.
import type { LiveFrame, PublicView } from '../shared/wire.js';
import { drawConnection } from './connection.js';
import { drawChanges, drawFreshness, drawSummary, regroup } from './draw.js';
import { noteDrawn } from './drawn.js';
import { applyFrame } from './frames.js';
import { Grid, type Place } from './grid.js';
import { drawLatest } from './latest.js';
import { keepLookup } from './languages.js';
import { drawLists, showViewSwitch } from './list.js';
import { Live, type Link } from './live.js';
import { Lookup } from './lookup.js';
import { readersVoice, type Page } from './page.js';
import { readPacked, readView } from './read.js';
import { keepOnlyShards, keepPacked } from './only-shard.js';
import { showThemeSwitch } from './theme-switch.js';
import { drawVerdict, keepLostIcon, makeRoom } from './verdict.js';

const TICK_MS = 1_000;
/** Not among the requests of the first load. */
const ICON_AFTER_MS = 5_000;

/** Holds the page together: what comes in, what ticks, and who is told. */
class LivePage {
  readonly #page: Page;
  readonly #lookup: Lookup;
  readonly #grid: Grid;
  readonly #live: Live;
  /** What has come of a change that comes in pieces. */
  #coming: PublicView | null = null;
  /** How far the server's clock is ahead of the reader's. */
  #aheadMs: number;

  constructor() {
    const packed = readPacked();
    const view = readView(packed);
    keepPacked(packed, view);
    this.#aheadMs = view.at - Date.now();
    const now = (): number => Date.now() + this.#aheadMs;
    this.#page = { view, link: 'connecting', freshAt: view.at, now, voice: readersVoice() };
    showThemeSwitch();
    keepLookup();
    toLocalTime(this.#page);
    view.bots.forEach(noteDrawn);
    this.#lookup = new Lookup(this.#page, (bot, shard) => this.#grid.reveal(bot, shard));
    this.#grid = new Grid(this.#page);
    this.#live = new Live({
      resume: () => this.#page.view,
      receive: (frame) => this.#receive(frame),
      renew: (view) => this.#renew(view),
      tell: (link) => this.#tell(link),
    });
  }

  start(): void {
    const page = this.#page;
    showViewSwitch(() => this.#settle());
    drawLists(page);
    setTimeout(keepLostIcon, ICON_AFTER_MS);
    this.#live.open();
    setInterval(() => {
      this.#live.watch();
      if (page.link !== 'live') drawConnection(page);
      this.#tick();
      this.#settle();
    }, TICK_MS);
  }

  #receive(frame: LiveFrame): boolean {
    const next = applyFrame({ view: this.#page.view, coming: this.#coming }, frame);
    this.#coming = next === 'gap' ? null : next.coming;
    if (next === 'gap') return false;
    if (frame.op !== 'snapshot') this.#aheadMs = frame.at - Date.now();
    if (next.view !== this.#page.view) this.#change(next.view);
    return true;
  }

  #renew(view: PublicView): void {
    this.#coming = null;
    this.#change(view);
  }

  #change(next: PublicView): void {
    const page = this.#page;
    const before = page.view;
    page.view = next;
    page.freshAt = page.now();
    const { focused } = this.#grid;
    if (drawChanges(before, page)) {
      makeRoom(page);
      this.#renewed(focused);
    }
    if (before.version !== next.version) drawVerdict(page);
    this.#grid.narrow();
    this.#tick();
  }

  #tell(link: Link): void {
    const page = this.#page;
    page.link = link;
    if (link === 'live') page.freshAt = page.now();
    drawConnection(page);
    drawVerdict(page);
    drawFreshness(page);
  }

  #tick(): void {
    drawFreshness(this.#page);
    drawLatest(this.#page);
    this.#lookup.refresh();
    this.#grid.refresh();
  }

  /** What may come a second late: it moves things, or is for reading. */
  #settle(): void {
    this.#lookup.keepDetails();
    keepOnlyShards(this.#page);
    const { focused } = this.#grid;
    if (regroup(this.#page)) this.#renewed(focused);
    drawVerdict(this.#page);
    drawLists(this.#page);
  }

  /** Tiles are new ones: mark, tab stop and focus go to those that took their places. */
  #renewed(focused: Place | null): void {
    this.#lookup.renew();
    this.#grid.arm();
    this.#grid.refocus(focused);
  }
}

/** The server wrote UTC; readers get their own clock. */
function toLocalTime(page: Page): void {
  drawVerdict(page);
  drawConnection(page);
  for (const bot of page.view.bots) drawSummary(bot, page);
  drawLatest(page);
}

new LivePage().start();
