// No optional field keeps a bot off the page: what is wrong with it is dropped, counted, and said to operators (RULES 31).
import { readFileSync } from 'node:fs';
import t from 'tap';
import type { Test } from 'tap';
import type {
  ClusterDetail,
  ClusterRow,
  RowKey,
  ScopePatch,
  ScopeSnapshot,
} from '../../public/shared/operator-wire.js';
import { forget, listen, serve, startServer, until, type TestServer } from '../harness.js';
import { ask } from '../http/raw.js';
import { beat, bearer, environment, register, send, view } from './member.js';

const scrapeTargets = JSON.parse(
  readFileSync(`${process.cwd()}/test/fixtures/scrape-targets.json`, 'utf8'),
) as [text: string, verdict: string][];

interface Seen {
  detail: () => ClusterDetail;
  cluster: () => ClusterRow;
}

/** What an operator sees of a cluster, from now on. */
async function lookAt(t: Test, { base }: Pick<TestServer, 'base'>, identity: string): Promise<Seen> {
  const { socket, frames } = await listen(`${base.replace('http', 'ws')}/live/operator`, bearer);
  t.teardown(() => socket.close());
  socket.send(JSON.stringify({ op: 'watch', scope: `cluster:${identity}`, v: 0, e: '' }));
  await until(() => frames[0]);
  const row = (key: RowKey): unknown =>
    frames
      .map((text) => JSON.parse(text) as Partial<Pick<ScopeSnapshot, 'rows'> & Pick<ScopePatch, 'put'>>)
      .map(({ rows, put }) => (rows ?? put)?.[key])
      .findLast((found) => found !== undefined);
  return {
    detail: () => row('detail') as ClusterDetail,
    cluster: () => row(`cluster/${identity}`) as ClusterRow,
  };
}

const targets = async ({ base }: TestServer): Promise<string[]> => {
  const answer = await fetch(`${base}/api/fleet/targets`, { headers: bearer });
  return ((await answer.json()) as { targets: string[] }[]).flatMap((one) => one.targets);
};

const droppedCount = async ({ base }: TestServer, field: string): Promise<number> => {
  const text = await (await fetch(`${base}/metrics`, { headers: bearer })).text();
  const line = new RegExp(`^shardlight_report_fields_dropped_total\\{field="${field}"\\} (\\d+)$`, 'm');
  return Number(line.exec(text)?.[1] ?? 0);
};

const withOperator = { ...environment, SHARDLIGHT_OPERATOR_TOKEN: 'operator-secret' };
const SHARDS = { shards: [{ id: 0, state: 'online' }] };

void t.test('a member whose scrape target is none is on the page all the same', async (t) => {
  const server = await serve(t, withOperator);
  for (const [i, [target, verdict]] of scrapeTargets.entries()) {
    const identity = `bot-${i}`;
    for (let again = 0; again < 2; again++) await register(server, identity, { scrape_target: target });
    t.equal(await beat(server, identity, null, { shards: [{ id: i, state: 'online' }] }), 204, target);
    const said = server.log.filter((line) => line.includes(`"${identity}"`));
    const { dropped, scrapeTarget } = (await lookAt(t, server, identity)).detail();
    if (verdict === 'kept') {
      t.same([said.length, dropped, scrapeTarget], [0, [], target], target);
      continue;
    }
    t.same([said.length, dropped.length, scrapeTarget], [1, 1, ''], target);
    t.ok(said[0]!.includes(`scrape target ${verdict}`), said.join());
    t.ok(dropped[0]!.startsWith(`scrape target ${verdict}`), dropped.join());
  }
  t.match((await view(server)).bots, [{ states: '3'.repeat(scrapeTargets.length) }]);
  t.same(await targets(server), ['10.0.0.5:9191']);
  t.equal(await droppedCount(server, 'scrape_target'), 8);
});

void t.test('nor is one outside of SHARDLIGHT_SCRAPE_ALLOW; a better one ends the note', async (t) => {
  const server = await serve(t, { ...withOperator, SHARDLIGHT_SCRAPE_ALLOW: '10.0.0.0/8' });
  await register(server, 'a', { scrape_target: '10.0.0.5:9191' });
  await register(server, 'a', { scrape_target: '192.0.2.1:9191' });
  const { detail } = await lookAt(t, server, 'a');
  t.match(detail(), {
    scrapeTarget: '',
    dropped: ['scrape target dropped: SHARDLIGHT_SCRAPE_ALLOW does not allow it'],
  });
  await register(server, 'a', { scrape_target: '10.0.0.6:9191' });
  await until(() => detail().scrapeTarget === '10.0.0.6:9191');
  t.same(detail().dropped, []);
});

