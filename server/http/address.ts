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

/** Nobody's chain of proxies is longer, and whoever likes may send that header: what stands further left is not read. */
const MAX_FORWARDED = 256;

export interface Visitor {
  address: string;
  /** The part of the header at which reading had to stop; null: none. Then the peer stands for whoever it spoke for. */
  unreadable: string | null;
}

/** Reads `X-Forwarded-For` of a trusted peer from the right, up to the first address that is no proxy of ours. */
export function visitorOf(
  peer: string,
  forwardedFor: string,
  isOurProxy: (address: string) => boolean,
): Visitor {
  const parts = lastParts(forwardedFor);
  for (const part of parts.reverse()) {
    const address = addressIn(part);
    // Forged, broken or hidden: nothing left of it can be believed.
    if (address === null) return { address: peer, unreadable: part === '' ? null : part };
    if (!isOurProxy(address)) return { address, unreadable: null };
  }
  return { address: peer, unreadable: null };
}

/** The parts that lie whole within the last bytes of it. */
function lastParts(forwardedFor: string): string[] {
  const cut = forwardedFor.slice(-MAX_FORWARDED);
  const parts = cut.split(',').map((part) => part.trim());
  return cut.length < forwardedFor.length ? parts.slice(1) : parts;
}

/** `"[2001:db8::7]:443"`: the quotes that `Forwarded` has, an address in brackets, and a port. */
const HOP = /^"?(?:\[([^\]]*)\]|([^:"]*)|([^"]*))(?::\d{1,5})?"?$/;

/** The address in one part, without the port and the zone that some proxies send with it; null: there is none. */
export function addressIn(part: string): string | null {
  if (isIP(part) !== 0 && !part.includes('%')) return part;
  const [, bracketed, plain, bare = ''] = HOP.exec(part) ?? [];
  const address = (bracketed ?? plain ?? bare).replace(/%.*$/, '');
  const version = isIP(address);
  return version === 0 || (bracketed !== undefined && version !== 6) ? null : address;
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
