// The small box beside a tile: which shard, what state, since when, where; for hover, focus and tap.
import { factsOf } from '../shared/answer.js';
import { escapeHtml } from '../shared/escape.js';
import { shownNameOf } from '../shared/shard.js';
import { escapedSay, type Voice } from '../shared/voice.js';
import type { ShardView } from '../shared/wire.js';
import { fill } from './fill.js';

const GAP = 6;

export class TileDetail {
  readonly #box = document.createElement('div');
  #tile: HTMLElement | null = null;

  constructor() {
    this.#box.id = 'detail';
    this.#box.className = 'detail';
    this.#box.role = 'tooltip';
    this.#box.hidden = true;
    document.querySelector('main')!.append(this.#box);
  }

  /** Then it stays, whatever has the focus: its text can be read at leisure, and selected. */
  get isHovered(): boolean {
    return this.#box.matches(':hover');
  }

  holds(target: EventTarget | null): boolean {
    return target instanceof Node && this.#box.contains(target);
  }

  show(tile: HTMLElement, shard: ShardView, now: number, voice: Voice): void {
    fill(this.#box, detailHtml(shard, now, voice));
    this.#box.hidden = false;
    if (tile === this.#tile) return;
    this.#tile?.removeAttribute('aria-describedby');
    tile.setAttribute('aria-describedby', this.#box.id);
    this.#tile = tile;
    this.#place(tile.getBoundingClientRect());
  }

  hide(): void {
    this.#tile?.removeAttribute('aria-describedby');
    this.#tile = null;
    this.#box.hidden = true;
  }

  /** Below the tile, or above it where there is no room; never over an edge of the window. */
  #place(tile: DOMRect): void {
    const { offsetWidth: width, offsetHeight: height } = this.#box;
    const { clientWidth, clientHeight } = document.documentElement;
    const left = Math.max(GAP, Math.min(tile.left + tile.width / 2 - width / 2, clientWidth - width - GAP));
    const below = tile.bottom + GAP;
    const top = below + height > clientHeight ? tile.top - GAP - height : below;
    this.#box.style.left = `${left + scrollX}px`;
    this.#box.style.top = `${top + scrollY}px`;
  }
}

function detailHtml(shard: ShardView, now: number, voice: Voice): string {
  const state = shownNameOf(shard);
  const say = escapedSay(voice);
  const facts = factsOf(shard, now, voice).map((fact) => `<p>${escapeHtml(fact)}</p>`);
  return `<p><strong>${say('grid.shard', { shard: `${shard.shard}` })}</strong></p>
<p><span class="swatch ${state}"></span> ${escapeHtml(stateLine(shard, now, voice))}</p>${facts.join('')}`;
}

/** "Offline since 14:02 (2 minutes)" */
function stateLine(shard: ShardView, now: number, voice: Voice): string {
  const { since: at } = shard;
  const state = shownNameOf(shard);
  const word = voice.say(`state.${state}`);
  if (at === null || state === 'online') return word;
  const since = voice.clock(at, now);
  if (state === 'stopped') return voice.say('grid.stopped', { since });
  return `${word} ${voice.say('grid.since', { since, duration: voice.duration(now - at) })}`;
}
