// What the watchers of one scope share: its rows as texts, their version, the last patches, and the frames made of those.
import type { Scope } from '../../public/shared/operator-wire.js';
import { BOT_KEY } from '../core/world.js';
import { createRing, type Ring } from './ring.js';

/** JSON by key. */
export type RowTexts = Map<string, string>;

export type Parsed =
  | { kind: 'global' }
  | { kind: 'fleet'; fleet: string }
  | { kind: 'cluster'; identity: string }
  | { kind: 'shard'; bot: string; shard: number };

/** Undefined: there is no such kind of scope. */
export function parseScope(text: string): Parsed | undefined {
  if (text === 'global') return { kind: 'global' };
  const [, kind, rest = ''] = /^(fleet|cluster):(.+)$/s.exec(text) ?? [];
  if (kind === 'fleet') return { kind, fleet: rest };
  if (kind === 'cluster') return { kind, identity: rest };
  const [, bot, shard] = /^shard:([^/]+)\/(\d{1,5})$/.exec(text) ?? [];
  return bot === undefined || !BOT_KEY.test(bot) ? undefined : { kind: 'shard', bot, shard: Number(shard) };
}

const FIRST_VERSION = 1;

export class WatchedScope {
  readonly name: Scope;
  readonly parsed: Parsed;
  /** Names this life of the scope: what is let go and watched again begins anew. */
  readonly epoch: string;
  watchers = 0;
  /** When the last watcher left. */
  leftAt = 0;
  #rows: RowTexts | null;
  #version = FIRST_VERSION;
  #ring: Ring = createRing(FIRST_VERSION);
  #snapshot: string | null = null;

  constructor(name: Scope, parsed: Parsed, epoch: string, rows: RowTexts | null) {
    this.name = name;
    this.parsed = parsed;
    this.epoch = epoch;
    this.#rows = rows;
  }

  /** Null: there is no such fleet, cluster or shard. */
  get rows(): RowTexts | null {
    return this.#rows;
  }

  /** What came of the rows; the frame that says so to all watchers, null: nothing is new. */
  renew(rows: RowTexts | null, at: number): string | null {
    const before = this.#rows;
    this.#rows = rows;
    if (!before || !rows) return before === rows ? null : this.#beginAnew(at);
    const put: string[] = [];
    const gone: string[] = [];
    for (const [key, text] of rows) if (before.get(key) !== text) put.push(`${JSON.stringify(key)}:${text}`);
    if (before.size + put.length > rows.size)
      for (const key of before.keys()) if (!rows.has(key)) gone.push(JSON.stringify(key));
    if (put.length === 0 && gone.length === 0) return null;
    this.#version++;
    this.#snapshot = null;
    const frame = this.#patch(put, gone, at);
    this.#ring.add(this.#version, frame);
    return frame;
  }

  /** For who knows version `v` of epoch `e`: what was missed (nothing: an empty list), or all there is. */
  catchUp(v: number, e: string, at: number): string[] {
    const missed = this.#rows && e === this.epoch ? this.#ring.since(v) : undefined;
    return missed ?? [this.#whole(at)];
  }

  /** It came or went: what was known before leads nowhere. */
  #beginAnew(at: number): string {
    this.#version++;
    this.#ring = createRing(this.#version);
    this.#snapshot = null;
    return this.#whole(at);
  }

  #patch(put: string[], gone: string[], at: number): string {
    const puts = put.length > 0 ? `,"put":{${put.join(',')}}` : '';
    const goners = gone.length > 0 ? `,"gone":[${gone.join(',')}]` : '';
    return `{"op":"patch","scope":${JSON.stringify(this.name)},"v":${this.#version},"at":${at}${puts}${goners}}`;
  }

  /** Kept until the next version: many may come at once after a restart. */
  #whole(at: number): string {
    if (!this.#rows) return JSON.stringify({ op: 'missing', scope: this.name, at });
    return (this.#snapshot ??= this.#draw(this.#rows, at));
  }

  #draw(rows: RowTexts, at: number): string {
    const parts = [...rows].map(([key, text]) => `${JSON.stringify(key)}:${text}`);
    const head = `"scope":${JSON.stringify(this.name)},"v":${this.#version},"e":"${this.epoch}","at":${at}`;
    return `{"op":"snapshot",${head},"rows":{${parts.join(',')}}}`;
  }
}
