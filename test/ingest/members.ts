// What members say beside their numbers: where to scrape them, who they are in a report cut short, and from where they speak.
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { scrapeAllow } from '../../server/settings/config-values.js';
import { heartbeatBySchema, readHeartbeat } from '../../server/ingest/fleet-fields.js';
import { firstFields } from '../../server/ingest/first-fields.js';
import { createIdentityWatch } from '../../server/telemetry/identity-watch.js';
import { createLeases } from '../../server/ingest/leases.js';
import { readScrapeTarget } from '../../server/ingest/scrape-target.js';
import { holds } from '../holds.js';

const scrapeTargets = JSON.parse(
  readFileSync(`${process.cwd()}/test/fixtures/scrape-targets.json`, 'utf8'),
) as [text: string, verdict: string][];

const allow = (text = ''): ReturnType<typeof scrapeAllow.schema.parse> => scrapeAllow.schema.parse(text);
const isTarget = (text: string, allowed = ''): boolean => readScrapeTarget(text, allow(allowed)).ok;
const whyNot = (text: string, allowed = ''): string => {
  const read = readScrapeTarget(text, allow(allowed));
  return read.ok ? 'ok' : read.why;
};

void t.test('a scrape target is host:port, and "" clears it', (t) => {
  for (const fine of [
    '10.0.0.5:9191',
    'bot-1.internal:80',
    'localhost:1',
    '[2001:db8::1]:65535',
    'my_host:9191',
    '',
  ])
    t.equal(whyNot(fine), 'ok', fine);
  for (const odd of [
    '10.0.0.5',
    ':9191',
    '10.0.0.5:',
    '10.0.0.5:0',
    '10.0.0.5:65536',
    '10.0.0.5:9191/metrics',
    'http://10.0.0.5:9191',
    'user@host:9191',
    'a b:80',
    '10.0.0.256:80',
    '::1:9191',
    '[::g]:80',
    `${'a'.repeat(254)}:80`,
  ])
    t.not(whyNot(odd), 'ok', odd);
  t.end();
});

void t.test('what is no target is dropped with a reason that says what to write', (t) => {
  for (const [text, verdict] of scrapeTargets) {
    const why = whyNot(text);
    if (verdict === 'kept') t.equal(why, 'ok', text);
    else t.ok(`dropped: ${why}`.startsWith(verdict), `${text}: ${why}`);
  }
  t.equal(whyNot('http://10.0.0.5/metrics'), 'a URL');
  t.equal(whyNot('10.0.0.5:x'), 'not host:port, for example 10.0.0.5:9191');
  t.end();
});

void t.test('link-local and metadata addresses never, however they are written', (t) => {
  for (const bad of [
    '169.254.169.254:80',
    '169.254.1.1:9191',
    '2852039166:80',
    '0xa9fea9fe:80',
    '0251.0376.0251.0376:80',
    '169.254.169.254.:80',
    '[::ffff:169.254.169.254]:80',
    '[::ffff:a9fe:a9fe]:80',
    '[fe80::1]:80',
    '[fd00:ec2::254]:80',
    '100.100.100.200:80',
    'metadata.google.internal:80',
    'METADATA.google.internal.:80',
    'metadata.google.internal..:80',
    'metadata:80',
    'metadata.goog:80',
    'instance-data:80',
    'instance-data.ec2.internal:80',
    'instance-data.us-west-2.compute.internal.:80',
    'api.metadata.cloud.ibm.com:80',
    '168.63.129.16:80',
    '168.63.129.16.:80',
    '192.0.0.192:80',
    '169.254.43518:80',
    '[::169.254.169.254]:80',
    '[::ffff:0:169.254.169.254]:80',
    '[::ffff:6464:64c8]:80',
    '[64:ff9b::a9fe:a9fe]:80',
    '[64:ff9b::169.254.1.1]:80',
    '[64:ff9b:1::a9fe:a9fe]:80',
    '[64:ff9b:1:a9fe:a9:fe00::]:80',
    '[64:ff9b:1:0:a9:fea9:fe00:0]:80',
    '[2001:db8:64::a9fe:a9fe]:80',
    '[2002:a9fe:a9fe::]:80',
    '[2002:a83f:8110::1]:80',
    '[2001:0:a9fe:a9fe::1]:80',
    '[2001:0:102:304::5601:5601]:80',
    '[2001:db8::5efe:a9fe:a9fe]:80',
    '[fd00:ec2:0:0:0:0:0:254]:80',
    '[fd00:ec2::23]:80',
    '[fd20:ce::254]:80',
    '169.254.169.254.nip.io:80',
    'x.169-254-169-254.sslip.io:80',
    'a9fea9fe.nip.io:80',
  ])
    t.equal(whyNot(bad), 'never scraped: a link-local or metadata address', bad);
  t.equal(isTarget('169.254.169.254:80', '169.254.0.0/16'), false, 'not even when somebody allows it');
  for (const fine of [
    '[2001:db8::1]:80',
    '[2001:db8::a9fe:1]:80',
    '[2002:a00:1::1]:80',
    '[64:ff9b::10.0.0.1]:80',
    '[::ffff:10.0.0.1]:80',
    '[::1]:80',
    'ip-10-0-0-5.ec2.internal:80',
    '4b169.254.169.2540.example.com:80',
    'bot-metadata.internal:80',
    'deadbeef.internal:80',
  ])
    t.equal(whyNot(fine), 'ok', fine);
  t.end();
});

