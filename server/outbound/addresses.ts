// Lists of IP addresses and ranges, and where a host lies: on this machine, in a private network, or where everybody can reach it.
import { BlockList, isIP } from 'node:net';

/** Adds an address, or a range like `10.0.0.0/8`. False: it is neither. */
export function addRange(list: BlockList, entry: string): boolean {
  const [address = '', bits, ...rest] = entry.split('/');
  const version = isIP(address);
  const widest = version === 6 ? 128 : 32;
  const prefix = bits === undefined ? widest : Number(/^\d{1,3}$/.test(bits) ? bits : NaN);
  if (version === 0 || rest.length > 0 || !(prefix <= widest)) return false;
  list.addSubnet(address, prefix, version === 6 ? 'ipv6' : 'ipv4');
  return true;
}

/** Of ranges that are known to be some. */
export function listOf(...entries: string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) addRange(list, entry);
  return list;
}

/** An IPv4 address inside an IPv6 one is that IPv4 address: BlockList knows. */
export const isIn = (list: BlockList, address: string): boolean =>
  isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

const HERE = listOf('127.0.0.0/8', '::1');

/** Only this machine reaches what listens there. */
export const isLoopback = (host: string): boolean => host === 'localhost' || isIn(HERE, host);

/** As URLs name an IPv6 address, and as everything else does. */
export const inBrackets = (host: string): string => (host.includes(':') ? `[${host}]` : host);
export const withoutBrackets = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

export type Place = 'here' | 'private' | 'public';

const PRIVATE = listOf(
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '100.64.0.0/10',
  'fc00::/7',
  'fe80::/10',
);
const PRIVATE_NAME = /\.(local|lan|internal|home\.arpa)$/;

/** `host` without brackets. A name without a dot is one of a private network, as containers have them. */
export function placeOf(host: string): Place {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (isLoopback(name) || name.endsWith('.localhost')) return 'here';
  if (isIP(name) !== 0) return isIn(PRIVATE, name) ? 'private' : 'public';
  return !name.includes('.') || PRIVATE_NAME.test(name) ? 'private' : 'public';
}
