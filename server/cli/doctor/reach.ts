// Whether a Shardlight answers there, and whether it can do its work.
import type { Asked } from './ask.js';
import type { Failure } from './failure.js';
import { ok, problem, shown, warning, type Line } from './line.js';
import { PATHS } from './paths.js';

const NAME = 'reach';
const BEHIND_A_PROXY = [502, 503, 504];

/** Of /healthz. A problem here means that nothing else can be found out. */
export function reachLine(asked: Asked, base: string): Line {
  if (asked.kind === 'failure') return problem(NAME, `cannot reach ${base}: ${asked.what}`, asked.fix);
  const { status, headers, text, sentAt, receivedAt } = asked;
  const what = `GET ${PATHS.alive} -> ${status}`;
  if (status >= 300 && status < 400 && headers.location !== undefined)
    return problem(
      NAME,
      `${what}: it sends everybody on to ${shown(headers.location)}`,
      ...elsewhere(headers.location, base),
    );
  if (BEHIND_A_PROXY.includes(status))
    return problem(
      NAME,
      `${what}: a proxy answers, and cannot reach Shardlight behind it`,
      'Is Shardlight running? Look at the address that the proxy sends requests to (proxy_pass, reverse_proxy), and at the log of the proxy.',
    );
  if (status === 505)
    return problem(
      NAME,
      `${what}: the proxy speaks HTTP/1.0 to Shardlight, as nginx does unless told otherwise`,
      'Set "proxy_http_version 1.1;" in its location. The README has the whole of it.',
    );
  if (status === 401 || status === 403)
    return problem(
      NAME,
      `${what}: something in front of Shardlight lets nobody through`,
      'Shardlight asks nobody for a token here: look at the proxy or firewall in front of it.',
    );
  if (status !== 200 || text.trim() !== 'ok')
    return problem(
      NAME,
      `${what}: something other than Shardlight answered`,
      'Look at the address: Shardlight says "ok" at /healthz. If there is a proxy, all paths must lead to Shardlight.',
    );
  return ok(NAME, `${what} after ${Math.max(0, receivedAt - sentAt)} ms`);
}

function elsewhere(location: string, base: string): [fix: string] {
  const to = URL.canParse(location, base) ? new URL(location, base) : null;
  if (to?.protocol === 'https:' && base.startsWith('http:'))
    return [
      `Call the doctor with --url https://${to.host}, and give bots that address too: most do not follow, and their tokens would travel readable.`,
    ];
  return ['Call the doctor with the address where it ends up; bots need that address, too.'];
}

/** Of /readyz. */
export function readyLine(asked: Asked): Line {
  if (asked.kind === 'failure') return unheard('ready', PATHS.ready, asked);
  const { status, text } = asked;
  const what = `GET ${PATHS.ready} -> ${status}`;
  if (status === 200) return ok('ready', what);
  if (status === 503)
    return problem(
      'ready',
      `${what}: it cannot do all its work: ${shown(reasonOf(text))}`,
      'Look at its log. Most often the disk of SHARDLIGHT_STATE is full, or not writable.',
    );
  return warning('ready', what, 'Shardlight says 200 or 503 here: let the proxy pass this path as it is.');
}

/** What a refusal says: our JSON, or its text. */
export function reasonOf(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === 'string' ? error : text;
  } catch {
    return text;
  }
}

/** A question that stayed without an answer, after others had one. */
export const unheard = (name: string, path: string, { what, fix }: Failure): Line =>
  problem(name, `GET ${path}: ${what}`, fix);
