// Where a request comes from: the peer, or, behind declared proxies, who they say they speak for.
import { isIP, SocketAddress, type BlockList } from 'node:net';

export interface TrustedProxies {
  /** The direct peer is a proxy, whatever its address. */
  peer: boolean;
  list: BlockList;
}

/** Dotted or colon text of the 4 or 16 bytes of an address; IPv4 in IPv6 as IPv4. */
export function addressText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return '';
  const isMapped =
    bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (isMapped) return bytes.subarray(12).join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[i * 2]! << 8) | bytes[i * 2 + 1]!).toString(16));
  return groups.join(':');
}

export const isProxy = (peer: string, { peer: isAny, list }: TrustedProxies): boolean =>
  isAny || isIn(list, peer);

/** Reads `X-Forwarded-For` from the right, up to the first address that is no proxy of ours. */
export function clientAddress(peer: string, forwardedFor: string, trusted: TrustedProxies): string {
  if (!isProxy(peer, trusted)) return peer;
  const hops = forwardedFor.split(',').map((hop) => hop.trim());
  for (const hop of hops.reverse()) {
    if (isIP(hop) === 0) return peer; // forged or broken: nothing left of it can be believed
    if (!isIn(trusted.list, hop)) return hop;
  }
  return peer;
}

/** One household is one IPv4 address or one IPv6 /64. */
export function household(address: string): string {
  if (isIP(address) !== 6) return address;
  const usual = new SocketAddress({ address, family: 'ipv6' }).address; // proxies spell one address in many ways
  const mapped = /^::ffff:([\d.]+)$/.exec(usual)?.[1];
  return mapped ?? groupsOf(usual).slice(0, 4).join(':');
}

/** The eight groups of an IPv6 address, its `::` filled in. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  if (tail === undefined) return left;
  const right = tail === '' ? [] : tail.split(':');
  return [
    ...left,
    ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0'),
    ...right,
  ];
}

const isIn = (list: BlockList, address: string): boolean =>
  isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
