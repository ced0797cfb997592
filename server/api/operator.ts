// What operators may do: for now, free an identity from its lease, so that the next register claims it.
import { z } from 'zod';
import type { Event } from '../core/event.js';
import { readJson } from '../http/body.js';
import type { Handler, Request, Response } from '../http/message.js';
import { refuse, type Reason } from '../http/refusal.js';

type ActionAnswer = { ok: true } | { ok: false; reason: Reason; error: string };

export interface OperatorSettings {
  submit: (event: Event) => ActionAnswer | Promise<ActionAnswer>;
  now: () => number;
  /** What was done, for the log. */
  note: (line: string) => void;
}

export interface OperatorApi {
  releaseLease: Handler;
}

const release = z.object({
  identity: z.string().min(1).max(128),
});

export function createOperatorApi(settings: OperatorSettings): OperatorApi {
  return { releaseLease: (request) => releaseLease(request, settings) };
}

async function releaseLease(request: Request, { submit, now, note }: OperatorSettings): Promise<Response> {
  const { body, headers } = request;
  const json = readJson(body);
  const read = release.safeParse(json.ok ? json.value : undefined);
  if (!read.success) return refuse({ reason: 'bad-request', error: WHAT_TO_SEND }, 'json', headers.accept);
  const { identity } = read.data;
  const answer = await submit({ type: 'release', at: now(), identity });
  if (!answer.ok) return refuse(answer, 'json', headers.accept);
  note(`an operator released the lease of ${JSON.stringify(identity)}: the next register claims it`);
  return { status: 204 };
}

const WHAT_TO_SEND =
  'the body must be JSON like {"identity":"asia-0"}, the identity of a cluster in 1 to 128 characters';
