// The bench's table: what was measured, beside the bare peer where there is one, and what we aim at.
import { FLEET_SHARDS, type BeatResult } from './beats.js';
import { browserRows } from './browser-rows.js';
import type { BrowserResult } from './browser.js';
import { bytes, markdown, ms, percent, whole, type Row } from './cells.js';
import type { FanOutResult } from './fan-out.js';
import type { FleetResult, RegisterResult } from './registry.js';
import type { MemberResult } from './member.js';
import type { OperatorResult } from './operator.js';
import type { OutageResult } from './outage.js';
import type { WeightResult } from './weight.js';

export interface Results {
  /** The batch route first. */
  beats: BeatResult[];
  registered: RegisterResult;
  /** By number of clusters, the fewest first. */
  fleets: FleetResult[];
  /** By number of viewers, the fewest first. */
  fanOuts: FanOutResult[];
  outage: OutageResult;
  operators: OperatorResult;
  /** In a process that sleeps between beats, then in one that is at work. */
  members: MemberResult[];
  weights: WeightResult[];
  /** Or why there are no figures. */
  browser: BrowserResult | string;
  /** What was measured otherwise than meant. */
  notes: string[];
}

export function tableOf({
  beats,
  registered,
  fleets,
  fanOuts,
  outage,
  operators,
  members,
  weights,
  browser,
}: Results): string {
  return markdown([
    ...beats.flatMap(beatRows),
    registerRow(registered),
    ...fleets.flatMap(fleetRows),
    ...fanOuts.flatMap(fanOutRows),
    ...operatorRows(operators),
    ...members.map(memberRow),
    shardMemoryRow(beats[0]!),
    ...fanOuts.map(viewerRow),
    ...outageRows(outage),
    ...weights.flatMap(weightRows),
    ...browserRows(browser),
  ]);
}

const memberRow = (one: MemberResult): Row => [
  `the member client, ${one.shards} shards, ${one.beatsPerSecond} beats a second in its process: CPU a beat; bare: node:http`,
  ms(one.cpuMsPerBeat),
  ms(one.bareCpuMsPerBeat),
  (one.bareCpuMsPerBeat / one.cpuMsPerBeat).toFixed(2),
  '≤ 1 ms',
];

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

const registerRow = ({ perSecond, perSync }: RegisterResult): Row => [
  'registers a second, each on disk before its answer (a sync)',
  `${whole(perSecond)} (${perSync.toFixed(1)})`,
  '',
  '',
  '',
];

function fleetRows(one: FleetResult): Row[] {
  const of = `, ${whole(one.clusters)} clusters × 16 shards`;
  const isLargest = one.clusters >= 5_000;
  return [
    [
      `fleet view${of} (${bytes(one.viewBytes)}), all changed`,
      ms(one.viewColdMs),
      '',
      '',
      isLargest ? '≤ 50 ms' : '',
    ],
    ['… one changed', ms(one.viewWarmMs), '', '', ''],
    ['… nothing changed (304)', ms(one.view304Ms), '', '', '≤ 1 ms'],
    [`memory of the process${of}`, bytes(one.rssBytes), '', '', isLargest ? '≤ 150 MB' : ''],
    ['… without the mapped files of node', bytes(one.ownBytes), '', '', ''],
    ['… a cluster, its 16 shards included', bytes(one.bytesPerCluster), '', '', '≤ 10 KB'],
    [`restart${of}: back and served after`, ms(one.restartMs), '', '', isLargest ? '≤ 1 s' : ''],
    ['longest stall of the event loop in all of it', ms(one.longestStallMs), '', '', '≤ 50 ms'],
  ];
}

const operatorRows = (one: OperatorResult): Row[] => [
  [
    `${one.operators} operators, ${whole(one.clusters)} clusters × 16 shards, ${whole(one.beatsPerSecond)} beats a second: share of a core for the feed`,
    percent(one.shareWith - one.shareWithout),
    '',
    '',
    '≤ 20 %',
  ],
  [
    '… the server without them, and with them',
    `${percent(one.shareWithout)}, ${percent(one.shareWith)}`,
    '',
    '',
    '',
  ],
  ['… beat → frame, p50 / p95', `${ms(one.p50Ms)} / ${ms(one.p95Ms)}`, '', '', '≤ 500 ms'],
  ['… sent to all of them in a second', bytes(one.bytesPerSecond), '', '', ''],
  ['… longest stall of the event loop', ms(one.longestStallMs), '', '', '≤ 50 ms'],
];

const shardMemoryRow = (batch: BeatResult): Row => [
  'memory a shard (batch)',
  bytes(batch.fleetHeapBytes / FLEET_SHARDS),
  '',
  '',
  '≤ 200 B',
];

const viewerRow = (one: FanOutResult): Row => [
  `memory a viewer (RSS), ${whole(one.viewers)} viewers`,
  bytes(one.productBytesPerViewer),
  bytes(one.bareBytesPerViewer),
  '',
  'bare + 512 B',
];

const outageRows = (one: OutageResult): Row[] => [
  [
    `memory after three flips of ${whole(one.shards)} shards before ${whole(one.viewers)} viewers`,
    `+${bytes(one.flipsBytes)}`,
    '',
    '',
    '≤ 20 MB',
  ],
  [
    '… and after three more, while one in twenty reads nothing',
    `+${bytes(one.slowBytes)}`,
    '',
    '',
    '≤ 34 MB',
  ],
  [
    '… and after all of them came anew while no shard was online',
    `+${bytes(one.arrivalsBytes)}`,
    '',
    '',
    '≤ 20 MB',
  ],
  ['… sent to a viewer in a flip', bytes(one.bytesPerFlip), '', '', ''],
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
