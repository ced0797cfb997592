// The bench's table: what was measured, beside the bare peer where there is one, and what we aim at.
import { FLEET_CLUSTERS, FLEET_SHARDS, type BeatResult } from './beats.js';
import type { FanOutResult } from './fan-out.js';
import type { WeightResult } from './weight.js';

export interface Results {
  beats: { batch: BeatResult; glance: BeatResult; argus: BeatResult };
  fanOut: FanOutResult;
  weights: WeightResult[];
}

type Row = [what: string, shardlight: string, bare: string, ratio: string, aim: string];

const HEAD: Row = ['what', 'Shardlight', 'bare uWS', 'ratio', 'aim'];

export function tableOf({ beats, fanOut, weights }: Results): string {
  return markdown([
    ...Object.values(beats).flatMap(beatRows),
    ...fanOutRows(fanOut),
    ...memoryRows(beats.batch, beats.argus, fanOut),
    ...weights.flatMap(weightRows),
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

const memoryRows = (batch: BeatResult, argus: BeatResult, viewers: FanOutResult): Row[] => [
  ['memory a shard (batch)', bytes(batch.fleetHeapBytes / FLEET_SHARDS), '', '', '≤ 200 B'],
  [
    'memory a cluster, its 16 shards included',
    bytes(argus.fleetHeapBytes / FLEET_CLUSTERS),
    '',
    '',
    '≤ 10 KB',
  ],
  [
    'memory a viewer (RSS)',
    bytes(viewers.productBytesPerViewer),
    bytes(viewers.bareBytesPerViewer),
    '',
    'bare + 512 B',
  ],
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

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const ms = (value: number): string => `${value.toFixed(1)} ms`;
const bytes = (value: number): string =>
  value < 1_024 ? `${whole(value)} B` : `${(value / 1_024).toFixed(1)} KB`;

function markdown(rows: Row[]): string {
  const all = [HEAD, ...rows];
  const widths = HEAD.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const line = (cells: string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(HEAD), rule, ...rows.map(line)].join('\n');
}