void t.test('SHARDLIGHT_SCRAPE_ALLOW narrows it to ranges and host suffixes', (t) => {
  const allowed = '10.0.0.0/8,.bots.internal,example.com';
  for (const fine of [
    '10.1.2.3:80',
    'a.bots.internal:80',
    'A.BOTS.internal:80',
    'example.com:80',
    'x.example.com:80',
  ])
    t.equal(isTarget(fine, allowed), true, fine);
  for (const bad of ['11.1.2.3:80', 'bots.internal:80', 'notexample.com:80', '[::1]:80'])
    t.match(whyNot(bad, allowed), /SHARDLIGHT_SCRAPE_ALLOW/, bad);
  t.equal(isTarget('', allowed), true, 'clearing is always fine');
  t.end();
});

void t.test('anything at all is a target or a reason, and what is taken is kept as it was written', (t) => {
  holds(
    t,
    fc.property(fc.string(), (text) => {
      const read = readScrapeTarget(text, allow());
      return read.ok ? read.target === text : read.why.length > 0;
    }),
  );
  t.end();
});

void t.test('the first fields of a report that was cut off are found', (t) => {
  const whole = '{"identity": "asia-0", "lease": "secret", "snapshot": {"metrics": {"a": [1, 2, "}"]}}}';
  t.same(firstFields(whole.slice(0, 60)), { identity: 'asia-0', lease: 'secret' });
  t.same(firstFields(whole.slice(0, 35)), { identity: 'asia-0' });
  t.same(firstFields('{"a":"\\",","b":{"x":1,"y":[1,'), { a: '",' });
  for (const nothing of ['', '{', '{"identity": "asi', '[1,2,', 'x,{', '{"a" 1,'])
    t.equal(firstFields(nothing), null, nothing);
  t.same(
    firstFields('{"identity":"a","snapshot":{"identity":"b","x":1,"y'),
    { identity: 'a' },
    'only the outermost',
  );
  t.end();
});

void t.test('the beginning of any object is read as far as its members are whole', (t) => {
  holds(
    t,
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (object, cut) => {
      const text = JSON.stringify(object);
      const read = firstFields(text.slice(0, cut % text.length)) as Record<string, unknown> | null;
      const whole = JSON.parse(text) as Record<string, unknown>;
      return Object.entries(read ?? {}).every(
        ([key, value]) => JSON.stringify(whole[key]) === JSON.stringify(value),
      );
    }),
  );
  t.end();
});

void t.test('an identity that is heard from another address is told of, once a change', (t) => {
  const lines: string[] = [];
  const watch = createIdentityWatch((line) => lines.push(line));
  watch.note('a', '10.0.0.1');
  watch.note('a', '10.0.0.1');
  watch.note('b', '10.0.0.2');
  t.equal(watch.conflicts(), 0);
  t.equal(watch.pairOf('a'), undefined);
  watch.note('a', '10.0.0.2');
  watch.note('a', '10.0.0.2');
  t.equal(watch.conflicts(), 1);
  t.equal(watch.pairOf('a'), undefined, 'it may have moved');
  t.same(lines, ['identity "a" seen from a new remote 10.0.0.2; duplicate CLUSTER_ID/fleet_id?']);
  t.end();
});

void t.test('the watch remembers a bounded number of identities', (t) => {
  const watch = createIdentityWatch(() => undefined);
  watch.note('first', '10.0.0.1');
  for (let i = 0; i < 10_000; i++) watch.note(`id-${i}`, '10.0.0.1');
  watch.note('first', '10.0.0.2');
  t.equal(watch.conflicts(), 0, 'it was forgotten');
  watch.note('id-9999', '10.0.0.2');
  t.equal(watch.conflicts(), 1);
  t.end();
});

void t.test('leases are 32 random bytes, and their hashes those of the contract', (t) => {
  const leases = createLeases('', false);
  const { lease, leaseHash } = leases.issue();
  t.match(lease, /^[A-Za-z0-9_-]{43}$/);
  t.equal(leaseHash, leases.hash(lease));
  t.not(leases.issue().lease, lease);
  // HMAC-SHA256 with an empty key and message: a known answer.
  t.equal(leases.hash(''), 'b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad');
  t.not(createLeases('pepper', false).hash(lease), leaseHash);
  t.end();
});

void t.test('a beat seen at a glance is what the schema makes of it, mistakes included', (t) => {
  const odd = [
    null,
    0,
    -1,
    1.5,
    7,
    16_385,
    '',
    'main',
    'a b',
    'x'.repeat(129),
    'x'.repeat(513),
    'a\nb',
    [],
    [1],
    {},
  ];
  const names = ['identity', 'lease', 'bot', 'name', 'shard_count', 'shards', 'dropped', 'snapshot'];
  const fine = { identity: 'asia-0', bot: 'main', shard_count: 16, lease: 'secret', snapshot: {} };
  const isAlike = (beat: object): boolean => {
    const text = JSON.stringify(beat);
    const plain = readHeartbeat(Buffer.from(text), '');
    return isDeepStrictEqual(plain, heartbeatBySchema(JSON.parse(text) as Record<string, unknown>));
  };
  for (const name of names)
    for (const value of odd)
      if (!isAlike({ ...fine, [name]: value })) t.fail(`${name}: ${JSON.stringify(value)}`);
  const field = fc.oneof(fc.constantFrom<unknown>(...odd), fc.integer(), fc.string());
  const said = fc.record(Object.fromEntries(names.map((name) => [name, field])), { requiredKeys: [] });
  holds(t, fc.property(said, isAlike));
  t.same(readHeartbeat(Buffer.from(JSON.stringify(fine)), ''), { ok: true, value: fine });
  t.end();
});
