// Reports of Glance bots, answered as Glance does: a status or a sign of life, one shard a request.
import type { Answer } from '../core/change.js';
import type { VolatileEvent } from '../core/event.js';
import type { Handler, Request, Response } from '../http/message.js';
import { refuse } from '../http/refusal.js';

export interface GlanceIngest {
  status: Handler;
  health: Handler;
}

const ACCEPTED: Response = {
  status: 204,
  headers: Object.freeze({ 'content-type': 'text/plain; charset=utf-8' }),
};

/** The route table lets only whole numbers through as shard and state. */
export function createGlanceIngest(
  submit: (event: VolatileEvent) => Answer | Promise<Answer>,
  now: () => number,
): GlanceIngest {
  const said = (answer: Answer, { headers }: Request): Response =>
    answer.ok ? ACCEPTED : refuse(answer, 'glance', headers.accept);
  const reply = (event: VolatileEvent, request: Request): Response | Promise<Response> => {
    const answer = submit(event);
    return answer instanceof Promise ? answer.then((later) => said(later, request)) : said(answer, request);
  };
  return {
    status: (request) => {
      const { bot = '', shard, state } = request.params;
      return reply({ type: 'status', at: now(), bot, shard: Number(shard), state: Number(state) }, request);
    },
    health: (request) => {
      const { bot = '', shard } = request.params;
      return reply({ type: 'health', at: now(), bot, shard: Number(shard) }, request);
    },
  };
}
