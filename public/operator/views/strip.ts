// Every shard of a bot in one low picture: a canvas, since there may be 16,384 of them, and the same in words beside it.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { groupOf, isNotWorking, nameOf, OFFLINE, STOPPED, type State } from '../../shared/states.js';
import { shardHref } from '../place.js';
import { groupsOf, layoutOf, runsOf, shardAt, stripText, type Group, type Layout } from '../strip.js';
import { words } from '../words.js';
import { swatch } from './parts.js';

export interface StripProps {
  bot: string;
  name: string;
  states: string;
  /** How many shards the largest strip beside it has. */
  most: number;
  open: (shard: number) => void;
}

export function Strip({ bot, name, states, most, open }: StripProps): VNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [pointed, setPointed] = useState<number | undefined>(undefined);
  const layout = layoutOf(states.length, Math.max(width, 1), most);
  const colours = stateColours();
  const scale = devicePixelRatio;
  useLayoutEffect(() => {
    const host = canvas.current!.parentElement!;
    const observer = new ResizeObserver(() => setWidth(Math.floor(host.clientWidth)));
    observer.observe(host);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (width > 0) draw(canvas.current!, states, layout, colours, scale);
  }, [states, width, most, colours.join(), scale]);
  const place = ({ offsetX, offsetY }: MouseEvent): number | undefined =>
    shardAt(layout, states.length, offsetX, offsetY);
  const onClick = (event: MouseEvent): void => {
    const shard = place(event);
    if (shard !== undefined) open(shard);
  };
  return html`<div class="strip">
      <canvas
        ref=${canvas}
        role="img"
        aria-label=${words.bot.strip(name, stripText(states))}
        onClick=${onClick}
        onMouseMove=${(event: MouseEvent) => setPointed(place(event))}
        onMouseLeave=${() => setPointed(undefined)}
      ></canvas>
      <p class="readout" aria-hidden="true">${pointed === undefined ? '' : readout(pointed, states)}</p>
    </div>
    ${legend(bot, groupsOf(states))}`;
}

const readout = (shard: number, states: string): string =>
  `${shard} · ${words.state[nameOf(Number(states[shard]))]}`;

const SHOWN_RANGES = 8;

function legend(bot: string, groups: readonly Group[]): VNode | null {
  if (groups.length === 0) return null;
  return html`<ul class="not-online">
    ${groups.map(({ state, count, ranges }) => {
      const name = nameOf(state);
      const more = ranges.length > SHOWN_RANGES ? ` ${words.bot.more(ranges.length - SHOWN_RANGES)}` : '';
      return html`<li key=${name}>
        ${swatch(name)} <b>${count}</b> ${words.state[name]}
        <span class="ranges"
          >${ranges
            .slice(0, SHOWN_RANGES)
            .map(
              (range) =>
                html`<a key=${range} translate=${false} href=${shardHref(bot, Number.parseInt(range))}
                  >${range.replace('-', '–')}</a
                > `,
            )}${more}</span
        >
      </li>`;
    })}
  </ul>`;
}

/** In the order of the states' numbers, of the theme that is on. */
function stateColours(): string[] {
  const style = getComputedStyle(document.documentElement);
  const groups = ['unknown', 'degraded', 'down', 'up', 'changing', 'changing', 'changing', 'unknown'];
  return groups.map((group) => style.getPropertyValue(`--${group}`).trim());
}

function draw(
  canvas: HTMLCanvasElement,
  states: string,
  layout: Layout,
  colours: string[],
  scale: number,
): void {
  const { width, height, cell, gap, columns } = layout;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const pen = canvas.getContext('2d')!;
  pen.scale(scale, scale);
  const snap = (place: number): number => Math.round(place * scale) / scale;
  for (const { state, row, column, length } of runsOf(states, columns)) {
    pen.fillStyle = colours[state]!;
    const top = snap(row * cell);
    const left = (i: number): number => snap((column + i) * cell);
    if (gap === 0) pen.fillRect(left(0), top, left(length) - left(0), snap((row + 1) * cell) - top);
    else for (let i = 0; i < length; i++) square(pen, left(i), top, snap(cell - gap), state);
  }
  if (cell < SEEN) emphasize(pen, states, layout, colours);
}

/** Below that a single square is overlooked. */
const SEEN = 5;

/** What does not work is drawn once more, larger than it is, over what does. */
function emphasize(
  pen: CanvasRenderingContext2D,
  states: string,
  { cell, columns }: Layout,
  colours: string[],
): void {
  for (const { state, row, column, length } of runsOf(states, columns)) {
    if (!isNotWorking(state)) continue;
    const more = (SEEN - cell) / 2;
    pen.fillStyle = colours[state]!;
    pen.fillRect(column * cell - more, row * cell - more, length * cell + 2 * more, SEEN);
  }
}

/** Not by colour alone: what does not work has a stroke or a cross through it, what restarts lacks a corner, what was stopped has a hole, where there is room. */
function square(pen: CanvasRenderingContext2D, x: number, y: number, size: number, state: State): void {
  pen.fillRect(x, y, size, size);
  if (size < 5) return;
  if (isChanging(state)) pen.clearRect(x + size / 2, y, size / 2, size / 2);
  if (state === STOPPED) pen.clearRect(x + size / 2 - 2, y + size / 2 - 2, 4, 4);
  if (!isNotWorking(state)) return;
  pen.clearRect(x + size / 2 - 1, y + 1, 2, size - 2);
  if (state === OFFLINE) pen.clearRect(x + 1, y + size / 2 - 1, size - 2, 2);
}

const isChanging = (state: State): boolean => groupOf[state] === 'changing';
