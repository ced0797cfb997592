// The public feed: gathers what changed, encodes one patch a tick for everybody, and brings newcomers up to date.
import type {
  BotPatch,
  BotReplacement,
  ClusterView,
  IncidentView,
  PatchFrame,
  PublicView,
} from '../../public/shared/wire.js';
import type { Change } from '../core/change.js';
import { botView, clusterView, heardAt, recentIncidents, shardChange } from '../core/view.js';
import { publicName, shown, type Bot, type Cluster, type World } from '../core/world.js';
import type { Publish, Socket, SocketHandler } from '../http/message.js';
import { dismiss } from './dismiss.js';
import { createRing } from './ring.js';
import { createTicker, type Schedule } from './ticker.js';

const TOPIC = 'public';

export interface PublicFeed extends SocketHandler {
  note: (changes: Change[]) => void;
  /** The whole view as of the last patch's version; the same object until something was heard or changed. */
  view: () => PublicView;
  /** Tells everybody that the connection lives, and when each bot was heard. */
  alive: () => void;
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

  const flush = (): void => {
    const patch = encode(pending, options, version + 1);
    if (title !== options.title()) patch.title = title = options.title();
    if (told.isOld) patch.incidents = tellIncidents(told, options);
    pending.clear();
    version++;
    const text = JSON.stringify(patch);
    ring.add(version, text);
    options.publish(TOPIC, text);
  };
  const ticker = createTicker(flush, () => sockets.size, now, options.schedule);
  const view = createViewCache(options, () => version, told);

  return {
    note: (changes) => {
      let isNews = false;
      for (const change of changes) {
        told.isOld ||= change.type === 'incident' || change.type === 'clock';
        isNews = gather(pending, change, options) || isNews;
      }
      if (isNews) ticker.note();
    },
    view,
    alive: () => {
      if (sockets.size > 0) options.publish(TOPIC, aliveFrame(world, now()));
    },
    opened: (socket, query) => {
      sockets.add(socket);
      const missed = query.get('e') === options.epoch ? ring.since(Number(query.get('v') ?? NaN)) : undefined;
      for (const frame of missed ?? [snapshotOf(view())]) socket.send(frame);
      if (missed?.length === 0) socket.send(aliveFrame(world, now())); // a frame is what proves the connection
      socket.join(TOPIC);
    },
    closed: (socket) => void sockets.delete(socket),
    dismiss: () => dismiss([...sockets]),
  };
}

/** Notes a change; false when the public does not see it. */
function gather(
  pending: Map<Bot, Pending>,
  change: Change,
  { world, showClusters }: PublicFeedOptions,
): boolean {
  switch (change.type) {
    case 'shard':
      pendingOf(pending, change.bot).shards.add(change.shard);
      return true;
    case 'bot':
    case 'bot-set':
    case 'certainty':
      pendingOf(pending, change.bot).isWhole = true;
      return true;
    case 'usual':
      pendingOf(pending, change.bot).isUsualNew = true;
      return true;
    case 'incident':
      return true;
    case 'clock':
      for (const bot of world.bots.values()) pendingOf(pending, bot).isWhole = true;
      return true;
    case 'cluster':
      if (showClusters) noteCluster(pendingOf(pending, change.bot), change.cluster, change.formerly);
      return showClusters;
    case 'status':
    case 'ping':
    case 'beat':
    case 'member':
    case 'bans':
    case 'cluster-status':
    case 'forgotten':
    case 'double-claim':
    case 'two-senders':
    case 'single-claim':
    case 'lapsed':
      return false;
  }
}

function pendingOf(pending: Map<Bot, Pending>, bot: Bot): Pending {
  let known = pending.get(bot);
  if (!known) {
    known = {
      isWhole: false,
      shards: new Set(),
      clusters: new Set(),
      formerNames: new Set(),
      isUsualNew: false,
    };
    pending.set(bot, known);
  }
  return known;
}

function noteCluster(pending: Pending, cluster: Cluster, formerly: string | null): void {
  pending.clusters.add(cluster);
  if (formerly !== null) pending.formerNames.add(publicName(formerly));
}

function encode(pending: Map<Bot, Pending>, options: PublicFeedOptions, v: number): PatchFrame {
  const bots = [...pending].map(([bot, one]): BotPatch | BotReplacement =>
    one.isWhole
      ? { key: bot.key, whole: botView(options.world, bot, options.showClusters) }
      : patchOf(options.world, bot, one),
  );
  return { op: 'patch', v, at: shown(options.world, options.now()), bots };
}

/** Of each shard the state it has now: what it went through within the tick nobody needs. */
function patchOf(world: World, bot: Bot, pending: Pending): BotPatch {
  const clusters = clusterChanges(bot, pending);
  return {
    key: bot.key,
    heardAt: heardAt(world, bot),
    ...(pending.shards.size > 0
      ? { shards: [...pending.shards].map((shard) => shardChange(world, bot, shard)) }
      : {}),
    ...(clusters.length > 0 ? { clusters } : {}),
    ...(pending.isUsualNew ? { usual: bot.recoveries.usual } : {}),
  };
}

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

function aliveFrame(world: World, at: number): string {
  const heard = Object.fromEntries([...world.bots.values()].map((bot) => [bot.key, heardAt(world, bot)]));
  return JSON.stringify({ op: 'alive', at: shown(world, at), heardAt: heard });
}

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

const snapshots = new WeakMap<PublicView, string>();

/** The snapshot frame of a view, serialized once. */
function snapshotOf(view: PublicView): string {
  const known = snapshots.get(view) ?? JSON.stringify({ op: 'snapshot', view });
  snapshots.set(view, known);
  return known;
}
