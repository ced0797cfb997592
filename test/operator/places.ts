// Addresses and places, what the search finds without the server, and the lines that connect.
import fc from 'fast-check';
import t from 'tap';
import type { BotRow, ConnectView } from '../../public/shared/operator-wire.js';
import { findHere, foundOf, isForServer } from '../../public/operator/find.js';
import { addressOf, itemOf, readPlace, scopeOf, type Place } from '../../public/operator/place.js';
import { emptyScope } from '../../public/operator/rows.js';
import { above } from '../../public/operator/trail.js';
import { snippetsFor } from '../../public/shared/snippets.js';

const text = fc.string({ minLength: 1 });
const sort = fc.option(fc.record({ column: fc.stringMatching(/^[a-z0-9]+$/), descending: fc.boolean() }));
const anyPlace: fc.Arbitrary<Place> = fc.oneof(
  fc.constantFrom<Place[]>({ view: 'now' }, { view: 'fleets' }, { view: 'incidents' }, { view: 'settings' }),
  fc.record({
    view: fc.constant('fleet' as const),
    fleet: text,
    sort,
    find: fc.string(),
  }),
  fc.record({ view: fc.constant('bot' as const), bot: text, sort, find: fc.string() }),
  fc.record({ view: fc.constant('cluster' as const), identity: text }),
  fc.record({ view: fc.constant('shard' as const), bot: text, shard: fc.nat(16_383) }),
);

const searchOf = (place: Place): string => new URL(addressOf(place), 'http://localhost').search;

void t.test('every place has an address that leads back to it', (t) => {
  fc.assert(fc.property(anyPlace, (place) => t.same(readPlace(searchOf(place)), place)));
  t.end();
});

void t.test('an address that makes no sense is Now', (t) => {
  for (const search of [
    '',
    '?',
    '?view=nope',
    '?bot=main&shard=',
    '?view=__proto__',
    '?bot=main&shard=-1',
    '?bot=main&shard=1e3',
    '?bot=main&shard=999999',
  ])
    t.same(readPlace(search), { view: 'now' }, search);
  fc.assert(fc.property(fc.string(), (search) => typeof scopeOf(readPlace(search)) === 'string'));
  t.match(readPlace('?fleet=asia&sort=-'), { sort: null });
  t.end();
});

void t.test('links from before lead on', (t) => {
  t.same(readPlace('?view=connect'), { view: 'settings' });
  t.same(readPlace('?bot=main&shard=17'), { view: 'shard', bot: 'main', shard: 17 });
  t.same(readPlace('?fleet=asia'), { view: 'fleet', fleet: 'asia', sort: null, find: '' });
  t.end();
});

void t.test('every place is a part of one of the views', (t) => {
  const items = ['', '?view=fleet', '?bot=main', '?cluster=asia-1', '?view=incidents', '?view=connect'];
  t.same(
    items.map((search) => itemOf(readPlace(search))),
    ['now', 'fleet', 'fleet', 'fleet', 'incidents', 'settings'],
  );
  const [here, away] = [readPlace('?bot=main&shard=17'), readPlace('')];
  const scope = emptyScope('shard:main/17');
  t.equal(above({ place: here, scope }), '/operator?bot=main', 'a shard without a cluster is its bot’s');
  t.equal(above({ place: away, scope }), '/operator');
  t.end();
});

void t.test('each place watches what it shows', (t) => {
  t.equal(scopeOf(readPlace('?fleet=asia&find=x')), 'fleet:asia');
  t.equal(scopeOf(readPlace('?cluster=asia-1')), 'cluster:asia-1');
  t.equal(scopeOf(readPlace('?bot=main&shard=17')), 'shard:main/17');
  t.equal(scopeOf(readPlace('?bot=main')), 'bot:main');
  t.equal(scopeOf(readPlace('?view=incidents')), 'incidents');
  t.equal(scopeOf(readPlace('?view=connect')), 'global');
  t.end();
});

