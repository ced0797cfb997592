// Applies a patch to a view. The server's view and a browser's snapshot plus patches are the same, by test.
import { readColumns } from './columns.js';
import { shardsOf, shownStates, type ShardsOfBot } from './counts.js';
import { UNKNOWN } from './states.js';
import type {
  AliveFrame,
  BareBot,
  BotPatch,
  BotView,
  ClusterView,
  IncidentView,
  PatchFrame,
  PublicView,
  SnapshotFrame,
} from './wire.js';

/** The view after the patch; bots that did not change are the same objects as before. */
export function applyPatch(view: PublicView, patch: PatchFrame | SnapshotFrame): PublicView {
  const bots = new Map(view.bots.map((bot) => [bot.key, bot]));
  for (const change of patch.bots) {
    const bot = bots.get(change.key);
    if ('whole' in change) bots.set(change.key, bareView(change.whole));
    else if (bot) bots.set(change.key, patchBot(bot, change, patch.at));
  }
  const title = patch.title ?? view.title;
  const incidents = patch.incidents ? patchIncidents(view.incidents, patch.incidents) : view.incidents;
  return { ...view, version: patch.v, at: patch.at, title, bots: [...bots.values()], incidents };
}

/** What a snapshot is a patch of. */
export const applySnapshot = (snapshot: SnapshotFrame): PublicView => {
  const nothing = { version: 0, epoch: snapshot.e, at: 0, title: '', bots: [], incidents: [] };
  return applyPatch(nothing, snapshot);
};

const bareView = (bot: BareBot): BotView => ({
  ...bot,
  ...shardsOf(`${UNKNOWN}`.repeat(bot.shardCount), new Map()),
  clusters: [],
});

const patchIncidents = (known: IncidentView[], list: (IncidentView | string)[]): IncidentView[] =>
  list.flatMap((one) => (typeof one === 'string' ? known.filter(({ id }) => id === one) : one));

/** The view after an `alive` frame: same version, fresher times. */
export function applyAlive(view: PublicView, alive: AliveFrame): PublicView {
  const bots = view.bots.map((bot) => ({ ...bot, heardAt: alive.heardAt[bot.key] ?? bot.heardAt }));
  return { ...view, at: alive.at, bots };
}

function patchBot(bot: BotView, patch: BotPatch, at: number): BotView {
  return {
    ...bot,
    ...(patch.shards ? patchShards(bot, readColumns(patch.shards, at)) : {}),
    heardAt: patch.heardAt,
    clusters: patch.clusters ? patchClusters(bot.clusters, patch.clusters) : bot.clusters,
    usual: patch.usual ?? bot.usual,
  };
}

function patchShards(bot: BotView, changes: ReturnType<typeof readColumns>): ShardsOfBot {
  const shown = shownStates(bot).split('');
  const since = new Map(bot.notReady);
  for (const [id, state, at = 0] of changes) {
    shown[id] = `${state}`;
    since.set(id, at);
  }
  return shardsOf(shown.join(''), since);
}

function patchClusters(clusters: ClusterView[], changes: NonNullable<BotPatch['clusters']>): ClusterView[] {
  const byName = new Map(clusters.map((cluster) => [cluster.name, cluster]));
  for (const change of changes) {
    const { name } = change;
    if ('more' in change) byName.set(name, { name, shards: `${byName.get(name)?.shards},${change.more}` });
    else if (change.shards === '') byName.delete(name);
    else byName.set(name, change);
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
