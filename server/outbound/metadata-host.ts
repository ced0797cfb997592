// Hosts that machines ask about themselves, credentials included: link-local and metadata addresses, however they are written.
import { isIP } from 'node:net';
import { isIn, listOf } from './addresses.js';

const NEVER = listOf(
  '169.254.0.0/16',
  '168.63.129.16', // Azure
  '100.100.100.200', // Alibaba
  '192.0.0.192', // Oracle
  'fe80::/10',
  'fd00:ec2::/32', // Amazon
  'fd20:ce::254', // Google
  'fd00:42::42', // Scaleway
  'fd00:a9fe:a9fe::/48', // Akamai
);

/** In any domain: "metadata.google.internal", "instance-data.ec2.internal". */
const NEVER_LABELS = ['metadata', 'instance-data', 'rancher-metadata'];

/** `host`: as a URL has it, in its usual spelling, without brackets and without dots at its end. */
export function isMetadataHost(host: string): boolean {
  const version = isIP(host);
  if (version !== 0) return isIn(NEVER, host) || (version === 6 && embedded(bytesOf(host)).some(isNever));
  return host.split('.').some((label) => NEVER_LABELS.includes(label)) || named(host).some(isNever);
}

const isNever = (ipv4: Bytes): boolean => isIn(NEVER, ipv4.join('.'));

type Bytes = number[];

/** The IPv4 addresses that an IPv6 address may lead to. */
function embedded(bytes: Bytes): Bytes[] {
  const last = bytes.slice(12);
  const isZero = (from: number, to: number): boolean => bytes.slice(from, to).every((byte) => byte === 0);
  const begins = (...prefix: Bytes): boolean => prefix.every((byte, i) => bytes[i] === byte);
  // Compatible, mapped (::ffff:…) and translated (::ffff:0:…); Teredo has its server and, turned over, its client.
  if (isZero(0, 8)) return [last];
  if (begins(0x20, 0x02)) return [bytes.slice(2, 6)];
  if (begins(0x20, 0x01, 0, 0)) return [bytes.slice(4, 8), last.map((byte) => byte ^ 0xff)];
  if (begins(0, 0x64, 0xff, 0x9b)) return NAT64_PREFIXES.map((length) => behind(length, bytes));
  const isIsatap = bytes[10] === 0x5e && bytes[11] === 0xfe;
  return isIsatap || last.join('.') === USUAL ? [last] : [];
}

/** Behind a NAT64 of somebody's own, whose prefix nobody knows. Any other of 169.254 there is an address by chance. */
const USUAL = '169.254.169.254';

/** How many bytes of prefix a NAT64 may have (RFC 6052). The ninth byte is never part of the address. */
const NAT64_PREFIXES = [4, 5, 6, 7, 8, 12];
const SKIPPED = 8;

const behind = (length: number, bytes: Bytes): Bytes =>
  bytes.filter((_, at) => at >= length && (at !== SKIPPED || length > SKIPPED)).slice(0, 4);

type Halves = [left: string[], right?: string[]];

/** An IPv6 address as URLs write it, in 16 bytes. */
function bytesOf(host: string): Bytes {
  const [left, right] = host.split('::').map((half) => (half === '' ? [] : half.split(':'))) as Halves;
  const gap = right ? 8 - left.length - right.length : 0;
  const groups = [...left, ...Array<string>(gap).fill('0'), ...(right ?? [])];
  return groups.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]);
}

/** Addresses in names that services like nip.io lead to them: "169-254-169-254.nip.io", "a9fea9fe.nip.io". */
function named(host: string): Bytes[] {
  const written = [...host.matchAll(/(?<!\d)(\d{1,3})[.-](\d{1,3})[.-](\d{1,3})[.-](\d{1,3})(?!\d)/g)];
  const inHex = [
    ...host.matchAll(/(?<![0-9a-z])([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})(?![0-9a-z])/g),
  ];
  return [
    ...written.map(([, ...parts]) => parts.map(Number)),
    ...inHex.map(([, ...parts]) => parts.map((part) => parseInt(part, 16))),
  ].filter((address) => address.every((byte) => byte <= 255));
}
