// The page's live connection, as it comes through the proxy: upgraded, with a frame at once, and one at least every 5 seconds.
import * as z from 'zod';
import { ALIVE_EVERY_MS, CLOSE_RESTART, CLOSE_TOO_MANY, PROTOCOL } from '../../../public/shared/wire.js';
import type { Failure } from './failure.js';
import { counted, ok, problem, shown, skipped, warning, type Line } from './line.js';
import { PATHS } from './paths.js';
import type { Closed, Open, Refused } from './socket.js';

/** A frame, as far as it matters here. `at`: when the server made it, by its clock; null: it does not say. */
export interface Heard {
  at: number | null;
  receivedAt: number;
}

export interface Watched {
  kind: 'watched';
  /** From our knocking to the first frame; null: none came. */
  firstAfterMs: number | null;
  frames: Heard[];
  /** A frame that is none of Shardlight's; null: none was. */
  strange: string | null;
  openedAt: number;
  endedAt: number;
  wantedMs: number;
  /** Before we had seen enough. */
  closed: Closed | null;
}

export type LiveOutcome = Watched | Refused | Failure;

export interface LiveOptions {
  open: Open;
  /** Undefined: there is none. */
  token: string | null | undefined;
  /** How long it is kept open. */
  idleMs: number;
  timeoutMs: number;
  now: () => number;
}

const frame = z.object({ op: z.enum(['snapshot', 'patch', 'alive']), at: z.number().nullish() });
const UNAUTHORIZED = 401;

/** As a visitor; where only viewers may see the page, as one of them. */
export async function watchLive(options: LiveOptions): Promise<LiveOutcome> {
  const outcome = await watchAs(null, options);
  const mayTry = outcome.kind === 'refused' && outcome.status === UNAUTHORIZED && options.token;
  return mayTry ? watchAs(options.token!, options) : outcome;
}

async function watchAs(token: string | null, options: LiveOptions): Promise<LiveOutcome> {
  const { open, idleMs, timeoutMs, now } = options;
  const frames: Heard[] = [];
  const strange: string[] = [];
  const startedAt = now();
  const opening = await open({
    path: `${PATHS.live}?p=${PROTOCOL}`,
    token,
    heard: (text, receivedAt) => {
      const read = readFrame(text);
      if (read) frames.push({ at: read.at ?? null, receivedAt });
      else if (strange.length === 0) strange.push(text);
    },
  });
  if (opening.kind !== 'open') return opening;
  const openedAt = now();
  await opening.until(() => frames.length > 0 || strange.length > 0, timeoutMs);
  const isFine = frames.length > 0 && strange.length === 0;
  if (isFine) await opening.until(() => false, Math.max(0, idleMs - (now() - openedAt)));
  const closed = opening.closed();
  opening.end();
  const firstAfterMs = frames[0] ? frames[0].receivedAt - startedAt : null;
  return {
    kind: 'watched',
    firstAfterMs,
    frames,
    strange: strange[0] ?? null,
    openedAt,
    endedAt: now(),
    wantedMs: idleMs,
    closed,
  };
}

function readFrame(text: string): z.output<typeof frame> | null {
  try {
    return frame.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // no JSON
  }
}

const NAME = 'live';
const UPGRADE =
  'nginx needs: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $http_connection; Caddy does it by itself, and Apache with "upgrade=websocket".';
const UNBUFFERED =
  'Let the proxy pass what comes at once: no buffering, and no scanning of bodies, on /live.';

export function liveLines(outcome: LiveOutcome): Line[] {
  if (outcome.kind === 'failure') return [unansweredLine(outcome)];
  if (outcome.kind === 'refused') return [refusedLine(outcome)];
  const { firstAfterMs, strange, closed } = outcome;
  if (strange !== null)
    return [
      problem(
        NAME,
        `WS ${PATHS.live} -> 101, and then "${shown(strange)}"`,
        'Something else answers at that address: look at the proxy.',
      ),
    ];
  if (firstAfterMs === null) return [closed ? closedLine(outcome, closed) : silentLine(outcome)];
  return [ok(NAME, `WS ${PATHS.live} -> 101, first frame after ${firstAfterMs} ms`), ...paceLines(outcome)];
}

const unansweredLine = ({ what }: Failure): Line =>
  problem(
    NAME,
    `WS ${PATHS.live}: ${what}`,
    `Plain requests are answered, so it is the upgrade that does not get through. ${UPGRADE}`,
  );

