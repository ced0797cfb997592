// Cuts what is told into frames that each fit: the parts of a bot, its shards halved until they do, its clusters, the incidents.
import { writeColumns, type Said, type ShardColumns } from '../../public/shared/columns.js';
import { UNKNOWN } from '../../public/shared/states.js';
import {
  MAX_FRAME_BYTES,
  type BareBot,
  type BotPatch,
  type BotReplacement,
  type BotView,
  type ClusterView,
  type IncidentView,
  type MoreOfCluster,
  type PatchFrame,
  type Usual,
} from '../../public/shared/wire.js';
import { saidOf } from '../core/views/view.js';

/** What is to be told of one bot. */
export interface BotNews {
  key: string;
  heardAt: number | null;
  /** It begins anew. */
  whole?: BareBot;
  shards: readonly number[];
  said: (shard: number) => Said;
  clusters: ClusterView[];
  usual?: Usual;
}

export interface News {
  at: number;
  title?: string;
  bots: BotNews[];
  incidents?: (IncidentView | string)[];
}

/** What one frame says: a patch but for its version. */
export type Piece = Omit<PatchFrame, 'op' | 'v' | 'more'>;

/** A bot from the beginning: what it is, and then all shards of which something is known. */
export function wholeNews(bot: BotView): BotNews {
  const { key, name, shardCount, certain, heardAt, usual, states, clusters } = bot;
  const known = Array.from(states, (_, id) => id).filter((id) => states[id] !== `${UNKNOWN}`);
  return {
    ...{ key, heardAt, clusters },
    whole: { key, name, shardCount, certain, heardAt, usual },
    shards: known,
    said: saidOf(bot),
  };
}

/** A frame each, with versions after the one that they apply to. With an epoch they apply to nothing: a snapshot. */
export const framesOf = (pieces: Piece[], from: number, epoch?: string): string[] =>
  pieces.map((piece, i) =>
    JSON.stringify({
      ...(epoch !== undefined && i === 0 ? { op: 'snapshot', e: epoch } : { op: 'patch' }),
      v: from + i + 1,
      ...piece,
      ...(i < pieces.length - 1 ? { more: true } : {}),
    }),
  );

type Part = { bot: BotPatch | BotReplacement } | { incidents: (IncidentView | string)[] };

/** For op, versions, times and epoch, and the title. */
const FRAME_BYTES = 400;

/** In order, each at most `maxBytes` as JSON. At least one. */
export function piecesOf(news: News, maxBytes = MAX_FRAME_BYTES): Piece[] {
  const { at, title } = news;
  const room = maxBytes - FRAME_BYTES - (title === undefined ? 0 : bytesOf(title));
  const first: Piece = { at, ...(title === undefined ? {} : { title }), bots: [] };
  const pieces = [first];
  let taken = 0;
  for (const part of partsOf(news, room)) {
    const bytes = bytesOf(part);
    if (taken + bytes > room) {
      pieces.push({ at, bots: [] });
      taken = 0;
    }
    taken += bytes;
    const piece = pieces.at(-1)!;
    if ('bot' in part) piece.bots.push(part.bot);
    else piece.incidents = part.incidents;
  }
  return pieces;
}

function* partsOf({ at, bots, incidents }: News, room: number): Generator<Part> {
  for (const bot of bots) for (const part of partsOfBot(bot, at, room)) yield { bot: part };
  for (const some of incidents ? incidentParts(incidents, room) : []) yield { incidents: some };
}

function* partsOfBot(bot: BotNews, at: number, room: number): Generator<BotPatch | BotReplacement> {
  const { key, heardAt, whole, shards, clusters, usual } = bot;
  if (whole) yield { key, whole };
  const base = { key, heardAt };
  const together: BotPatch = {
    ...base,
    ...(shards.length > 0 ? { shards: writeColumns(shards, bot.said, at) } : {}),
    ...(clusters.length > 0 ? { clusters } : {}),
    ...(usual ? { usual } : {}),
  };
  if (whole && shards.length === 0 && clusters.length === 0) return;
  if (bytesOf(together) <= room) return void (yield together);
  if (usual) yield { ...base, usual };
  const sorted = [...shards].sort((a, b) => a - b);
  const left = room - bytesOf({ ...base, clusters: [] });
  for (const some of shardParts(sorted, bot.said, at, left)) yield { ...base, shards: some };
  const cut = clusters.flatMap((cluster) => cutCluster(cluster, left));
  for (const some of packed(cut, left)) yield { ...base, clusters: some };
}

function* shardParts(
  shards: readonly number[],
  said: BotNews['said'],
  at: number,
  room: number,
): Generator<ShardColumns> {
  if (shards.length === 0) return;
  const columns = writeColumns(shards, said, at);
  if (shards.length === 1 || bytesOf(columns) <= room) return void (yield columns);
  const middle = shards.length >> 1;
  yield* shardParts(shards.slice(0, middle), said, at, room);
  yield* shardParts(shards.slice(middle), said, at, room);
}

/** A cluster may host every other shard of a large bot. */
function cutCluster(cluster: ClusterView, room: number): (ClusterView | MoreOfCluster)[] {
  const { name, shards } = cluster;
  const most = room - bytesOf({ name, shards: '' });
  if (shards.length <= most) return [cluster];
  const cut = shards.lastIndexOf(',', most);
  const [first, ...rest] = [shards.slice(0, cut), ...cutText(shards.slice(cut + 1), most)];
  return [{ name, shards: first }, ...rest.map((more) => ({ name, more }))];
}

function cutText(ranges: string, most: number): string[] {
  if (ranges.length <= most) return [ranges];
  const cut = ranges.lastIndexOf(',', most);
  return [ranges.slice(0, cut), ...cutText(ranges.slice(cut + 1), most)];
}

/** Each part is the list without those that are told later: what was told, before or in an earlier part, is said by its id. */
function* incidentParts(
  incidents: (IncidentView | string)[],
  room: number,
): Generator<(IncidentView | string)[]> {
  const news = incidents.filter((one) => typeof one !== 'string');
  if (news.length === 0) return void (yield incidents);
  const told = new Set<IncidentView>();
  for (const some of packed(news, room - bytesOf(incidents.map(idOf)))) {
    yield incidents.flatMap((one): (IncidentView | string)[] => {
      if (typeof one === 'string' || told.has(one)) return [idOf(one)];
      return some.includes(one) ? [one] : [];
    });
    for (const one of some) told.add(one);
  }
}

const idOf = (one: IncidentView | string): string => (typeof one === 'string' ? one : one.id);

/** In lists that fit, in order. */
function* packed<T>(all: T[], room: number): Generator<T[]> {
  let some: T[] = [];
  let taken = 2;
  for (const one of all) {
    const bytes = bytesOf(one) + 1;
    if (taken + bytes > room && some.length > 0) {
      yield some;
      some = [];
      taken = 2;
    }
    some.push(one);
    taken += bytes;
  }
  if (some.length > 0) yield some;
}

/** As JSON, with a comma. */
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value)) + 1;
