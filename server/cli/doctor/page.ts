// Whether the page arrives whole: its HTML (which holds its style), and the script that it names.
import type { Answer, Ask, Asked } from './ask.js';
import { MAX_FLEET_VIEW_BYTES } from './fleets.js';
import { ok, problem, shown, skipped, warning, type Line } from './line.js';
import { PATHS } from './paths.js';
import { unheard } from './reach.js';

const NAME = 'page';
const UNAUTHORIZED = 401;
const TOO_MANY = 429;

export async function lookAtPage(ask: Ask, base: string, token: string | null): Promise<Line> {
  const page = await ask({ path: PATHS.page, token, maxBytes: MAX_FLEET_VIEW_BYTES });
  if (page.kind === 'failure') return unheard(NAME, PATHS.page, page);
  if (page.status !== 200) return refusedLine(page);
  const src = /<script\b[^>]*\ssrc="([^"]+)"/.exec(page.text)?.[1];
  const hasStyle = /<style>[^<]/.test(page.text);
  if (src === undefined || !hasStyle || !URL.canParse(src, `${base}/`)) return strangeLine(page);
  const path = pathBelow(base, src);
  if (path === null) return outsideLine(base, src);
  return scriptLine(path, await ask({ path, token }));
}

/** Null: it is not below this address, so a proxy that passes only this address does not pass it. */
function pathBelow(base: string, src: string): string | null {
  const { origin, pathname } = new URL(base);
  const script = new URL(src, `${base}/`);
  const under = pathname.replace(/\/+$/, '');
  if (script.origin !== origin || !script.pathname.startsWith(`${under}/`)) return null;
  return `${script.pathname.slice(under.length)}${script.search}`;
}

function refusedLine({ status }: Answer): Line {
  const what = `GET ${PATHS.page} -> ${status}`;
  if (status === UNAUTHORIZED)
    return skipped(NAME, `${what}: the page is private, and no token here opens it`, 'Give --viewer-token.');
  if (status === TOO_MANY) return warning(NAME, `${what}: too many requests came from this address`, LATER);
  return problem(
    NAME,
    `${what}: visitors do not get the status page`,
    `Shardlight answers 200 here. Let the proxy pass ${PATHS.page} to Shardlight, and look at the log of the proxy.`,
  );
}

const strangeLine = ({ status }: Answer): Line =>
  problem(
    NAME,
    `GET ${PATHS.page} -> ${status}: this is not the status page of Shardlight, or something on the way changed it`,
    `Let the proxy pass ${PATHS.page} to Shardlight, and turn off everything there that rewrites HTML.`,
  );

const outsideLine = (base: string, src: string): Line =>
  problem(
    NAME,
    `the page names its script at ${shown(src)}, which is not below ${base}: if the proxy passes only that address, the page is not live`,
    `Set SHARDLIGHT_PUBLIC_URL to the address that visitors open, with its path (${base} if that is this one), and restart the server.`,
  );

function scriptLine(path: string, script: Asked): Line {
  if (script.kind === 'failure') return unheard(NAME, shown(path), script);
  const { status, headers, text } = script;
  const what = `GET ${shown(path)} -> ${status}`;
  const type = headers['content-type'] ?? '';
  if (status === TOO_MANY) return warning(NAME, `${what}: too many requests came from this address`, LATER);
  if (status !== 200)
    return problem(NAME, `${what}: the script of the page is missing, so the page is not live`, PASS_ALL);
  if (text.trimStart().startsWith('<'))
    return problem(NAME, `${what}: HTML came instead of the script, so the page is not live`, PASS_ALL);
  if (!/\bjavascript\b/.test(type))
    return problem(
      NAME,
      `${what}: the script came as "${shown(type)}", and browsers run only JavaScript`,
      'Let the proxy pass the Content-Type header of Shardlight as it is.',
    );
  return ok(NAME, 'the page comes whole, with its style and its script');
}

const LATER = 'Wait a minute, and run the doctor again.';
const PASS_ALL =
  'Let the proxy pass every path below this address to Shardlight, /assets/ too, with the path as it is or without the prefix. No rule for files (try_files, a static folder, a page for errors) may come first.';