const silentLine = ({ openedAt, endedAt }: Watched): Line =>
  problem(NAME, `WS ${PATHS.live} -> 101, and no frame within ${seconds(endedAt - openedAt)} s`, UNBUFFERED);

function refusedLine({ status, text, location }: Refused): Line {
  const what = `WS ${PATHS.live} -> ${status}`;
  if (status === 426 || (status === 400 && text.includes('WebSocket')))
    return problem(NAME, `${what}: the proxy does not pass the upgrade, so pages are not live`, UPGRADE);
  if (status === UNAUTHORIZED)
    return skipped(
      NAME,
      `${what}: the page is private, and there is no token that may see it`,
      'Give --viewer-token.',
    );
  if (status === 429)
    return warning(
      NAME,
      `${what}: too many came from this address`,
      'Wait a minute, and start the doctor again.',
    );
  if (location !== '')
    return problem(
      NAME,
      `${what}: it is sent on to ${shown(location)}, where no socket follows`,
      'Let the proxy answer at this very address.',
    );
  if (status >= 500)
    return problem(
      NAME,
      `${what}: the proxy could not reach Shardlight with it`,
      `Look at the log of the proxy. ${UPGRADE}`,
    );
  return problem(
    NAME,
    `${what}: something in front of Shardlight does not let sockets through`,
    `Let the proxy, or the firewall, pass upgrades on ${PATHS.live}. ${UPGRADE}`,
  );
}

/** What a busy machine, and the way, may add to the 5 seconds. */
const SLACK_MS = 1_500;
const HELD_MS = 2_000;
const PACE = 'live-pace';

/** Whether it lived, and whether frames come as they are sent: one at least every 5 seconds. */
function paceLines(watched: Watched): Line[] {
  const { frames, openedAt, endedAt, wantedMs, closed } = watched;
  if (closed) return [closedLine(watched, closed)];
  const watchedMs = endedAt - openedAt;
  if (wantedMs < ALIVE_EVERY_MS + SLACK_MS)
    return [
      skipped(PACE, 'how steadily frames come: not watched for long enough', 'Give --idle 60 to find out.'),
    ];
  const gapMs = largestGap([openedAt, ...frames.map(({ receivedAt }) => receivedAt), endedAt]);
  const heldMs = largestDelay(frames);
  const seen = `${counted(frames.length, 'frame')} in ${seconds(watchedMs)} s`;
  if (gapMs > ALIVE_EVERY_MS + SLACK_MS)
    return [
      problem(
        PACE,
        `${seen}, and none for ${seconds(gapMs)} s of them: the server sends one every 5 s, and pages say that they are behind after 12 s`,
        UNBUFFERED,
      ),
    ];
  if (heldMs > HELD_MS)
    return [
      problem(
        PACE,
        `${seen}, some held back for ${seconds(heldMs)} s on the way: they come in bursts`,
        UNBUFFERED,
      ),
    ];
  return [ok(PACE, `it stayed open: ${seen}, at most ${seconds(gapMs)} s between two`)];
}

function closedLine({ wantedMs, openedAt, endedAt }: Watched, { code, reason, afterMs }: Closed): Line {
  const what = `WS ${PATHS.live} was closed after ${seconds(Math.min(afterMs, endedAt - openedAt))} s (${code}${reason === '' ? '' : `, ${shown(reason)}`})`;
  if (code === CLOSE_RESTART)
    return warning(PACE, `${what}: the server restarts`, 'Start the doctor again when it is back.');
  if (code === CLOSE_TOO_MANY)
    return warning(
      PACE,
      `${what}: too many sockets from this address`,
      'If everybody comes from one address, the proxy is not declared: set SHARDLIGHT_TRUSTED_PROXY. Else raise SHARDLIGHT_MAX_SOCKETS_PER_ADDRESS.',
    );
  return problem(
    PACE,
    `${what}, and was to stay open for ${seconds(wantedMs)} s`,
    'A frame comes every 5 s, so an idle time-out above that (nginx: proxy_read_timeout 75s) never strikes; a limit on how long a connection may last does. Look at the log of the proxy.',
  );
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(1).replace(/\.0$/, '');

const largestGap = (times: number[]): number =>
  times.reduce((most, time, i) => Math.max(most, i === 0 ? 0 : time - times[i - 1]!), 0);

/** How much longer the slowest frame took than the fastest: so it does not matter whether the clocks agree. */
function largestDelay(frames: Heard[]): number {
  const delays = frames.flatMap(({ at, receivedAt }) => (at === null ? [] : [receivedAt - at]));
  return delays.length === 0 ? 0 : Math.max(...delays) - Math.min(...delays);
}
