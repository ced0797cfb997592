// Every URL on one page: method, path, who may, how long a body, in whose words it is refused, and who answers. Sockets are rows, too.
import { fleet as fleetDialect } from './dialects/fleet.js';
import { glance as glanceDialect } from './dialects/glance.js';
import { json } from './dialects/json.js';
import { page as pageDialect } from './dialects/page.js';
import type { Handler, SocketHandler } from './http/message.js';
import type { Route, Row } from './http/router.js';

export interface Handlers {
  status: Handler;
  operator: Handler;
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
  glanceFeed: SocketHandler;
  live: SocketHandler;
  register: Handler;
  heartbeat: Handler;
  goodbye: Handler;
  oversize: NonNullable<Route['tooLarge']>;
  releaseLease: Handler;
  forget: Handler;
  setBot: Handler;
  assign: Handler;
  ban: Handler;
  search: Handler;
  operatorFeed: SocketHandler;
  fleetView: Handler;
  fleetCluster: Handler;
  fleetTargets: Handler;
  fleetConfig: Handler;
  metrics: Handler;
  healthz: Handler;
  readyz: Handler;
  session: Handler;
  signIn: Handler;
  signOut: Handler;
}

/** The operators' page. */
export const OPERATOR_PATH = '/operator';
/** Ours; bots have theirs at the same path, where Prometheus is sent to scrape them. */
export const METRICS_PATH = '/metrics';

const MAX_WAITING_BYTES = 1024 * 1024;
/** A fleet of 5,000 clusters is 2 MB at once, and what follows must not count as falling behind. */
const OPERATORS_WAITING_BYTES = 8 * 1024 * 1024;

const MAX_WORDS_BYTES = 4_096; // of a token, or of what an operator says

export interface RouteSettings {
  /** The cap for reports. Glance's bodies are ignored, so they are not even read. */
  maxBytes: number;
  /** Whether everybody may see the page, and what it shows in other forms. */
  isPublic: boolean;
}

export function createRoutes(on: Handlers, { maxBytes, isPublic }: RouteSettings): Row[] {
  const get = { method: 'GET', rate: 'public', maxBytes: 0 } as const;
  const shown = { ...get, role: isPublic ? 'public' : 'viewer', cors: isPublic } as const;
  const page = { ...shown, cors: false, dialect: pageDialect } as const;
  const question = { ...shown, dialect: json } as const;
  const file = { ...get, role: 'public', dialect: pageDialect } as const;
  const session = { role: 'public', path: '/api/session', dialect: json } as const;
  const report = { method: 'POST', role: 'ingest', maxBytes } as const;
  const glance = { ...report, maxBytes: 0, dialect: glanceDialect, audit: 'glance' } as const;
  const fleet = { ...report, dialect: fleetDialect } as const;
  const read = { method: 'GET', role: 'viewer', rate: 'read', maxBytes: 0, dialect: fleetDialect } as const;
  const health = { method: 'GET', role: 'public', maxBytes: 0, dialect: fleetDialect } as const;
  const action = { method: 'POST', role: 'operator', maxBytes: MAX_WORDS_BYTES, dialect: json } as const;
  const feed = { ...question, endsWithSession: false, maxWaitingBytes: MAX_WAITING_BYTES } as const;
  const watch = { ...read, endsWithSession: true, maxWaitingBytes: OPERATORS_WAITING_BYTES } as const;
  return [
    { ...page, path: '/', handle: on.status },
    { ...page, path: '/plain', handle: on.plain },
    { ...file, path: OPERATOR_PATH, handle: on.operator },
    { ...page, path: '/card.png', cors: isPublic, handle: on.card },
    { ...page, path: '/manifest.webmanifest', handle: on.manifest },
    { ...page, path: '/favicon.ico', handle: on.faviconIco },
    { ...file, path: '/robots.txt', handle: on.robots },
    ...on.files.map(({ path, handle }) => ({ ...file, path, handle })),

    { ...question, path: '/api/view', handle: on.view },
    { ...question, path: '/api/lookup', handle: on.lookup },
    { ...question, path: '/api/bots/:bot/shards/:shard<int>', handle: on.shard },
    { ...feed, path: '/live', socket: on.live },

    { ...session, method: 'GET', rate: 'public', maxBytes: 0, handle: on.session },
    { ...session, method: 'POST', maxBytes: MAX_WORDS_BYTES, handle: on.signIn },
    { ...session, method: 'DELETE', maxBytes: 0, handle: on.signOut },
    { ...action, path: '/api/operator/release-lease', handle: on.releaseLease },
    { ...action, path: '/api/operator/forget', handle: on.forget },
    { ...action, path: '/api/operator/bot', handle: on.setBot },
    { ...action, path: '/api/operator/assign', handle: on.assign },
    { ...action, path: '/api/operator/ban', handle: on.ban },
    { ...read, path: '/api/operator/search', dialect: json, handle: on.search },
    { ...watch, path: '/live/operator', dialect: json, socket: on.operatorFeed },

    { ...report, path: '/api/bots/:bot/shards', dialect: json, audit: 'batch', handle: on.batch },

    { ...glance, path: '/api/status/:bot/:shard<int>/:state<int>', handle: on.glanceStatus },
    { ...glance, path: '/api/health/:bot/:shard<int>', handle: on.glanceHealth },
    { ...feed, path: '/api/feed', dialect: glanceDialect, socket: on.glanceFeed },

    { ...fleet, path: '/fleet/register', audit: 'register', handle: on.register },
    { ...fleet, path: '/fleet/heartbeat', audit: 'heartbeat', handle: on.heartbeat, tooLarge: on.oversize },
    { ...fleet, path: '/fleet/goodbye', audit: 'goodbye', handle: on.goodbye },

    { ...read, path: '/api/fleet/view', handle: on.fleetView },
    { ...read, path: '/api/fleet/cluster', handle: on.fleetCluster },
    { ...read, path: '/api/fleet/targets', handle: on.fleetTargets },
    { ...read, path: '/api/config', handle: on.fleetConfig },
    { ...read, path: METRICS_PATH, role: 'metrics', handle: on.metrics },
    { ...health, path: '/healthz', handle: on.healthz },
    { ...health, path: '/readyz', handle: on.readyz },
  ];
}
