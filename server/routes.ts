// Every URL on one page: method, path, who may, how long a body, in whose words it is refused, and who answers. Sockets are rows, too.
import type { Api } from './api/room.js';
import { fleet as fleetDialect } from './dialects/fleet.js';
import { glance as glanceDialect } from './dialects/glance.js';
import { json } from './dialects/json.js';
import { page as pageDialect } from './dialects/page.js';
import type { Feeds } from './feed/room.js';
import type { Handler } from './http/message.js';
import type { Row } from './http/router.js';
import type { Table } from './http/server.js';
import type { Ingest } from './ingest/room.js';
import type { Pages } from './pages/serve.js';

/** Who answers. */
export interface Rooms {
  pages: Pages;
  api: Api;
  feeds: Feeds;
  ingest: Ingest;
  metrics: Handler;
}

/** The operators' page. */
export const OPERATOR_PATH = '/operator';
/** Ours; bots have theirs at the same path, where Prometheus is sent to scrape them. */
export const METRICS_PATH = '/metrics';

const MAX_WAITING_BYTES = 1024 * 1024;
/** A fleet of 5,000 clusters is 2 MB at once, and what follows must not count as falling behind. */
const OPERATORS_WAITING_BYTES = 8 * 1024 * 1024;

const MAX_WORDS_BYTES = 4_096; // of a token, or of what an operator says

const get = { method: 'GET', rate: 'public', maxBytes: 0 } as const;
const file = { ...get, role: 'public', dialect: pageDialect } as const;
const session = { role: 'public', path: '/api/session', dialect: json } as const;
const read = { method: 'GET', role: 'viewer', rate: 'read', maxBytes: 0, dialect: fleetDialect } as const;
const health = { method: 'GET', role: 'public', maxBytes: 0, dialect: fleetDialect } as const;
const action = { method: 'POST', role: 'operator', maxBytes: MAX_WORDS_BYTES, dialect: json } as const;
const watch = { ...read, endsWithSession: true, maxWaitingBytes: OPERATORS_WAITING_BYTES } as const;

export interface RouteSettings {
  /** The cap for reports. Glance's bodies are ignored, so they are not even read. */
  maxBytes: number;
  /** Whether everybody may see the page, and what it shows in other forms. */
  isPublic: boolean;
}

export function createRoutes(
  { pages, api, feeds, ingest, metrics }: Rooms,
  { maxBytes, isPublic }: RouteSettings,
): Table {
  const shown = { ...get, role: isPublic ? 'public' : 'viewer', cors: isPublic } as const;
  const page = { ...shown, cors: false, dialect: pageDialect } as const;
  const question = { ...shown, dialect: json } as const;
  const report = { method: 'POST', role: 'ingest', maxBytes } as const;
  const glance = { ...report, maxBytes: 0, dialect: glanceDialect, audit: 'glance' } as const;
  const fleet = { ...report, dialect: fleetDialect } as const;
  const feed = { ...question, endsWithSession: false, maxWaitingBytes: MAX_WAITING_BYTES } as const;
  const rows: Row[] = [
    { ...page, path: '/', handle: pages.status },
    { ...page, path: '/plain', handle: pages.plain },
    { ...file, path: OPERATOR_PATH, handle: pages.operator },
    { ...page, path: '/card.png', cors: isPublic, handle: pages.card },
    { ...page, path: '/manifest.webmanifest', handle: pages.manifest },
    { ...page, path: '/favicon.ico', handle: pages.faviconIco },
    { ...file, path: '/robots.txt', handle: pages.robots },
    ...pages.files.map(({ path, handle }) => ({ ...file, path, handle })),

    { ...question, path: '/api/view', handle: api.view },
    { ...question, path: '/api/lookup', handle: api.lookup },
    { ...question, path: '/api/bots/:bot/shards/:shard<int>', handle: api.shard },
    { ...feed, path: '/live', socket: feeds.live },

    { ...session, method: 'GET', rate: 'public', maxBytes: 0, handle: api.session },
    { ...session, method: 'POST', maxBytes: MAX_WORDS_BYTES, handle: api.signIn },
    { ...session, method: 'DELETE', maxBytes: 0, handle: api.signOut },
    { ...action, path: '/api/operator/release-lease', handle: api.releaseLease },
    { ...action, path: '/api/operator/forget', handle: api.forget },
    { ...action, path: '/api/operator/bot', handle: api.setBot },
    { ...action, path: '/api/operator/assign', handle: api.assign },
    { ...action, path: '/api/operator/ban', handle: api.ban },
    { ...read, path: '/api/operator/search', dialect: json, handle: api.search },
    { ...watch, path: '/live/operator', dialect: json, socket: feeds.operator },

    { ...report, path: '/api/bots/:bot/shards', dialect: json, audit: 'batch', handle: ingest.batch },

    { ...glance, path: '/api/status/:bot/:shard<int>/:state<int>', handle: ingest.glanceStatus },
    { ...glance, path: '/api/health/:bot/:shard<int>', handle: ingest.glanceHealth },
    { ...feed, path: '/api/feed', dialect: glanceDialect, socket: feeds.glance },

    { ...fleet, path: '/fleet/register', audit: 'register', handle: ingest.register },
    {
      ...fleet,
      path: '/fleet/heartbeat',
      audit: 'heartbeat',
      handle: ingest.heartbeat,
      tooLarge: ingest.oversize,
    },
    { ...fleet, path: '/fleet/goodbye', audit: 'goodbye', handle: ingest.goodbye },

    { ...read, path: '/api/fleet/view', handle: api.fleetView },
    { ...read, path: '/api/fleet/cluster', handle: api.fleetCluster },
    { ...read, path: '/api/fleet/targets', handle: api.fleetTargets },
    { ...read, path: '/api/config', handle: api.fleetConfig },
    { ...read, path: METRICS_PATH, role: 'metrics', handle: metrics },
    { ...health, path: '/healthz', handle: api.healthz },
    { ...health, path: '/readyz', handle: api.readyz },
  ];
  return { rows, notFoundPage: pages.notFound, privatePage: pages.isPrivate };
}
