// Clusters and their values in JSON as Argus's server writes it, to the byte: key order, separators, floats, times.
import { ONLINE, UNKNOWN } from '../../public/shared/states.js';
import { METRIC_KEYS } from '../../public/shared/metrics.js';
import type { Values } from '../core/measures.js';
import { pythonFloat } from '../core/python-number.js';
import { stanceOf } from '../core/stance.js';
import { pointsOf, type Trend } from '../core/trend.js';
import type { Cluster, World } from '../core/world.js';

const IS_PLAIN = /^[ !#-[\]-~]*$/;

/** Python's json.dumps escapes all that is not printable ASCII; so every character is one byte. */
export function jsonText(text: string): string {
  if (IS_PLAIN.test(text)) return `"${text}"`;
  const escape = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, escape);
}

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** With Python's separators; whole numbers stay whole. */
export function jsonOf(value: Json): string {
  if (typeof value === 'string') return jsonText(value);
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return `${value}`;
  const pairs = Object.entries(value).map(([key, one]) => `${jsonText(key)}: ${jsonOf(one)}`);
  return `{${pairs.join(', ')}}`;
}

/** A time as Python's isoformat() has it: six digits after the second, and none when they were zeros. */
export function isoTime(at: number): string {
  const text = new Date(at).toISOString();
  const milliseconds = text.slice(20, 23);
  return `${text.slice(0, 19)}${milliseconds === '000' ? '' : `.${milliseconds}000`}+00:00`;
}

const VALUE_KEYS = METRIC_KEYS.map((key, i) => `${i === 0 ? '{' : ', '}"${key}": `);

export function valuesJson(values: Values): string {
  let text = '';
  for (let i = 0; i < VALUE_KEYS.length; i++) text += VALUE_KEYS[i]! + pythonFloat(values[i]!);
  return `${text}}`;
}

/** One flat string: what was added up piece by piece is a tree, which costs thrice the memory and is slow to copy. */
export function clusterJson(world: World, cluster: Cluster): string {
  const { number, identity, fleet, status, seenAt, measures } = cluster;
  return [
    `{"number": ${number}, "identity": ${jsonText(identity)}, "fleet": ${jsonText(fleet)}, `,
    `"status": "${status === 'up' ? 'up' : 'down'}", "last_seen": "${isoTime(seenAt)}", "metrics": `,
    valuesJson(measures.values),
    ', "shards": [',
    shardsJson(world, cluster),
    ']}',
  ].join('');
}

/** The cluster's own claims, whoever else claims those shards; what is Unknown is left out (RULES 10). */
function shardsJson(world: World, { claims }: Cluster): string {
  const parts: string[] = [];
  for (const shard of inOrder([...claims.keys()])) {
    const claim = claims.get(shard)!;
    const { state } = stanceOf(world, claim);
    if (state === UNKNOWN) continue;
    const status = state === ONLINE ? 'up' : 'down';
    const latency = latencySeconds(world.claims.latencyMs[claim]!);
    parts.push(`{"shard_id": "${shard}", "status": "${status}", "latency_seconds": ${latency}}`);
  }
  return parts.join(', ');
}

function inOrder(ids: number[]): number[] {
  for (let i = 1; i < ids.length; i++) if (ids[i]! < ids[i - 1]!) return ids.sort((a, b) => a - b);
  return ids;
}

/** Latencies are kept in 32 bits, which are good for microseconds and make noise of the rest; NaN: not said. */
function latencySeconds(ms: number): string {
  const micros = Math.round(ms * 1000);
  if (!(micros >= 100 && micros < 1e6)) return pythonFloat(micros > 0 ? micros / 1e6 : 0);
  const digits = `${1e6 + micros}`; // whole numbers become text thrice as fast as others, and there are 16 a cluster
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === ZERO) end--;
  return `0.${digits.slice(1, end)}`;
}

const ZERO = '0'.charCodeAt(0);

/** The points of a trend, oldest first. */
export function historyJson(trend: Trend | null): string {
  const points = trend ? [...pointsOf(trend)] : [];
  const texts = points.map(({ at, values }) => {
    return `{"t": "${isoTime(at)}", "metrics": ${valuesJson([...values].map(withoutNoise))}}`;
  });
  return `[${texts.join(', ')}]`;
}

/** 32 bits are good for 7 digits: 0.129385 comes back as 0.12938499450683594. */
const withoutNoise = (value: number): number =>
  Number.isInteger(value) ? value : Number(value.toPrecision(7));
