// The small box beside a tile: which shard, what state, since when, where; for hover, focus and tap.
import { html, render } from 'htm/preact';
import { factsOf } from '../shared/answer.js';
import type { Voice } from '../shared/voice.js';
import type { ShardView } from '../shared/wire.js';

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

  get tile(): HTMLElement | null {
    return this.#tile;
  }

  holds(target: EventTarget | null): boolean {
    return target instanceof Node && this.#box.contains(target);
  }

  show(tile: HTMLElement, shard: ShardView, now: number, voice: Voice): void {
    render(detailTree(shard, now, voice), this.#box);
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

function detailTree(shard: ShardView, now: number, voice: Voice): ReturnType<typeof html> {
  const { say } = voice;
  const { state, since } = shard;
  const lasting =
    since === null || state === 'online'
      ? null
      : say('grid.since', { since: voice.clock(since, now), duration: voice.duration(now - since) });
  return html`<p><strong>${say('grid.shard', { shard: `${shard.shard}` })}</strong></p>
    <p><span class="swatch ${state}"></span> ${say(`state.${state}`)} ${lasting}</p>
    ${factsOf(shard, now, voice).map((fact) => html`<p>${fact}</p>`)}`;
}
