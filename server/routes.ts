// Every URL on one page: method, path, who may, how long a body, in whose words it is refused, and who answers.
import type { Handler } from './http/message.js';
import type { Route } from './http/router.js';

export interface Handlers {
  status: Handler;
  plain: Handler;
  card: Handler;
  manifest: Handler;
  robots: Handler;
  faviconIco: Handler;
  files: { path: string; handle: Handler }[];
  view: Handler;
  lookup: Handler;
  shard: Handler;
  batch: Handler;
  glanceStatus: Handler;
  glanceHealth: Handler;
  glanceFeed: Handler;
  live: Handler;
  register: Handler;
  heartbeat: Handler;
  goodbye: Handler;
  releaseLease: Handler;
  fleetView: Handler;
  fleetCluster: Handler;
  fleetTargets: Handler;
  fleetConfig: Handler;
  metrics: Handler;
  healthz: Handler;
  readyz: Handler;
}

/** The sockets; the same addresses answer plain requests with an explanation. */
export const LIVE_PATH = '/live';
export const GLANCE_FEED_PATH = '/api/feed';
/** Ours; bots have theirs at the same path, where Prometheus is sent to scrape them. */
export const METRICS_PATH = '/metrics';

/** `maxBytes`: the cap for reports. Glance's bodies are ignored, so they are not even read. */
export function createRoutes(on: Handlers, maxBytes: number): Route[] {
  const page = { method: 'GET', role: 'public', maxBytes: 0, dialect: 'page' } as const;
  const question = { method: 'GET', role: 'public', maxBytes: 0, dialect: 'json', cors: true } as const;
  const report = { method: 'POST', role: 'ingest', maxBytes } as const;
  const glance = { ...report, maxBytes: 0, dialect: 'glance' } as const;
  const fleet = { ...report, dialect: 'fleet' } as const;
  const read = { method: 'GET', role: 'viewer', maxBytes: 0, dialect: 'fleet' } as const;
  return [
    { ...page, path: '/', handle: on.status },
    { ...page, path: '/plain', handle: on.plain },
    { ...page, path: '/card.png', cors: true, handle: on.card },
    { ...page, path: '/manifest.webmanifest', handle: on.manifest },
    { ...page, path: '/robots.txt', handle: on.robots },
    { ...page, path: '/favicon.ico', handle: on.faviconIco },
    ...on.files.map((file) => ({ ...page, path: file.path, handle: file.handle })),

    { ...question, path: '/api/view', handle: on.view },
    { ...question, path: '/api/lookup', handle: on.lookup },
    { ...question, path: '/api/bots/:bot/shards/:shard<int>', handle: on.shard },
    { ...question, path: LIVE_PATH, handle: on.live },

    { ...report, path: '/api/bots/:bot/shards', dialect: 'json', handle: on.batch },

    { ...glance, path: '/api/status/:bot/:shard<int>/:state<int>', handle: on.glanceStatus },
    { ...glance, path: '/api/health/:bot/:shard<int>', handle: on.glanceHealth },
    { ...question, path: GLANCE_FEED_PATH, dialect: 'glance', handle: on.glanceFeed },

    { ...fleet, path: '/fleet/register', handle: on.register },
    { ...fleet, path: '/fleet/heartbeat', handle: on.heartbeat },
    { ...fleet, path: '/fleet/goodbye', handle: on.goodbye },

    { ...read, path: '/api/fleet/view', handle: on.fleetView },
    { ...read, path: '/api/fleet/cluster', handle: on.fleetCluster },
    { ...read, path: '/api/fleet/targets', handle: on.fleetTargets },
    { ...read, path: '/api/config', handle: on.fleetConfig },
    { ...read, path: METRICS_PATH, role: 'metrics', handle: on.metrics },
    { ...read, path: '/healthz', role: 'public', handle: on.healthz },
    { ...read, path: '/readyz', role: 'public', handle: on.readyz },
  ];
}
