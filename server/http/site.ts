// Where a request came to, as whoever sent it sees us: the host it names, or what a declared proxy says it named.
import { isIP } from 'node:net';
import { withoutBrackets } from '../outbound/addresses.js';
import type { Headers, Site } from './message.js';

/** What stands in an address line: a name or IPv4 address, or an IPv6 address in brackets; then a port. */
const HOST = /^(?:[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_.])?|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;
const MAX_HOST = 255;

export const isHost = (text: string): boolean =>
  text.length <= MAX_HOST && HOST.test(text) && URL.canParse(`http://${text}`);

/** `isProxied`: a declared proxy speaks, so what it says of the address counts. */
export function siteOf(headers: Headers, isProxied: boolean): Site {
  const said = isProxied ? [lastOf(headers['x-forwarded-host']), headers.host] : [headers.host];
  const scheme = isProxied ? lastOf(headers['x-forwarded-proto']).toLowerCase() : '';
  return {
    hosts: said.filter(isHost).map((host) => host.toLowerCase()),
    scheme: scheme === 'https' || scheme === 'http' ? scheme : null,
  };
}

/** Proxies add what they saw at the end; what stands before it, anybody may have sent. */
const lastOf = (list: string): string => list.split(',').at(-1)!.trim();

/** Whether that host stands in this address line. Ports that the scheme says may be left out. */
export const isHostOf = (host: string, { host: wanted, protocol }: URL): boolean =>
  new URL(`${protocol}//${host}`).host === wanted;

/**
 * Whether the browser that asks came over TLS, so that it takes a cookie that is kept to TLS. Browsers say so of their own
 * page in Origin, proxies in X-Forwarded-Proto; else it is what our public address says, where that is what was asked.
 */
export function cameOverTls({ origin }: Headers, { hosts, scheme }: Site, publicUrl: string | null): boolean {
  if (/^https?:/.test(origin)) return origin.startsWith('https:');
  if (scheme !== null) return scheme === 'https';
  if (publicUrl === null) return false;
  const { protocol, hostname } = new URL(publicUrl);
  return protocol === 'https:' && hosts.some((host) => new URL(`https://${host}`).hostname === hostname);
}

/** A host that leads here for whoever types it, whatever the DNS of somebody else says. */
export function isFixedHost(hostname: string): boolean {
  const bare = withoutBrackets(hostname);
  return isIP(bare) !== 0 || /(^|\.)localhost$/.test(bare);
}
