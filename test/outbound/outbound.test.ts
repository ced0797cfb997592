// Where a host lies, and whether it may be called.
import t from 'tap';
import {
  addRange,
  inBrackets,
  isIn,
  isLoopback,
  listOf,
  placeOf,
  withoutBrackets,
} from '../../server/outbound/addresses.js';
import { allowOf, judgeHost, type Allow } from '../../server/outbound/allow.js';

void t.test('where an address lies', (t) => {
  const places = {
    here: ['localhost', '127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1', 'a.localhost', 'LOCALHOST.'],
    private: [
      '10.1.2.3',
      '192.168.1.1',
      '172.31.0.1',
      '169.254.1.1',
      'fd00::1',
      'shardlight',
      'bots.internal',
    ],
    public: ['172.32.0.1', '8.8.8.8', '2606:4700::1', 'status.example.com', 'localhost.example.com'],
  };
  for (const [place, hosts] of Object.entries(places))
    for (const host of hosts) t.equal(placeOf(host), place, host);
  t.equal(placeOf('127.example.com'), 'public', 'a name that begins as an address of this machine does');
  t.end();
});

void t.test('what only this machine reaches', (t) => {
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1', '0:0:0:0:0:0:0:1'])
    t.equal(isLoopback(host), true, host);
  for (const host of [
    '',
    '0.0.0.0',
    '::',
    '128.0.0.1',
    '127.example.com',
    '127.0.0.999',
    'a.localhost',
    '::2',
  ])
    t.equal(isLoopback(host), false, host);
  t.end();
});

void t.test('addresses, ranges and brackets', (t) => {
  const list = listOf('10.0.0.0/8', '2001:db8::/32');
  for (const one of ['10.1.2.3', '::ffff:10.1.2.3', '2001:db8::7']) t.equal(isIn(list, one), true, one);
  for (const one of ['11.0.0.1', '2001:db9::', 'example.com', '']) t.equal(isIn(list, one), false, one);
  for (const bad of ['10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/8/8', 'example.com', ''])
    t.equal(addRange(list, bad), false, bad);
  t.equal(inBrackets('::1'), '[::1]');
  t.equal(inBrackets('a.example'), 'a.example');
  t.equal(withoutBrackets('[::1]'), '::1');
  t.end();
});

const allow = (...entries: string[]): Allow => allowOf(entries)!;

void t.test('a host may be called that is allowed, and never one of metadata', (t) => {
  t.equal(judgeHost('example.com', allow()), 'allowed', 'nothing narrows it');
  const some = allow('10.0.0.0/8', '.bots.internal', '169.254.0.0/16');
  t.equal(judgeHost('10.1.2.3', some), 'allowed');
  t.equal(judgeHost('0xa.1.2.3', some), 'allowed', 'an odd spelling of it');
  t.equal(judgeHost('a.BOTS.internal.', some), 'allowed');
  t.equal(judgeHost('bots.internal', some), 'not-allowed');
  t.equal(judgeHost('[2001:db8::1]', some), 'not-allowed');
  for (const host of [
    '169.254.169.254',
    '2852039166',
    '[fe80::1]',
    '[::ffff:a9fe:a9fe]',
    'metadata.google.internal',
  ])
    for (const one of [allow(), some]) t.equal(judgeHost(host, one), 'never', host);
  for (const host of ['', 'a b', '[::1', '1.2.3.4.5.6']) t.equal(judgeHost(host, allow()), 'no-host', host);
  t.equal(allowOf(['10.0.0.0/33']), null);
  t.end();
});
