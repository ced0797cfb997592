// How long a post takes to be a frame on a screen. It writes, so it is done only when asked: a cluster comes, and goes.
import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { jsonOf, type Ask, type Asked } from './ask.js';
import type { Keys } from './access.js';
import { ok, problem, shown, skipped, warning, type Line } from './line.js';
import { unopenedLine, watchScope, type Watch } from './operator-feed.js';
import { PATHS } from './paths.js';
import { reasonOf } from './reach.js';
import type { Open } from './socket.js';

export interface ProbeParts {
  ask: Ask;
  open: Open;
  keys: Keys;
  /** A bot that is there: a register that named none could create one, on the public page. Null: there is none. */
  bot: string | null;
  timeoutMs: number;
}

const NAME = 'probe';
const FLEET = 'doctor';
const SLOW_MS = 1_000;
const ID_BYTES = 4;

const registered = z.object({ lease: z.string().optional() });

export async function probe(parts: ProbeParts): Promise<Line[]> {
  const { open, keys, bot } = parts;
  if (keys.ingest === undefined)
    return [skipped(NAME, 'the probe needs a token that may report', 'Give --ingest-token.')];
  if (keys.viewer === undefined)
    return [
      skipped(NAME, 'the probe needs a token that may read the fleet, to see itself', 'Give --viewer-token.'),
    ];
  if (bot === null)
    return [
      skipped(NAME, 'the probe needs a bot that is there already: it would create one on the public page'),
    ];
  const identity = `doctor-${randomBytes(ID_BYTES).toString('hex')}`;
  const watch = await watchScope(open, keys.viewer, `cluster:${identity}`);
  if ('kind' in watch) return [unopenedLine(watch)];
  const lines = await perform(parts, identity, bot, watch);
  watch.socket.end();
  return lines;
}

async function perform(
  { ask, keys, timeoutMs }: ProbeParts,
  identity: string,
  bot: string,
  { socket, frames }: Watch,
): Promise<Line[]> {
  const isWatching = await socket.until(() => frames.length > 0, timeoutMs); // "missing": it knows what we look for
  if (!isWatching)
    return [
      problem(
        NAME,
        "the probe saw no first frame on the operators' socket",
        'See the lines on sockets above.',
      ),
    ];
  const token = keys.ingest ?? null;
  const register = await ask({
    path: PATHS.register,
    token,
    body: JSON.stringify({ identity, fleet: FLEET, bot }),
  });
  if (register.kind === 'failure' || register.status !== 200) return [refusedLine(register)];
  const seen = (): Watch['frames'][number] | undefined => frames.find(({ op }) => op === 'snapshot');
  await socket.until(() => seen() !== undefined, timeoutMs);
  const frame = seen();
  const lease = registered.safeParse(jsonOf(register)).data?.lease;
  await ask({ path: PATHS.goodbye, token, body: JSON.stringify({ identity, lease }) });
  return [
    frameLine(frame ? frame.receivedAt - register.sentAt : null, timeoutMs),
    await tidy(ask, keys, identity),
  ];
}

function refusedLine(register: Asked): Line {
  const why =
    register.kind === 'failure' ? register.what : `${register.status} ${shown(reasonOf(register.text))}`;
  return problem(
    NAME,
    `POST ${PATHS.register} -> ${why}`,
    'Bots are refused just so when they start: look at the log of the server.',
  );
}

function frameLine(ms: number | null, timeoutMs: number): Line {
  const fix =
    'The server sends it within 250 ms: look at the lines on sockets, and whether the machine or its disk is busy.';
  if (ms === null) return problem(NAME, `a post was not seen as a frame within ${timeoutMs / 1000} s`, fix);
  const what = `from a post to its frame ${ms} ms`;
  return ms <= SLOW_MS ? ok(NAME, what) : warning(NAME, what, fix);
}

/** Its number in the fleet "doctor" stays taken, as all numbers do. */
async function tidy(ask: Ask, { operator }: Keys, identity: string): Promise<Line> {
  const left = `the cluster ${identity} of the fleet "${FLEET}" is left behind, as stopped`;
  const fix = 'Forget it on /operator; with --operator-token the doctor does that itself.';
  if (operator === undefined) return skipped('probe-tidy', left, fix);
  const forgotten = await ask({ path: PATHS.forget, token: operator, body: JSON.stringify({ identity }) });
  if (forgotten.kind === 'answer' && forgotten.status === 204)
    return ok('probe-tidy', `the cluster ${identity} is forgotten again`);
  return warning('probe-tidy', left, fix);
}
