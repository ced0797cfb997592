// The public feed: gathers what changed, encodes one patch a tick for everybody, and brings newcomers up to date.
import {
  CLOSE_OTHER_PROTOCOL,
  PROTOCOL,
  type ClusterView,
  type IncidentView,
  type PublicView,
} from '../../public/shared/wire.js';
import type { Fact, MemberFact, ShardFact } from '../core/fact.js';
import type { Applied } from '../core/step.js';
import { botView, clusterView, heardAt, recentIncidents, saidShard } from '../core/views/view.js';
import { publicName } from '../core/names.js';
import { shown, type Bot, type Cluster, type World } from '../core/world.js';
import type { Publish, Socket, SocketHandler } from '../http/message.js';
import { createArrivals, type Way } from './arrivals.js';
import { dismiss } from './dismiss.js';
import { framesOf, piecesOf, wholeNews, type BotNews, type News } from './pieces.js';
import { createRing } from './ring.js';
import { createRound } from './round.js';
import { createTicker, type Schedule } from './ticker.js';

const TOPIC = 'public';
const OTHER_PROTOCOL = `this server speaks another protocol: reload the page, or ask with p=${PROTOCOL}`;

export interface PublicFeed extends SocketHandler {
  note: (applied: Pick<Applied, 'facts'>) => void;
  /** The whole view as of the last patch's version; the same object until something was heard or changed. */
  view: () => PublicView;
  /** Tells everybody that the connection lives, and when each bot was heard. */
  alive: () => void;
  /** To be called now and then: hangs up on those who have not read for half a minute. */
  look: () => void;
  /** Sends everybody away, each to come back at another moment. */
  dismiss: () => void;
}

export interface PublicFeedOptions {
  world: World;
  title: () => string;
  /** Names this run of the server. */
  epoch: string;
  showClusters: boolean;
  publish: Publish;
  now: () => number;
  schedule: Schedule;
}

/** What changed in one bot since the last patch. */
interface Pending {
  isWhole: boolean;
  shards: Set<number>;
  clusters: Set<Cluster>;
  /** Names that clusters had before: gone, unless another has it now. */
  formerNames: Set<string>;
  isUsualNew: boolean;
}

/** The incidents as of the last patch, so that a snapshot has what its version says and the next patch fits. */
interface Told {
  incidents: IncidentView[];
  isOld: boolean;
}

export function createPublicFeed(options: PublicFeedOptions): PublicFeed {
  const { world, now } = options;
  const pending = new Map<Bot, Pending>();
  const sockets = new Set<Socket>();
  let version = 1;
  const ring = createRing(version);
  let title = options.title();
  const told: Told = { incidents: recentIncidents(world, options.showClusters), isOld: false };
  const round = createRound(TOPIC, options.publish, options.schedule);
  const of = pendingIn(pending, world);

  const flush = (): number => {
    const news: News = { at: shown(world, now()), bots: newsOf(pending, options) };
    if (title !== options.title()) news.title = title = options.title();
    if (told.isOld) news.incidents = tellIncidents(told, options);
    pending.clear();
    const frames = framesOf(piecesOf(news), version);
    for (const frame of frames) {
      ring.add(++version, frame);
      round.say(frame);
    }
    return frames.length;
  };
  const ticker = createTicker(flush, () => sockets.size, now, options.schedule);
  const view = createViewCache(options, () => version, told);
  const all = (): Way => ({ frames: snapshotOf(view()), version });
  const wayFrom = (from: number): Way => {
    const missed = ring.since(from);
    return missed ? { frames: missed, version, arePatches: true } : all();
  };
  const arrivals = createArrivals(
    { wayFrom, schedule: options.schedule, patience: { now, left: round.leave } },
    round.join,
  );

  return {
    note: ({ facts }) => {
      told.isOld ||= facts.some(({ type }) => type === 'incident' || type === 'clock');
      if (facts.filter((fact) => gather(of, fact, options)).length > 0) ticker.note();
    },
    view,
    alive: () => {
      if (sockets.size > 0) for (const frame of aliveFrames(world, now())) round.say(frame);
    },
    look: arrivals.endSlow,
    opened: (socket, query) => {
      if (query.get('p') !== PROTOCOL) return socket.close(CLOSE_OTHER_PROTOCOL, OTHER_PROTOCOL);
      sockets.add(socket);
      const way = query.get('e') === options.epoch ? wayFrom(Number(query.get('v') ?? NaN)) : all();
      // A frame is what proves the connection.
      arrivals.begin(socket, way.frames.length > 0 ? way : { frames: aliveFrames(world, now()), version });
    },
    closed: (socket) => {
      sockets.delete(socket);
      arrivals.end(socket);
      round.forget(socket);
    },
    dropped: (socket, text) => arrivals.dropped(socket, versionBefore(text)),
    drained: arrivals.drained,
    dismiss: () => dismiss([...sockets]),
  };
}

