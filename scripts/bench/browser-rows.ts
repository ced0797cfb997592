// The rows of the bench's table that a browser measured, or one row that says why none did.
import type { BrowserResult } from './browser.js';
import { ms, percent, whole, type Row } from './cells.js';
import type { OperatorPageResult } from './operator-page.js';
import type { PaintResult } from './paint.js';
import type { PixelResult } from './pixel.js';
import { CHANGES_PER_SECOND } from './storm.js';

/** What PRODUCT.md promises a page of up to that many shards. */
const LARGEST_PROMISED = 3_584;
const SHORTEST_REPORTED_MS = 16;

export const browserRows = (result: BrowserResult | string): Row[] =>
  typeof result === 'string'
    ? [['first paint, layout shift, input → frame, event → pixel', result, '', '', '']]
    : [
        ...result.pixels.flatMap(pixelRows),
        ...result.paints.flatMap(paintRows),
        ...operatorPageRows(result.operator),
      ];

function pixelRows(one: PixelResult): Row[] {
  const among = one.viewers === 0 ? 'no other viewer' : `${whole(one.viewers)} other viewers`;
  return [
    [
      `event → pixel after quiet, ${among}, p50 / p95`,
      `${ms(one.quietP50Ms)} / ${ms(one.quietP95Ms)}`,
      '',
      '',
      '≤ 60 ms',
    ],
    [
      `event → pixel, ${CHANGES_PER_SECOND} changes a second, ${among}, p50 / p95`,
      `${ms(one.stormP50Ms)} / ${ms(one.stormP95Ms)}`,
      '',
      '',
      'p95 ≤ 150 ms',
    ],
  ];
}

function paintRows(one: PaintResult): Row[] {
  const of = `, ${whole(one.shards)} shards${one.isSlow ? ', slow 4G, CPU ÷ 4' : ''}`;
  const aim = (text: string): string => (one.shards <= LARGEST_PROMISED ? text : '');
  const input = one.slowestInputMs === 0 ? `< ${SHORTEST_REPORTED_MS} ms` : `${whole(one.slowestInputMs)} ms`;
  return [
    [
      `first contentful paint${of}`,
      `${whole(one.firstPaintMs)} ms`,
      '',
      '',
      aim(one.isSlow ? '≤ 800 ms' : '≤ 300 ms'),
    ],
    [`layout shift${of}, load, storm and lookup`, one.layoutShift.toFixed(4), '', '', '0'],
    [`slowest input → frame${of}, in the storm`, input, '', '', aim('≤ 100 ms')],
  ];
}

function operatorPageRows(one: OperatorPageResult): Row[] {
  const of = `operator view, ${whole(one.clusters)} clusters, 350 beats a second`;
  const busy = `${percent(one.busyGlobal)}, ${percent(one.busyFleet)}`;
  return [
    [`${of}: main thread busy, overview, a fleet of a fifth`, busy, '', '', '≤ 25 %'],
    ['… beat → screen, p50 / p95', `${ms(one.p50Ms)} / ${ms(one.p95Ms)}`, '', '', 'p95 ≤ 500 ms'],
  ];
}
