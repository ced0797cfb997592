// What the watchers of one scope share: its rows as texts, their version, the last patches, and the frames made of those.
import type { Scope } from '../../public/shared/operator-wire.js';
import { MAX_FRAME_BYTES } from '../../public/shared/wire.js';
import { BOT_KEY } from '../core/registry/registry.js';
import type { Socket } from '../http/message.js';
import { createArrivals, type Arrivals, type Way } from './arrivals.js';
import { createOutlet, type Outlet } from './outlet.js';
import { createRing, type Ring } from './ring.js';
import type { Schedule } from './ticker.js';

/** JSON by key. */
export type RowTexts = Map<string, string>;

export type Parsed =
  | { kind: 'global' | 'incidents' }
  | { kind: 'fleet'; fleet: string }
  | { kind: 'bot'; bot: string }
  | { kind: 'cluster'; identity: string }
  | { kind: 'shard'; bot: string; shard: number };

/** Undefined: there is no such kind of scope. */
export function parseScope(text: string): Parsed | undefined {
  if (text === 'global' || text === 'incidents') return { kind: text };
  const [, kind, rest = ''] = /^(fleet|bot|cluster):(.+)$/s.exec(text) ?? [];
  if (kind === 'fleet') return { kind, fleet: rest };
  if (kind === 'bot') return BOT_KEY.test(rest) ? { kind, bot: rest } : undefined;
  if (kind === 'cluster') return { kind, identity: rest };
  const [, bot, shard] = /^shard:([^/]+)\/(\d{1,5})$/.exec(text) ?? [];
  return bot === undefined || !BOT_KEY.test(bot) ? undefined : { kind: 'shard', bot, shard: Number(shard) };
}

const FIRST_VERSION = 1;
/** For op, epoch, version and time. */
const FRAME_BYTES = 300;

export interface ScopeLinks {
  publish: (text: string) => void;
  /** The socket has all there is: it takes part in what is published. */
  join: (socket: Socket) => void;
  schedule: Schedule;
  /** As people read it. */
  now: () => number;
}

export class WatchedScope {
  readonly name: Scope;
  readonly parsed: Parsed;
  /** Names this life of the scope: what is let go and watched again begins anew. */
  readonly epoch: string;
  /** To all watchers. */
  readonly outlet: Outlet;
  /** Those who are being brought up to date. */
  readonly arrivals: Arrivals;
  watchers = 0;
  /** When the last watcher left. */
  leftAt = 0;
  #rows: RowTexts | null;
  #version = FIRST_VERSION;
  #ring: Ring = createRing(FIRST_VERSION);
  #snapshot: string[] | null = null;

  constructor(name: Scope, parsed: Parsed, epoch: string, rows: RowTexts | null, links: ScopeLinks) {
    this.name = name;
    this.parsed = parsed;
    this.epoch = epoch;
    this.#rows = rows;
    this.outlet = createOutlet(links.publish, links.schedule);
    const wayFrom = (version: number): Way => this.#wayFrom(version, links.now());
    this.arrivals = createArrivals({ wayFrom, schedule: links.schedule }, links.join);
  }

  /** Null: there is no such fleet, cluster or shard. */
  get rows(): RowTexts | null {
    return this.#rows;
  }

  /** What came of the rows; the frames that say so to all watchers, none: nothing is new. */
  renew(rows: RowTexts | null, at: number): string[] {
    const before = this.#rows;
    this.#rows = rows;
    if (!before || !rows) return before === rows ? [] : this.#beginAnew(at);
    const put: string[] = [];
    const gone: string[] = [];
    for (const [key, text] of rows) if (before.get(key) !== text) put.push(pairOf(key, text));
    if (before.size + put.length > rows.size)
      for (const key of before.keys()) if (!rows.has(key)) gone.push(JSON.stringify(key));
    if (put.length === 0 && gone.length === 0) return [];
    this.#snapshot = null;
    const patches = [
      ...this.#inPieces(gone).map((some) => `"gone":[${some}]`),
      ...this.#inPieces(put).map((some) => `"put":{${some}}`),
    ];
    return patches.map((what) => {
      const frame = this.#patch(++this.#version, what, at);
      this.#ring.add(this.#version, frame);
      return frame;
    });
  }

  /** For who knows version `v` of epoch `e`: what was missed (nothing: no frames), or all there is. */
  catchUp(v: number, e: string, at: number): Way {
    return this.#rows && e === this.epoch
      ? this.#wayFrom(v, at)
      : { frames: this.#whole(at), version: this.#version };
  }

  #wayFrom(version: number, at: number): Way {
    return { frames: this.#ring.since(version) ?? this.#whole(at), version: this.#version };
  }

  /** It came or went: what was known before leads nowhere. */
  #beginAnew(at: number): string[] {
    this.#version++;
    this.#ring = createRing(this.#version);
    this.#snapshot = null;
    return this.#whole(at);
  }

  #patch(version: number, what: string, at: number): string {
    return `{"op":"patch","scope":${JSON.stringify(this.name)},"v":${version},"at":${at},${what}}`;
  }

  /** Kept until the next version: many may come at once after a restart. */
  #whole(at: number): string[] {
    if (!this.#rows) return [JSON.stringify({ op: 'missing', scope: this.name, at })];
    return (this.#snapshot ??= this.#draw(this.#rows, at));
  }

  /**
   * A snapshot of the first rows, and patches with the others; their versions end with the scope's. Nobody can come back to
   * a part of it: the epoch is said with the last piece.
   */
  #draw(rows: RowTexts, at: number): string[] {
    const pieces = this.#inPieces([...rows].map(([key, text]) => pairOf(key, text)));
    const last = pieces.length - 1;
    const from = this.#version - last;
    const epochOf = (i: number): string => JSON.stringify(i === last ? this.epoch : '');
    const head = `"scope":${JSON.stringify(this.name)},"v":${from},"e":${epochOf(0)},"at":${at}`;
    return pieces.map((some, i) => {
      if (i === 0) return `{"op":"snapshot",${head},"rows":{${some}}}`;
      return this.#patch(from + i, `${i === last ? `"e":${epochOf(i)},` : ''}"put":{${some}}`, at);
    });
  }

  #inPieces(texts: string[]): string[] {
    return packed(texts, MAX_FRAME_BYTES - FRAME_BYTES - Buffer.byteLength(JSON.stringify(this.name)));
  }
}

const pairOf = (key: string, text: string): string => `${JSON.stringify(key)}:${text}`;

/** Joined by commas, as many as fit. */
function packed(texts: string[], most: number): string[] {
  const pieces: string[][] = [];
  let room = 0;
  for (const text of texts) {
    const bytes = Buffer.byteLength(text) + 1;
    if (bytes > room) {
      pieces.push([]);
      room = most;
    }
    room -= bytes;
    pieces.at(-1)!.push(text);
  }
  return pieces.map((some) => some.join(','));
}