/** The version that a patch leads from; null: it is a sign of life, of which the next comes soon. */
function versionBefore(frame: string): number | null {
  const found = /^\{"op":"patch","v":(\d+)/.exec(frame);
  return found ? Number(found[1]) - 1 : null;
}

/** Notes what happened; false when the public does not see it. */
function gather(of: PendingOf, fact: Fact, { world, showClusters }: PublicFeedOptions): boolean {
  switch (fact.type) {
    case 'shard':
      return gatherShard(of, fact, world, showClusters);
    case 'member':
      return showClusters && gatherMember(of, fact, world);
    case 'bot':
      return note(of(fact.bot), { isWhole: true });
    case 'usual':
      return note(of(fact.bot), { isUsualNew: true });
    case 'clock':
      for (const key of world.bots.keys()) note(of(key), { isWhole: true });
      return true;
    case 'incident':
      return true;
    case 'cluster':
    case 'double-claim':
    case 'said':
    case 'two-senders':
    case 'word':
    case 'gap':
      return false;
  }
}

/** Null: the bot is gone. */
type PendingOf = (key: string) => Pending | null;

function note(one: Pending | null, news: Partial<Pending>): boolean {
  if (one) Object.assign(one, news);
  return one !== null;
}

/** Another state, or whose word it is. */
function gatherShard(of: PendingOf, fact: ShardFact, world: World, showClusters: boolean): boolean {
  const { bot, shard, from, to, holder, formerly } = fact;
  const isState = from !== to && shard < (world.bots.get(bot)?.shardCount ?? 0);
  const hasMoved = showClusters && holder !== formerly;
  const one = isState || hasMoved ? of(bot) : null;
  if (!one) return false;
  if (isState) one.shards.add(shard);
  if (hasMoved) for (const host of [formerly, holder]) noteCluster(one, world.clusters.get(host ?? ''));
  return true;
}

/** It has another name or bot, or is gone. */
function gatherMember(of: PendingOf, fact: MemberFact, { clusters }: World): boolean {
  const one = fact.formerly === null ? null : of(fact.formerBot ?? fact.bot);
  if (fact.formerly === null || !one) return false;
  one.formerNames.add(publicName(fact.formerly));
  noteCluster(one, clusters.get(fact.identity));
  return true;
}

/** Another configuration makes another map of bots. */
const pendingIn =
  (pending: Map<Bot, Pending>, world: World): PendingOf =>
  (key) => {
    const bot = world.bots.get(key);
    if (!bot) return null;
    const one = pending.get(bot) ?? nothingPending();
    pending.set(bot, one);
    return one;
  };

const nothingPending = (): Pending => ({
  isWhole: false,
  shards: new Set(),
  clusters: new Set(),
  formerNames: new Set(),
  isUsualNew: false,
});

function noteCluster(pending: Pending, cluster: Cluster | undefined): void {
  if (cluster) pending.clusters.add(cluster);
}

/** Of each shard the state it has now: what it went through within the tick nobody needs. */
const newsOf = (pending: Map<Bot, Pending>, { world, showClusters }: PublicFeedOptions): BotNews[] =>
  [...pending].map(([bot, one]) =>
    one.isWhole
      ? wholeNews(botView(world, bot, showClusters))
      : {
          key: bot.key,
          heardAt: heardAt(world, bot),
          shards: [...one.shards],
          said: (shard) => saidShard(world, bot, shard),
          clusters: clusterChanges(bot, one),
          ...(one.isUsualNew ? { usual: bot.recoveries.usual } : {}),
        },
  );

function clusterChanges(bot: Bot, { clusters, formerNames }: Pending): ClusterView[] {
  const changed = [...clusters].filter((cluster) => cluster.bot === bot).map(clusterView);
  const taken = new Set(changed.map((cluster) => cluster.name));
  const gone = [...formerNames].filter((name) => !taken.has(name)).map((name) => ({ name, shards: '' }));
  return [...gone, ...changed];
}

/** The list as it is now, with bare ids where nothing changed. */
function tellIncidents(told: Told, { world, showClusters }: PublicFeedOptions): (IncidentView | string)[] {
  const known = new Map(told.incidents.map((incident) => [incident.id, JSON.stringify(incident)]));
  told.incidents = recentIncidents(world, showClusters);
  told.isOld = false;
  return told.incidents.map((one) => (known.get(one.id) === JSON.stringify(one) ? one.id : one));
}

/** More than one where there are very many bots. */
function aliveFrames(world: World, at: number): string[] {
  const bots = [...world.bots.values()];
  const groups = Array.from({ length: Math.max(1, Math.ceil(bots.length / ALIVE_BOTS)) }, (_, i) =>
    bots.slice(i * ALIVE_BOTS, (i + 1) * ALIVE_BOTS),
  );
  return groups.map((some) => {
    const heard = Object.fromEntries(some.map((bot) => [bot.key, heardAt(world, bot)]));
    return JSON.stringify({ op: 'alive', at: shown(world, at), heardAt: heard });
  });
}

const ALIVE_BOTS = 128;
const VIEW_AGE_MS = 1_000; // how old "last heard" may be in an answer

/** Builds the view once a version, and once a second for the times in it. */
function createViewCache(
  { world, title, epoch, showClusters, now }: PublicFeedOptions,
  version: () => number,
  told: Told,
): () => PublicView {
  let built: PublicView | undefined;
  let builtAt = -Infinity;
  return () => {
    if (built?.version === version() && now() - builtAt < VIEW_AGE_MS) return built;
    builtAt = now();
    const bots = [...world.bots.values()].map((bot) => botView(world, bot, showClusters));
    built = {
      version: version(),
      epoch,
      at: shown(world, builtAt),
      title: title(),
      bots,
      incidents: told.incidents,
    };
    return built;
  };
}

const snapshots = new WeakMap<PublicView, string[]>();

/** The frames that make a view out of nothing, made once. Their versions end with the view's. */
function snapshotOf(view: PublicView): string[] {
  const known = snapshots.get(view);
  if (known) return known;
  const { at, title, incidents, version, epoch } = view;
  const pieces = piecesOf({ at, title, incidents, bots: view.bots.map(wholeNews) });
  const frames = framesOf(pieces, version - pieces.length, epoch);
  snapshots.set(view, frames);
  return frames;
}
