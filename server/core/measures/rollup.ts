// The values of many clusters together: sums and maxima by fixed rules, the error rate out of summed totals.
import { METRIC_KEYS, type MetricKey } from '../../../public/shared/metrics.js';
import { noValues, rateOf, type Values } from './measures.js';
import type { Cluster } from '../world.js';

type Rule = 'sum' | 'max' | 'ratio';

/** A rate cannot be averaged: a quiet cluster would weigh as much as a busy one. */
const RULE = {
  latency_seconds: 'max',
  shards_up: 'sum',
  guilds: 'sum',
  cached_users: 'sum',
  interactions_rate: 'sum',
  error_rate: 'ratio',
  duration_p95_seconds: 'max',
  ratelimits_rate: 'sum',
  uptime_seconds: 'max',
} as const satisfies Record<MetricKey, Rule>;

const RULES: readonly Rule[] = METRIC_KEYS.map((key) => RULE[key]);
const ERROR_RATE = METRIC_KEYS.indexOf('error_rate');

/** A roll-up under way. */
export interface Rollup {
  values: Values;
  errors: number;
  commands: number;
}

export const createRollup = (): Rollup => ({ values: noValues(), errors: 0, commands: 0 });

/** Adds a cluster. One that is down or stopped says nothing any more: it has no share in the values. */
export function addCluster(rollup: Rollup, { status, measures }: Pick<Cluster, 'status' | 'measures'>): void {
  if (status === 'up') addUp(rollup, measures);
}

/** Adds what is rolled up already: a fleet to the whole. */
export function addUp(rollup: Rollup, { values, errors, commands }: Rollup): void {
  for (let i = 0; i < RULES.length; i++) {
    if (RULES[i] === 'sum') rollup.values[i] = finite(rollup.values[i]! + values[i]!);
    else if (RULES[i] === 'max') rollup.values[i] = Math.max(rollup.values[i]!, values[i]!);
  }
  rollup.errors += errors;
  rollup.commands += commands;
  rollup.values[ERROR_RATE] = rateOf(rollup.errors, rollup.commands);
}

const finite = (value: number): number => Math.max(-Number.MAX_VALUE, Math.min(value, Number.MAX_VALUE));
