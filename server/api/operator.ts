// What operators ask and do: a search; and the actions, each a durable event that is answered once it is safe.
import * as z from 'zod';
import type { SearchView } from '../../public/shared/operator-wire.js';
import type { DurableEvent } from '../core/event.js';
import { search } from '../core/views/search.js';
import { BOT_KEY, MAX_SHARD_COUNT } from '../core/registry/registry.js';
import type { World } from '../core/world.js';
import { answerJson, json as dialect } from '../dialects/json.js';
import { readJson } from '../http/body.js';
import type { Handler, Request, Response } from '../http/message.js';
import { refuse, type Reason } from '../http/refusal.js';
import type { Audit } from '../telemetry/audit.js';

type ActionAnswer = { ok: true } | { ok: false; reason: Reason; error: string };

export interface OperatorSettings {
  world: World;
  submit: (event: DurableEvent) => ActionAnswer | Promise<ActionAnswer>;
  now: () => number;
  /** What was done, for the log. */
  note: (line: string) => void;
  /** Every attempt that could be read, for the audit log. */
  audit: Audit;
}

export type OperatorApi = Record<'releaseLease' | 'forget' | 'setBot' | 'assign' | 'ban' | 'search', Handler>;

/** An action of operators: how its body is read, the event it is, and how it is told afterwards. */
interface Action<Said> {
  name: string;
  body: z.ZodType<Said>;
  /** A body as it should be. */
  example: string;
  event: (said: Said, at: number) => DurableEvent;
  /** The identity or the key it is about. */
  whom: (said: Said) => string;
  /** Goes on from "an operator …". */
  done: (said: Said) => string;
}

const IDENTITY = 'must be the identity of a cluster in 1 to 128 characters';
const BOT = 'must be the key of a bot: 1 to 64 characters of A-Z, a-z, 0-9, "_" and "-"';
const NAME = 'must be null, or a name of 1 to 100 characters without line breaks';
const COUNT = `must be null, or a whole number from 1 to ${MAX_SHARD_COUNT}`;

const GLOB = 'must be an identity, or a pattern with * for any characters, in 1 to 128 characters';
const glob = z.string(GLOB).min(1, GLOB).max(128, GLOB);
const identity = z.string(IDENTITY).min(1, IDENTITY).max(128, IDENTITY);
const botKey = z.string(BOT).regex(BOT_KEY, BOT);
const botName = z
  .string(NAME)
  .trim()
  .regex(/^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\ud800-\udfff]{1,100}$/u, NAME)
  .nullable();
const count = z.int(COUNT).min(1, COUNT).max(MAX_SHARD_COUNT, COUNT).nullable();

const quoted = (text: string): string => JSON.stringify(text);

const RELEASE: Action<{ identity: string }> = {
  name: 'release-lease',
  body: z.object({ identity }),
  example: '{"identity":"asia-0"}',
  event: (said, at) => ({ type: 'release', at, ...said }),
  whom: (said) => said.identity,
  done: (said) => `released the lease of ${quoted(said.identity)}: the next register claims it`,
};

const FORGET: Action<{ identity: string }> = {
  name: 'forget',
  body: z.object({ identity }),
  example: '{"identity":"asia-0"}',
  event: (said, at) => ({ type: 'forget', at, ...said }),
  whom: (said) => said.identity,
  done: (said) => `forgot the cluster ${quoted(said.identity)}: its number stays taken`,
};

const SET_BOT: Action<{ bot: string; name: string | null; shard_count: number | null }> = {
  name: 'set-bot',
  body: z.object({ bot: botKey, name: botName, shard_count: count }),
  example: '{"bot":"main","name":"My Bot","shard_count":null}',
  event: ({ bot, name, shard_count }, at) => ({ type: 'set-bot', at, bot, name, shardCount: shard_count }),
  whom: ({ bot }) => bot,
  done: ({ bot, name, shard_count }) =>
    `set the bot ${quoted(bot)}: name ${name === null ? 'as given' : quoted(name)}, shard count ${shard_count ?? 'as configured or declared'}`,
};

const ASSIGN: Action<{ identity: string; bot: string | null }> = {
  name: 'assign',
  body: z.object({ identity, bot: botKey.nullable() }),
  example: '{"identity":"asia-0","bot":"main"}',
  event: (said, at) => ({ type: 'assign', at, ...said }),
  whom: (said) => said.identity,
  done: (said) =>
    said.bot === null
      ? `left the bot of ${quoted(said.identity)} to the rules`
      : `assigned ${quoted(said.identity)} to the bot ${quoted(said.bot)}`,
};

const BAN: Action<{ glob: string; banned: boolean }> = {
  name: 'ban',
  body: z.object({ glob, banned: z.boolean('must be true or false') }),
  example: '{"glob":"evil-*","banned":true}',
  event: (said, at) => ({ type: 'ban', at, ...said }),
  whom: (said) => said.glob,
  done: (said) => `${said.banned ? 'banned' : 'took back the ban of'} identities like ${quoted(said.glob)}`,
};

export function createOperatorApi(settings: OperatorSettings): OperatorApi {
  return {
    releaseLease: handlerOf(RELEASE, settings),
    forget: handlerOf(FORGET, settings),
    setBot: handlerOf(SET_BOT, settings),
    assign: handlerOf(ASSIGN, settings),
    ban: handlerOf(BAN, settings),
    search: (request) => answerSearch(request, settings.world),
  };
}

function handlerOf<Said>(action: Action<Said>, settings: OperatorSettings): Handler {
  return (request) => {
    const json = readJson(request.body, request.headers['content-type']);
    const read = action.body.safeParse(json.ok ? json.value : undefined);
    if (read.success) return act(action, read.data, request, settings);
    const error = `${mistakeIn(read.error)}send JSON like ${action.example}`;
    return refuse({ reason: 'bad-request', error }, dialect, request.headers);
  };
}

/** The first field that is wrong, and how; nothing where the body as a whole is. */
function mistakeIn({ issues: [issue] }: z.ZodError): string {
  const field = issue?.path.join('.') ?? '';
  return field === '' ? 'the body is not what this takes: ' : `${field} ${issue!.message}; `;
}

async function act<Said>(
  action: Action<Said>,
  said: Said,
  request: Request,
  { submit, now, note, audit }: OperatorSettings,
): Promise<Response> {
  const answer = await submit(action.event(said, now()));
  audit(action.name, action.whom(said), request, answer.ok ? 'ok' : `denied:${answer.reason}`);
  if (!answer.ok) return refuse(answer, dialect, request.headers);
  note(`an operator ${action.done(said)}`);
  return { status: 204 };
}

const MAX_QUERY = 128;

function answerSearch({ query, headers }: Request, world: World): Response {
  const text = query.get('q') ?? '';
  if (text.length > MAX_QUERY) {
    const error = `q is too long: at most ${MAX_QUERY} characters`;
    return refuse({ reason: 'bad-request', error }, dialect, headers);
  }
  const view: SearchView = { hits: search(world, text) };
  return answerJson(view);
}
