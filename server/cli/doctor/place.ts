// Where an address lies: on this machine, in a private network, or where everybody can reach it.
import { BlockList, isIP } from 'node:net';

export type Place = 'here' | 'private' | 'public';

const PRIVATE = new BlockList();
for (const [net, prefix] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  PRIVATE.addSubnet(net, prefix);
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');

const PRIVATE_NAME = /\.(local|lan|internal|home\.arpa)$/;

/** `host` without brackets. A name without a dot is one of a private network, as containers have them. */
export function placeOf(host: string): Place {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost') || /^127\./.test(name) || name === '::1')
    return 'here';
  const version = isIP(name);
  if (version !== 0) return PRIVATE.check(name, version === 6 ? 'ipv6' : 'ipv4') ? 'private' : 'public';
  return !name.includes('.') || PRIVATE_NAME.test(name) ? 'private' : 'public';
}
