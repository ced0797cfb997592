// Reports of Glance bots, answered as Glance does: a status or a sign of life, one shard a request.
import type { HealthEvent, StatusEvent } from '../core/event.js';
import { glance } from '../dialects/glance.js';
import { TEXT_HEADERS } from '../dialects/plain.js';
import type { Handler, Request, Response } from '../http/message.js';
import { refuse, type Refused } from '../http/refusal.js';

type GlanceEvent = StatusEvent | HealthEvent;
type GlanceAnswer = { ok: true } | (Refused & { ok: false });

export type GlanceIngest = Record<'glanceStatus' | 'glanceHealth', Handler>;

const ACCEPTED: Response = { status: 204, headers: TEXT_HEADERS };

/** The route table lets only whole numbers through as shard and state. */
export function createGlanceIngest(
  submit: (event: GlanceEvent) => GlanceAnswer | Promise<GlanceAnswer>,
  now: () => number,
): GlanceIngest {
  const said = (answer: GlanceAnswer, { headers }: Request): Response =>
    answer.ok ? ACCEPTED : refuse(answer, glance, headers);
  const reply = (event: GlanceEvent, request: Request): Response | Promise<Response> => {
    const answer = submit(event);
    return answer instanceof Promise ? answer.then((later) => said(later, request)) : said(answer, request);
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
