// What the doctor asks a server for: this program is a client, and the server it asks may be of another version.

export const PATHS = {
  page: '/',
  alive: '/healthz',
  ready: '/readyz',
  session: '/api/session',
  view: '/api/view',
  fleet: '/api/fleet/view',
  metrics: '/metrics',
  live: '/live',
  operatorFeed: '/live/operator',
  register: '/fleet/register',
  /** Refused without an identity, and only after the token was looked at: so it changes nothing. */
  heartbeat: '/fleet/heartbeat',
  goodbye: '/fleet/goodbye',
  forget: '/api/operator/forget',
} as const;
