// What Argus's dashboards and Prometheus ask: the fleet view, one cluster with its history, scrape targets, the settings.
import { leaseStatus } from '../core/registry/leases.js';
import { shown, type Cluster, type World } from '../core/world.js';
import { fleet as dialect } from '../dialects/fleet.js';
import { answerJson } from '../dialects/json.js';
import { isUnchanged, send } from '../http/cached.js';
import type { Handler, Request, Response } from '../http/message.js';
import { refuse } from '../http/refusal.js';
import { textOf } from './ascii.js';
import { historyJson, isoTime, jsonOf, writeCluster, type Json } from './fleet-json.js';
import { createFleetView, type FleetView, type FleetViewOptions } from './fleet-view.js';

export type FleetApi = Record<'fleetView' | 'fleetCluster' | 'fleetTargets' | 'fleetConfig', Handler>;

export interface FleetApiOptions extends FleetViewOptions {
  config: FleetConfig;
  /** Where bots have their own metrics. */
  scrapePath: string;
}

/** What `/api/config` says. */
export interface FleetConfig {
  namespace: string;
  version: string;
  authRequired: boolean;
  analyticsEnabled: boolean;
  /** Seconds between beats. */
  interval: number;
}

export function createFleetApi(options: FleetApiOptions): FleetApi {
  const { world, config } = options;
  const view = createFleetView(options);
  return {
    fleetView: (request) => answerView(view, request),
    fleetCluster: (request) => answerCluster(world, request),
    fleetTargets: () => answerJson(jsonOf(targetsOf(world, options.scrapePath))),
    fleetConfig: () => answerJson(jsonOf(configJson(config))),
  };
}

/** Who has it already need not wait for one with a newer time. */
async function answerView(view: FleetView, request: Request): Promise<Response> {
  const unchanged = view.unchanged();
  const hasIt = unchanged && isUnchanged(unchanged.etag, request.headers['if-none-match']);
  return send(hasIt ? unchanged : await view.document(), request, { isUrgent: true });
}

/** As many digits as JavaScript counts exactly; numbers of clusters never get there. */
const NUMBER = /^\d{1,15}$/;

function answerCluster(world: World, { query, headers }: Request): Response {
  const fleet = query.get('fleet') ?? '';
  const number = query.get('number') ?? '';
  if (fleet === '' || !NUMBER.test(number)) {
    const error = 'fleet and numeric number required';
    return refuse({ reason: 'bad-request', error }, dialect, headers);
  }
  const cluster = find(world, fleet, Number(number));
  if (!cluster) return refuse({ reason: 'unknown-member', error: 'cluster not found' }, dialect, headers);
  const text = textOf((out) => writeCluster(out, world, cluster));
  const more = jsonOf(ourOwn(world, cluster));
  return answerJson(
    `{"cluster": ${text.slice(0, -1)}, ${more.slice(1)}, "history": ${historyJson(world, cluster.measures.trend)}}`,
  );
}

/** Looks at all clusters: some 20 µs at 5,000, and one look a page. */
function find(world: World, fleet: string, number: number): Cluster | undefined {
  for (const cluster of world.clusters.values())
    if (cluster.number === number && cluster.fleet === fleet) return cluster;
  return undefined;
}

/** What we know beyond Argus, after its own fields. Never a lease or its hash. */
function ourOwn(world: World, cluster: Cluster): { [key: string]: Json } {
  const { latest } = cluster.measures;
  return {
    bot: cluster.bot.key,
    version: cluster.version,
    host: cluster.host,
    first_seen: isoTime(shown(world, cluster.firstSeenAt)),
    stopped: cluster.status === 'stopped',
    lease: leaseStatus(cluster, world.rules.requireLease),
    snapshot_too_large_at: cluster.oversizedAt > 0 ? isoTime(shown(world, cluster.oversizedAt)) : null,
    shards_configured: latest?.shardsConfigured ?? null,
    shard_reconnects: latest?.reconnects ?? null,
    shard_disconnects: latest?.disconnects ?? null,
    event_loop_lag_seconds: latest?.loopLagSeconds ?? null,
    library_version: latest?.libraryVersion ?? null,
    argus_version: latest?.argusVersion ?? null,
  };
}

/** Prometheus' http_sd. Clusters that are down included: a scrape tells more than their silence. */
function targetsOf(world: World, scrapePath: string): Json[] {
  const scraped = [...world.clusters.values()].filter(({ scrapeTarget }) => scrapeTarget !== '');
  const order = (a: Cluster, b: Cluster): number =>
    Buffer.compare(Buffer.from(a.fleet), Buffer.from(b.fleet)) || a.number - b.number;
  return scraped.sort(order).map(({ scrapeTarget, identity, fleet }) => ({
    targets: [scrapeTarget],
    labels: { cluster: identity, fleet, __metrics_path__: scrapePath },
  }));
}

const configJson = (config: FleetConfig): Json => ({
  fleet: true,
  namespace: config.namespace,
  version: config.version,
  auth_required: config.authRequired,
  analytics_enabled: config.analyticsEnabled,
  interval: config.interval,
});