void t.test('what was dropped is known after a restart, and so is what is no longer allowed', async (t) => {
  const first = await startServer(withOperator);
  await register(first, 'a', { scrape_target: 'bot-1' });
  await register(first, 'b', { scrape_target: '10.0.0.5:9191' });
  await first.stop();
  const narrow = { ...withOperator, SHARDLIGHT_SCRAPE_ALLOW: '192.0.2.0/24' };
  const second = await startServer(narrow, undefined, first.statePath);
  t.teardown(() => second.stop().finally(() => forget(second)));
  const droppedOf = async (identity: string): Promise<string[]> =>
    (await lookAt(t, second, identity)).detail().dropped;
  t.same(await droppedOf('a'), ['scrape target dropped: no port']);
  t.match(await droppedOf('b'), [/SHARDLIGHT_SCRAPE_ALLOW does not allow it/]);
});

void t.test('fields of another type are what Python makes of them, or dropped', async (t) => {
  const server = await serve(t, withOperator);
  const cases: [more: object, fleet: string, dropped: RegExp[]][] = [
    [{ fleet: ['x'], version: {} }, "['x']", []],
    [{ fleet: 7, version: true }, '7', []],
    [{ fleet: { a: [1, null, "it's"] } }, `{'a': [1, None, "it's"]}`, []],
    [{ fleet: [], version: [] }, 'default', []],
    [{ fleet: '\u001b[2J' }, 'default', [/^fleet dropped: must not hold control characters$/]],
    [{ fleet: 'a\ud800' }, 'default', [/^fleet dropped: must not hold half of a character/]],
    [{ name: 'a\ud800' }, 'default', [/^name dropped: must not hold characters that are not seen$/]],
    [{ version: 'x'.repeat(129) }, 'default', [/^version dropped: must be at most 128 characters$/]],
    [{ shard_count: '4' }, 'default', [/^shard count dropped: must be a whole number/]],
    [{ bot: ['main'], host: {} }, 'default', [/^bot dropped: /, /^host dropped: /]],
    [{ name: 7 }, 'default', [/^name dropped: must be text$/]],
    [{ name: 'a\u202eb' }, 'default', [/^name dropped: must not hold characters that are not seen$/]],
  ];
  for (const [i, [more, fleet, dropped]] of cases.entries()) {
    const identity = `bot-${i}`;
    t.equal((await send(server, 'register', { identity, ...more })).status, 200);
    const seen = await lookAt(t, server, identity);
    t.match(seen.detail().dropped, dropped, JSON.stringify(more));
    t.equal(seen.detail().dropped.length, dropped.length);
    t.equal(seen.cluster().fleet, fleet);
  }
});

void t.test('a beat counts whatever its optional fields are; a good one ends the note', async (t) => {
  const server = await serve(t, withOperator);
  await register(server, 'a');
  const { detail } = await lookAt(t, server, 'a');
  const odd = { bot: {}, name: [], shard_count: 'x', host: {}, ...SHARDS };
  const rows = [{ id: 0, state: 3, guilds: -1 }, { id: 1 }];
  const beats: [more: object, dropped: RegExp[]][] = [
    [odd, [/^bot dropped/, /^name dropped/, /^shard count dropped/]],
    [{ shards: rows }, [/^guilds dropped: /, /^shards dropped: a row: state: /]],
    [{ shards: { 0: 'online' } }, [/^shards dropped: must be a list of shards$/]],
    [SHARDS, []],
  ];
  for (const [more, words] of beats) {
    t.equal(await beat(server, 'a', null, more), 204);
    t.match((await view(server)).bots, [{ states: '3' }]);
    await until(() => {
      const { dropped } = detail();
      return dropped.length === words.length && words.every((word, i) => word.test(dropped[i]!));
    });
  }
  t.equal(server.log.filter((line) => line.includes('dropped')).length, 1);
});

void t.test('a register in Latin-1 is read as such', async (t) => {
  const { port, base } = await serve(t, withOperator);
  const body = Buffer.from('{"identity":"é","fleet":"è"}', 'latin1');
  const statusIn = async (charset: string): Promise<number> => {
    const headers = { Authorization: 'Bearer tok', 'Content-Type': `application/json; charset=${charset}` };
    return (await ask(port, 'POST /fleet/register', headers, body)).status;
  };
  t.same([await statusIn('utf-8'), await statusIn('klingon'), await statusIn('latin-1')], [400, 400, 200]);
  t.equal((await lookAt(t, { base }, 'é')).cluster().fleet, 'è');
});
