// The bench's table: what was measured, beside the bare peer where there is one, and what we aim at.
import { FLEET_CLUSTERS, FLEET_SHARDS, type BeatResult } from './beats.js';
import { browserRows } from './browser-rows.js';
import type { BrowserResult } from './browser.js';
import { bytes, markdown, ms, whole, type Row } from './cells.js';
import type { FanOutResult } from './fan-out.js';
import type { WeightResult } from './weight.js';

export interface Results {
  beats: { batch: BeatResult; glance: BeatResult; argus: BeatResult };
  /** By number of viewers, the fewest first. */
  fanOuts: FanOutResult[];
  weights: WeightResult[];
  /** Or why there are no figures. */
  browser: BrowserResult | string;
  /** What was measured otherwise than meant. */
  notes: string[];
}

export function tableOf({ beats, fanOuts, weights, browser }: Results): string {
  return markdown([
    ...Object.values(beats).flatMap(beatRows),
    ...fanOuts.flatMap(fanOutRows),
    ...memoryRows(beats.batch, beats.argus),
    ...fanOuts.map(viewerRow),
    ...weights.flatMap(weightRows),
    ...browserRows(browser),
  ]);
}

const beatRows = (one: BeatResult): Row[] => [
  [
    `${one.name} (${one.requestBytes} B): in a second of CPU`,
    whole(one.productPerCoreSecond),
    whole(one.barePerCoreSecond),
    one.ratio.toFixed(2),
    '≥ 0.60',
  ],
  [
    '… in a second, as fast as the load generator can',
    whole(one.productPerSecond),
    whole(one.barePerSecond),
    (one.productPerSecond / one.barePerSecond).toFixed(2),
    '',
  ],
];

const fanOutRows = (one: FanOutResult): Row[] => [
  [
    `patch (${one.patchBytes} B) to the last of ${whole(one.viewers)} viewers`,
    ms(one.productLastMs),
    ms(one.bareLastMs),
    one.lastRatio.toFixed(2),
    '≥ 0.80',
  ],
  [
    'CPU a delivered frame',
    `${one.productCpuUs.toFixed(1)} µs`,
    `${one.bareCpuUs.toFixed(1)} µs`,
    one.cpuRatio.toFixed(2),
    '≥ 0.80',
  ],
  [
    'event → frame after quiet, p50 / p95',
    `${ms(one.quietP50Ms)} / ${ms(one.quietP95Ms)}`,
    '',
    '',
    '≤ 60 ms',
  ],
  [
    'event → frame, 100 events a second, p50 / p95',
    `${ms(one.busyP50Ms)} / ${ms(one.busyP95Ms)}`,
    '',
    '',
    '≤ 150 ms',
  ],
];

const memoryRows = (batch: BeatResult, argus: BeatResult): Row[] => [
  ['memory a shard (batch)', bytes(batch.fleetHeapBytes / FLEET_SHARDS), '', '', '≤ 200 B'],
  [
    'memory a cluster, its 16 shards included',
    bytes(argus.fleetHeapBytes / FLEET_CLUSTERS),
    '',
    '',
    '≤ 10 KB',
  ],
];

const viewerRow = (one: FanOutResult): Row => [
  `memory a viewer (RSS), ${whole(one.viewers)} viewers`,
  bytes(one.productBytesPerViewer),
  bytes(one.bareBytesPerViewer),
  '',
  'bare + 512 B',
];

const weightRows = (one: WeightResult): Row[] => {
  const of = `, ${whole(one.shards)} shards`;
  const aims: Record<number, string> = { 240: '≤ 30 KB', 3_584: '≤ 45 KB' };
  const loaded = one.pageBrBytes + one.scriptBrBytes;
  return [
    [`page${of} (brotli)`, `${bytes(one.pageBytes)} (${bytes(one.pageBrBytes)})`, '', '', ''],
    [`script${of} (brotli)`, `${bytes(one.scriptBytes)} (${bytes(one.scriptBrBytes)})`, '', '', '≤ 15 KB'],
    [`page + script${of}, brotli`, bytes(loaded), '', '', aims[one.shards] ?? ''],
    [`snapshot${of} (brotli)`, `${bytes(one.snapshotBytes)} (${bytes(one.snapshotBrBytes)})`, '', '', ''],
    [`patch of one shard${of}`, bytes(one.patchBytes), '', '', ''],
  ];
};
