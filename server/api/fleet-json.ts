// Clusters and their values in JSON as Argus's server writes it, to the byte: key order, separators, floats, times.
import { ONLINE, UNKNOWN } from '../../public/shared/states.js';
import { METRIC_KEYS } from '../../public/shared/metrics.js';
import type { Values } from '../core/measures/measures.js';
import { pythonFloat } from '../core/measures/python-number.js';
import { stanceOf } from '../core/live/stance.js';
import { pointsOf, type Trend } from '../core/measures/trend.js';
import { shown, type Cluster, type World } from '../core/world.js';
import { ascii, textOf, type Ascii } from './ascii.js';

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

const DAY_MS = 86_400_000;
const TWO = Array.from({ length: 60 }, (_, i) => `${i}`.padStart(2, '0'));
/** Making the date costs more than all the rest of a time, and most times are of one day. */
let day = { number: 0, text: '1970-01-01T' };

/** A time as Python's isoformat() has it: six digits after the second, and none when they were zeros. */
export function isoTime(at: number): string {
  const number = Math.floor(at / DAY_MS);
  if (number !== day.number) day = { number, text: new Date(number * DAY_MS).toISOString().slice(0, 11) };
  const inDay = Math.floor(at - number * DAY_MS);
  const seconds = Math.floor(inDay / 1_000);
  const clock = `${TWO[Math.floor(seconds / 3_600)]}:${TWO[Math.floor(seconds / 60) % 60]}:${TWO[seconds % 60]}`;
  const milliseconds = inDay % 1_000;
  const fraction = milliseconds === 0 ? '' : `.${`${milliseconds}`.padStart(3, '0')}000`;
  return `${day.text}${clock}${fraction}+00:00`;
}

const VALUE_KEYS = METRIC_KEYS.map((key, i) => ascii(`${i === 0 ? '{' : ', '}"${key}": `));
const CLOSE = ascii('}');

export function writeValues(out: Ascii, values: Values): void {
  for (let i = 0; i < VALUE_KEYS.length; i++) {
    out.bytes(VALUE_KEYS[i]!);
    out.text(pythonFloat(values[i]!));
  }
  out.bytes(CLOSE);
}

const CLUSTER = {
  number: ascii('{"number": '),
  identity: ascii(', "identity": '),
  fleet: ascii(', "fleet": '),
  up: ascii(', "status": "up", "last_seen": "'),
  down: ascii(', "status": "down", "last_seen": "'),
  metrics: ascii('", "metrics": '),
  shards: ascii(', "shards": ['),
  end: ascii(']}'),
};

export function writeCluster(out: Ascii, world: World, cluster: Cluster): void {
  const { number, identity, fleet, status, seenAt, measures } = cluster;
  out.bytes(CLUSTER.number);
  out.text(`${number}`);
  out.bytes(CLUSTER.identity);
  out.text(jsonText(identity));
  out.bytes(CLUSTER.fleet);
  out.text(jsonText(fleet));
  out.bytes(status === 'up' ? CLUSTER.up : CLUSTER.down);
  out.text(isoTime(shown(world, seenAt)));
  out.bytes(CLUSTER.metrics);
  writeValues(out, measures.values);
  out.bytes(CLUSTER.shards);
  writeShards(out, world, cluster);
  out.bytes(CLUSTER.end);
}

const SHARD = {
  first: ascii('{"shard_id": "'),
  next: ascii(', {"shard_id": "'),
  up: ascii('", "status": "up", "latency_seconds": '),
  down: ascii('", "status": "down", "latency_seconds": '),
};

/** The cluster's own claims, whoever else claims those shards; what is Unknown is left out (RULES 10). */
function writeShards(out: Ascii, world: World, { claims }: Cluster): void {
  const ids = [...claims.keys()];
  const places = isInOrder(ids) ? [...claims.values()] : ids.sort(ascending).map((id) => claims.get(id)!);
  let before: Uint8Array = SHARD.first;
  for (let i = 0; i < ids.length; i++) {
    const claim = places[i]!;
    const { state } = stanceOf(world, claim);
    if (state === UNKNOWN) continue;
    out.bytes(before);
    out.whole(ids[i]!);
    out.bytes(state === ONLINE ? SHARD.up : SHARD.down);
    writeLatency(out, world.claims.latencyMs[claim]!);
    out.bytes(CLOSE);
    before = SHARD.next;
  }
}

const ascending = (a: number, b: number): number => a - b;

/** As members list them. Two spread lists cost a third of what looking each up would. */
function isInOrder(ids: number[]): boolean {
  for (let i = 1; i < ids.length; i++) if (ids[i]! < ids[i - 1]!) return false;
  return true;
}

/** In seconds. Latencies are kept in 32 bits, which are good for microseconds and make noise of the rest; NaN: not said. */
function writeLatency(out: Ascii, ms: number): void {
  const micros = Math.round(ms * 1000);
  if (micros >= 100 && micros < 1e6) out.millionths(micros);
  else out.text(pythonFloat(micros > 0 ? micros / 1e6 : 0));
}

/** The points of a trend, oldest first. */
export function historyJson(world: World, trend: Trend | null): string {
  const points = trend ? [...pointsOf(trend)] : [];
  const texts = points.map(({ at, values }) => {
    const metrics = textOf((out) => writeValues(out, [...values].map(withoutNoise)));
    return `{"t": "${isoTime(shown(world, at))}", "metrics": ${metrics}}`;
  });
  return `[${texts.join(', ')}]`;
}

/** 32 bits are good for 7 digits: 0.129385 comes back as 0.12938499450683594. */
const withoutNoise = (value: number): number =>
  Number.isInteger(value) ? value : Number(value.toPrecision(7));
