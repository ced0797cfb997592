// Who a request comes from: the peer, unless a declared proxy says who it speaks for.
import { readFileSync } from 'node:fs';
import { BlockList, isIP, isIPv4 } from 'node:net';
import fc from 'fast-check';
import t from 'tap';
import { addressText, household, type TrustedProxies } from '../../server/http/address.js';
import { createClients } from '../../server/http/client.js';
import { holds } from '../holds.js';

function trusting(...subnets: [address: string, prefix: number, version: 'ipv4' | 'ipv6'][]): TrustedProxies {
  const list = new BlockList();
  for (const [address, prefix, version] of subnets) list.addSubnet(address, prefix, version);
  return { peer: false, list };
}

/** The bytes of an address, as the transport has them; IPv6 with all its eight groups. */
function bytesOf(address: string): ArrayBuffer {
  if (isIPv4(address)) return Uint8Array.from(address.split('.'), Number).buffer;
  const groups = address === '' ? [] : address.split(':').map((group) => parseInt(group, 16));
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff])).buffer;
}

/** Whose request it is, by its address. */
function clientAddress(peer: string, forwarded: string, trusted: TrustedProxies): string {
  const notes = { undeclared: () => undefined, unreadable: () => undefined };
  return createClients(trusted, notes).of(bytesOf(peer), forwarded).address;
}

const nobody = trusting();
const inner = trusting(['10.0.0.0', 8, 'ipv4'], ['fd00::', 8, 'ipv6']);
const thePeer: TrustedProxies = { ...nobody, peer: true };

void t.test('bytes of an address are read as text', (t) => {
  const v6 = (...bytes: [index: number, value: number][]): Uint8Array => {
    const address = new Uint8Array(16);
    for (const [index, value] of bytes) address[index] = value;
    return address;
  };
  t.equal(addressText(Uint8Array.of(127, 0, 0, 1)), '127.0.0.1');
  t.equal(addressText(v6([15, 1])), '0:0:0:0:0:0:0:1');
  t.equal(addressText(v6([0, 0x20], [1, 1], [2, 0x0d], [3, 0xb8])), '2001:db8:0:0:0:0:0:0');
  t.equal(addressText(v6([10, 255], [11, 255], [12, 192], [13, 0], [14, 2], [15, 7])), '192.0.2.7');
  t.equal(addressText(new Uint8Array(0)), '');
  t.end();
});

void t.test('X-Forwarded-For counts from declared proxies only, read from the right', (t) => {
  const cases: [peer: string, forwarded: string, trusted: TrustedProxies, client: string][] = [
    ['198.51.100.7', '203.0.113.1', nobody, '198.51.100.7'],
    ['198.51.100.7', '203.0.113.1', inner, '198.51.100.7'],
    ['10.0.0.1', '203.0.113.1', inner, '203.0.113.1'],
    ['10.0.0.1', '192.0.2.66, 203.0.113.1', inner, '203.0.113.1'],
    ['10.0.0.1', '192.0.2.66, 203.0.113.1, 10.0.0.9', inner, '203.0.113.1'],
    ['10.0.0.1', ' 203.0.113.1 ,10.0.0.9', inner, '203.0.113.1'],
    ['10.0.0.1', '10.0.0.8, 10.0.0.9', inner, '10.0.0.1'],
    ['10.0.0.1', '', inner, '10.0.0.1'],
    ['10.0.0.1', 'unknown', inner, '10.0.0.1'],
    ['10.0.0.1', '203.0.113.1, unknown', inner, '10.0.0.1'],
    ['10.0.0.1', 'unknown, 203.0.113.1', inner, '203.0.113.1'],
    ['fd00:0:0:0:0:0:0:1', '2001:db8::7', inner, '2001:db8::7'],
    ['198.51.100.7', '203.0.113.1', thePeer, '203.0.113.1'],
    ['198.51.100.7', '192.0.2.66, 203.0.113.1', thePeer, '203.0.113.1'],
    ['', '203.0.113.1', inner, ''],
  ];
  for (const [peer, forwarded, trusted, client] of cases)
    t.equal(clientAddress(peer, forwarded, trusted), client, `${peer} for "${forwarded}"`);
  t.end();
});

void t.test('an address is taken out of all forms in which proxies send it', (t) => {
  const path = `${process.cwd()}/test/fixtures/forwarded-for.json`;
  const recorded = JSON.parse(readFileSync(path, 'utf8')) as [string, string | null][];
  const more: [string, string | null][] = [
    ['"[2001:db8::7]:443"', '2001:db8::7'],
    ['"2001:db8::7"', '2001:db8::7'],
    ['[fe80::1%25eth0]:443', 'fe80::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['192.0.2.66, 203.0.113.5:50001, 10.0.0.9:1234', '203.0.113.5'],
    ['::ffff:203.0.113.5', '::ffff:203.0.113.5'],
    ['203.0.113.5:', null],
    ['203.0.113.5:port', null],
    ['203.0.113.5:123456', null],
    ['[203.0.113.5]', null],
    ['[2001:db8::7', null],
    ['"203.0.113.5" "192.0.2.1"', null],
    ['203.0.113.5,', null],
    ['203.0.113.5, _hidden', null],
    [`${'192.0.2.66,'.repeat(100)}203.0.113.5`, '203.0.113.5'],
    [`${'10.0.0.9,'.repeat(100)}10.0.0.9`, null],
    [`203.0.113.5${' '.repeat(300)}`, null],
    ['1'.repeat(300), null],
  ];
  for (const [header, address] of [...recorded, ...more])
    t.equal(clientAddress('10.0.0.1', header, inner), address ?? '10.0.0.1', header.slice(0, 60));
  t.end();
});

void t.test('a household is one IPv4 address or one IPv6 /64', (t) => {
  const same: [string, string][] = [
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::1'],
    ['2001:db8::1', '2001:db8:0:0:ffff::'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['2001:DB8:0001::1', '2001:db8:1::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:201', '192.0.2.1'],
  ];
  for (const [a, b] of same) t.equal(household(a), household(b), a);
  const different: [string, string][] = [
    ['192.0.2.1', '192.0.2.2'],
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.2'],
  ];
  for (const [a, b] of different) t.not(household(a), household(b), a);
  t.end();
});

void t.test('no header makes it throw, and an undeclared peer is never anybody else', (t) => {
  const header = fc.oneof(
    fc.string(),
    fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string())).map((hops) => hops.join(',')),
  );
  holds(
    t,
    fc.property(header, fc.ipV4(), (forwarded, peer) => {
      const named = clientAddress(peer, forwarded, thePeer);
      household(named);
      return isIP(named) !== 0 && clientAddress(peer, forwarded, nobody) === peer;
    }),
  );
  t.end();
});
