// Where a member says that Prometheus may scrape it: a host and a port, never a link-local or metadata address.
import { isIP } from 'node:net';
import type { Registry } from '../core/registry/registry.js';
import { judgeHost, type Allow, type Judgement } from '../outbound/allow.js';
import { textOfDropped } from './dropped.js';

/** `why`: in a few words for operators. */
export type ReadTarget = { ok: true; target: string } | { ok: false; why: string };

const SHAPE = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253}):(\d{1,5})$/i;

/** A host of 253 characters, and a port; what is longer is not even looked at. */
const MAX_TARGET = 264;

/** `text` is `host:port`, or "" to clear it. */
export function readScrapeTarget(text: string, allow: Allow): ReadTarget {
  if (text === '') return { ok: true, target: '' };
  if (text.length > MAX_TARGET) return { ok: false, why: `longer than ${MAX_TARGET} characters` };
  const [, host = '', port = ''] = SHAPE.exec(text) ?? [];
  const isPort = Number(port) >= 1 && Number(port) <= 65_535;
  const judgement = isPort ? judgeHost(host, allow) : 'no-host';
  return judgement === 'allowed'
    ? { ok: true, target: text }
    : { ok: false, why: WHY[judgement] ?? whyNone(text) };
}

const WHY: Partial<Record<Judgement, string>> = {
  never: 'never scraped: a link-local or metadata address',
  'not-allowed': 'SHARDLIGHT_SCRAPE_ALLOW does not allow it',
};

const URL_SHAPE = /^[a-z][a-z0-9+.-]*:\/\/([^/?#@]*)/i;
const BARE_IPV6 = /^([0-9a-f:.]*:[0-9a-f:.]*):(\d{1,5})$/i;

/** What is wrong with what is no `host:port`, and what it should be where that is plain. */
function whyNone(text: string): string {
  const authority = URL_SHAPE.exec(text)?.[1];
  if (authority !== undefined) return SHAPE.test(authority) ? `a URL; host:port is ${authority}` : 'a URL';
  const [, address = '', port = ''] = BARE_IPV6.exec(text) ?? [];
  if (isIP(address) === 6) return `write [${address}]:${port}`;
  return text.includes(':') ? 'not host:port, for example 10.0.0.5:9191' : 'no port';
}

/** What was kept from another time, or another server, and is not allowed here: whose it is, and why. */
export function forbiddenTargets(
  { clusters }: Pick<Registry, 'clusters'>,
  allow: Allow,
): { identity: string; why: string }[] {
  return [...clusters.values()].flatMap(({ identity, scrapeTarget }) => {
    const read = readScrapeTarget(scrapeTarget, allow);
    return read.ok ? [] : [{ identity, why: textOfDropped({ field: 'scrape_target', why: read.why }) }];
  });
}
