// Whether we live, and whether we can do our work: for load balancers and orchestrators.
import { fleet } from '../dialects/fleet.js';
import { TEXT_HEADERS } from '../dialects/plain.js';
import type { Handler } from '../http/message.js';
import { refuse } from '../http/refusal.js';

export type HealthApi = Record<'healthz' | 'readyz', Handler>;

const HEADERS = Object.freeze({ ...TEXT_HEADERS, 'cache-control': 'no-store' });

/** `whyNotReady` says what is missing; null: nothing. */
export const createHealth = (whyNotReady: () => string | null): HealthApi => ({
  healthz: () => ({ status: 200, headers: HEADERS, body: 'ok\n' }),
  readyz: ({ headers }) => {
    const error = whyNotReady();
    if (error === null) return { status: 200, headers: HEADERS, body: 'ready\n' };
    return refuse({ reason: 'not-ready', error }, fleet, headers);
  },
});