const botOf = (key: string, shardCount: number, certain = true): BotRow => ({
  key,
  name: key.toUpperCase(),
  shardCount,
  clusters: 0,
  certain,
  counts: [],
  declared: [],
  doubleClaims: [],
  configured: true,
  setName: null,
  setShardCount: null,
});

const GUILD = '81384788765712384';

void t.test('a guild is on one shard of each bot, and its ID is not for the server', (t) => {
  const found = findHere(`https://discord.com/channels/${GUILD}/1`, [
    botOf('main', 240),
    botOf('demo', 16, false),
  ]);
  t.same(
    found.map(({ text: said }) => said),
    ['This server is on shard 178 of MAIN', 'This server may be on shard 2 of DEMO'],
  );
  t.equal(found[0]!.href, '/operator?bot=main&shard=178');
  for (const pasted of [
    GUILD,
    `<@${GUILD}>`,
    `https://discord.com/channels/${GUILD}`,
    `x ${GUILD}`,
    '@me',
    `${GUILD}\u200b`,
    `${GUILD} or ${GUILD}1`,
    '９'.repeat(16),
    '9'.repeat(20),
  ])
    t.notOk(isForServer(pasted), pasted);
  for (const asked of ['asia', 'main 17', '2', 'a']) t.ok(isForServer(asked), asked);
  t.notOk(isForServer('  '));
  t.same(findHere('asia', [botOf('main', 240)]), []);
  t.end();
});

void t.test('what the server found leads somewhere', (t) => {
  const found = foundOf([
    { kind: 'fleet', fleet: 'asia' },
    { kind: 'cluster', identity: 'asia 1', fleet: 'asia', number: 2, status: 'down' },
    { kind: 'shard', bot: 'main', shard: 17, state: 'unhealthy' },
  ]);
  t.same(
    found.map(({ href, state }) => `${href} ${state}`),
    ['/operator?fleet=asia ', '/operator?cluster=asia+1 Down', '/operator?bot=main&shard=17 Not responding'],
  );
  t.end();
});

const open: ConnectView = {
  url: null,
  namespace: 'discord',
  needsIngestToken: false,
  needsViewerToken: false,
  requireLease: false,
};

void t.test('the lines to connect fit this server', (t) => {
  const bare = snippetsFor(open, 'http://127.0.0.1:9190', []);
  t.equal(
    bare.argus,
    'ARGUS_FLEET_URL=http://127.0.0.1:9190\nARGUS_FLEET_GROUP=<fleet>\nARGUS_CLUSTER_ID=<one of its own per process>',
  );
  t.match(bare.discordJs, "\nreport(client, { url: 'http://127.0.0.1:9190' });");
  t.notMatch(Object.values(bare).join('\n'), /token/);
  const guarded = {
    ...open,
    url: 'https://status.example.com/',
    needsIngestToken: true,
    needsViewerToken: true,
    requireLease: true,
    namespace: 'acme',
  };
  const full = snippetsFor(guarded, 'http://127.0.0.1:9190', [botOf('main', 240)]);
  t.match(full.discordJs, `{ url: 'https://status.example.com', token: '<ingest token>' }`);
  const several = snippetsFor(guarded, '', [botOf('main', 240), botOf('demo', 16)]);
  t.match(several.discordJs, `token: '<ingest token>', bot: 'main' }`);
  t.match(full.argus, /ARGUS_FLEET_TOKEN=<ingest token>[^]*ARGUS_FLEET_STATE_DIR[^]*ARGUS_NAMESPACE=acme/);
  t.match(full.curl, 'https://status.example.com/api/bots/main/shards');
  t.match(full.curl, '"shard_count":240');
  t.match(full.glance, 'GLANCE_BOTS=main:240');
  t.match(
    full.prometheus,
    /url: https:\/\/status\.example\.com\/api\/fleet\/targets\n {8}authorization:\n {10}credentials: <viewer token>/,
  );
  t.match(full.prometheus, "targets: ['status.example.com']");
  t.notMatch(Object.values(full).join('\n'), '127.0.0.1');
  t.end();
});
