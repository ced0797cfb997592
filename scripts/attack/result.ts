// What an attack did, beside what it may: a row of the table, and whether it was kept.
import { ms, percent, whole } from '../bench/cells.js';
import { percentile } from '../bench/statistics.js';
import type { Waits } from './visitor.js';

export interface Result {
  name: string;
  sent: number;
  /** The visitor, just before it and meanwhile. */
  before: Waits;
  during: Waits;
  /** How long the server's event loop stood still at most. */
  longestStallMs: number;
  /** Of a core, while it was attacked. */
  cpuShare: number;
  grownBytes: number;
  /** The line that names it; undefined: none does. */
  line: string | undefined;
  isNamed: boolean;
  /** What was no longer so; null: all was. */
  broken: string | null;
}

export const MOST_MS = 50;
export const MOST_GROWN_BYTES = 32 * 1024 * 1024;
const P99 = 0.99;
const LINE_WIDTH = 90;

/** What it did beyond what it may; empty: nothing. */
export function faultsOf({ before, during, grownBytes, isNamed, broken }: Result): string[] {
  return [
    ...(isSlow(before.healthMs, during.healthMs) ? [`/healthz took more than ${MOST_MS} ms`] : []),
    ...(isSlow(before.pageMs, during.pageMs) ? [`/ took more than ${MOST_MS} ms`] : []),
    ...(during.failed > 0 ? [`${during.failed} requests of the visitor were not answered with 200`] : []),
    ...(grownBytes > MOST_GROWN_BYTES ? ['memory grew by more than 32 MB'] : []),
    ...(isNamed ? [] : ['no line of the log names it']),
    ...(broken === null ? [] : [`no longer so: ${broken}`]),
  ];
}

/** A page of 65,000 shards, or a busy machine, takes longer by itself. */
const isSlow = (before: number[], during: number[]): boolean =>
  percentile(during, P99) > Math.max(MOST_MS, 2 * percentile(before, P99));

const HEAD = [
  'attack',
  'requests',
  '/healthz p99 (before)',
  '/ p99 (before)',
  'longest stall',
  'CPU',
  'memory',
  'the log says',
  'kept',
];

export function tableOf(results: Result[]): string {
  const rows = results.map((one) => [
    one.name,
    whole(one.sent),
    `${p99(one.during.healthMs)} (${p99(one.before.healthMs)})`,
    `${p99(one.during.pageMs)} (${p99(one.before.pageMs)})`,
    ms(one.longestStallMs),
    percent(one.cpuShare),
    `${one.grownBytes < 0 ? '−' : '+'}${(Math.abs(one.grownBytes) / 1_048_576).toFixed(1)} MB`,
    shortened(one.line ?? ''),
    faultsOf(one).join('; ') || 'yes',
  ]);
  const aims = ['at most', '', ms(MOST_MS), ms(MOST_MS), '', '', '+32 MB', 'its name', ''];
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [line(HEAD), line(HEAD.map(() => '---')), line(aims), ...rows.map(line)].join('\n');
}

const p99 = (values: number[]): string => ms(percentile(values, P99));

/** Without its time, and in so many characters. */
function shortened(line: string): string {
  const said = line.replace(/^\S+ /, '').replaceAll('|', '\\|');
  return said.length <= LINE_WIDTH ? said : `${said.slice(0, LINE_WIDTH)}…`;
}
