// Reports of Glance bots, answered as Glance does: a status or a sign of life, one shard a request.
import type { Answer } from '../core/change.js';
import type { VolatileEvent } from '../core/event.js';
import { glance } from '../dialects/glance.js';
import { TEXT_HEADERS } from '../dialects/plain.js';
import type { Handler, Request, Response } from '../http/message.js';
import { refuse } from '../http/refusal.js';

export type GlanceIngest = Record<'glanceStatus' | 'glanceHealth', Handler>;

const ACCEPTED: Response = { status: 204, headers: TEXT_HEADERS };

/** The route table lets only whole numbers through as shard and state. */
export function createGlanceIngest(
  submit: (event: VolatileEvent) => Answer,
  now: () => number,
): GlanceIngest {
  const reply = (event: VolatileEvent, { headers }: Request): Response => {
    const answer = submit(event);
    return answer.ok ? ACCEPTED : refuse(answer, glance, headers);
  };
  return {
    glanceStatus: (request) => {
      const { bot = '', shard, state } = request.params;
      return reply({ type: 'status', at: now(), bot, shard: Number(shard), state: Number(state) }, request);
    },
    glanceHealth: (request) => {
      const { bot = '', shard } = request.params;
      return reply({ type: 'health', at: now(), bot, shard: Number(shard) }, request);
    },
  };
}
