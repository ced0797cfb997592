// Where a member says that Prometheus may scrape it: a host and a port, never a link-local or metadata address.
import { BlockList, isIP } from 'node:net';
import type { World } from '../core/world.js';
import { textOfDropped } from './dropped.js';
import { isMetadataHost } from './metadata-host.js';

/** What an operator allows beyond that; `any`: nothing narrows it. */
export interface ScrapeAllow {
  any: boolean;
  list: BlockList;
  suffixes: string[];
}

/** `why`: in a few words for operators. */
export type ReadTarget = { ok: true; target: string } | { ok: false; why: string };

const SHAPE = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253}):(\d{1,5})$/i;

/** A host of 253 characters, and a port; what is longer is not even looked at. */
const MAX_TARGET = 264;

/** `text` is `host:port`, or "" to clear it. Addresses written in odd ways (decimal, octal) are read as a browser would. */
export function readScrapeTarget(text: string, allow: ScrapeAllow): ReadTarget {
  if (text === '') return { ok: true, target: '' };
  if (text.length > MAX_TARGET) return { ok: false, why: `longer than ${MAX_TARGET} characters` };
  const [, host = '', port = ''] = SHAPE.exec(text) ?? [];
  const usual = usualHost(host);
  if (usual === null || Number(port) < 1 || Number(port) > 65_535) return { ok: false, why: whyNone(text) };
  if (isMetadataHost(usual)) return { ok: false, why: 'never scraped: a link-local or metadata address' };
  if (!isAllowed(usual, allow)) return { ok: false, why: 'SHARDLIGHT_SCRAPE_ALLOW does not allow it' };
  return { ok: true, target: text };
}

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

/** Clears what was kept from another time, or another server, and is not allowed here. Returns the identities. */
export function clearForbiddenTargets(world: World, allow: ScrapeAllow): string[] {
  const cleared: string[] = [];
  for (const cluster of world.clusters.values()) {
    const read = readScrapeTarget(cluster.scrapeTarget, allow);
    if (read.ok) continue;
    cluster.scrapeTarget = '';
    cluster.droppedAtRegister = [textOfDropped({ field: 'scrape_target', why: read.why })];
    cleared.push(cluster.identity);
  }
  return cleared;
}

/** The host in its one usual spelling, without brackets; null: it is none. */
function usualHost(host: string): string | null {
  if (host === '' || !URL.canParse(`http://${host}/`)) return null;
  return new URL(`http://${host}/`).hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '');
}

function isAllowed(host: string, { any, list, suffixes }: ScrapeAllow): boolean {
  if (any || isIn(list, host)) return true;
  if (isIP(host) !== 0) return false;
  return suffixes.some((suffix) =>
    suffix.startsWith('.') ? host.endsWith(suffix) : host === suffix || host.endsWith(`.${suffix}`),
  );
}

/** An IPv4 address inside an IPv6 one is that IPv4 address: BlockList knows. */
const isIn = (list: BlockList, host: string): boolean =>
  isIP(host) !== 0 && list.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
