// Applies a patch to a view. The server's view and a browser's snapshot plus patches are the same, by test.
import { formatRanges, readRanges } from './ranges.js';
import { isNotReady, wireName } from './states.js';
import type {
  AliveFrame,
  BotPatch,
  BotView,
  ClusterView,
  IncidentView,
  NotReady,
  PatchFrame,
  PublicView,
  ShardChange,
} from './wire.js';

/** The view after the patch; bots that did not change are the same objects as before. */
export function applyPatch(view: PublicView, patch: PatchFrame): PublicView {
  const bots = new Map(view.bots.map((bot) => [bot.key, bot]));
  for (const change of patch.bots) {
    const bot = bots.get(change.key);
    if ('whole' in change) bots.set(change.key, change.whole);
    else if (bot) bots.set(change.key, patchBot(bot, change));
  }
  const title = patch.title ?? view.title;
  const incidents = patch.incidents ? patchIncidents(view.incidents, patch.incidents) : view.incidents;
  return { ...view, version: patch.v, at: patch.at, title, bots: [...bots.values()], incidents };
}

const patchIncidents = (known: IncidentView[], list: (IncidentView | string)[]): IncidentView[] =>
  list.flatMap((one) => (typeof one === 'string' ? known.filter(({ id }) => id === one) : one));

/** The view after an `alive` frame: same version, fresher times. */
export function applyAlive(view: PublicView, alive: AliveFrame): PublicView {
  const bots = view.bots.map((bot) => ({ ...bot, heardAt: alive.heardAt[bot.key] ?? bot.heardAt }));
  return { ...view, at: alive.at, bots };
}

function patchBot(bot: BotView, patch: BotPatch): BotView {
  return {
    ...bot,
    ...(patch.shards ? patchShards(bot, patch.shards) : {}),
    heardAt: patch.heardAt,
    clusters: patch.clusters ? patchClusters(bot.clusters, patch.clusters) : bot.clusters,
    usual: patch.usual ?? bot.usual,
  };
}

function patchShards(
  bot: BotView,
  changes: ShardChange[],
): Pick<BotView, 'states' | 'counts' | 'notReady' | 'planned'> {
  const letters = bot.states.split('');
  const counts = { ...bot.counts };
  const notReady = new Map(bot.notReady);
  const stopped = new Set(readRanges(bot.planned));
  for (const [id, state, since, isPlanned] of changes) {
    counts[wireName(Number(letters[id]))]--;
    counts[wireName(state)]++;
    letters[id] = `${state}`;
    if (isNotReady(state) && since !== undefined) notReady.set(id, since);
    else notReady.delete(id);
    if (isPlanned) stopped.add(id);
    else stopped.delete(id);
  }
  counts.planned = stopped.size;
  const sorted: NotReady[] = [...notReady].sort(([a], [b]) => a - b);
  return { states: letters.join(''), counts, notReady: sorted, planned: formatRanges(stopped) };
}

function patchClusters(clusters: ClusterView[], changes: ClusterView[]): ClusterView[] {
  const byName = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  for (const change of changes) {
    if (change.shards === '') byName.delete(change.name);
    else byName.set(change.name, change);
  }
  return [...byName.values()].sort((a, b) => compareClusters(a.name, b.name));
}

/** Clusters in reading order: by fleet, then by number. */
export function compareClusters(a: string, b: string): number {
  const [fleetA, numberA] = splitName(a);
  const [fleetB, numberB] = splitName(b);
  if (fleetA !== fleetB) return fleetA < fleetB ? -1 : 1;
  return numberA - numberB;
}

function splitName(name: string): [fleet: string, number: number] {
  const at = name.lastIndexOf(' #');
  return [name.slice(0, at), Number(name.slice(at + 2))];
}
