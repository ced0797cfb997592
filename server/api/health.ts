// Whether we live, and whether we can do our work: for load balancers and orchestrators.
import type { Handler } from '../http/message.js';
import { refuse } from '../http/refusal.js';

export interface HealthApi {
  healthz: Handler;
  readyz: Handler;
}

const TEXT_HEADERS = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };

/** `whyNotReady` says what is missing; null: nothing. */
export const createHealth = (whyNotReady: () => string | null): HealthApi => ({
  healthz: () => ({ status: 200, headers: TEXT_HEADERS, body: 'ok\n' }),
  readyz: ({ headers }) => {
    const error = whyNotReady();
    if (error === null) return { status: 200, headers: TEXT_HEADERS, body: 'ready\n' };
    return refuse({ reason: 'not-ready', error }, 'fleet', headers.accept);
  },
});
