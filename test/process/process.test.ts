// The server as a process: how it starts, refuses to start, stops, and comes back.
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import t from 'tap';
import type { PublicView, ShardView } from '../../public/shared/wire.js';
import { listen, post, until } from '../harness.js';
import { folder, launch, pageOf } from './child.js';
import './binary.js';

const EX_CONFIG = 78;

async function read<T>(url: string): Promise<T> {
  return (await (await fetch(url)).json()) as T;
}

void t.test('a bare start says where the page is, that reports are open, and what to do next', async (t) => {
  const child = launch(t, folder(t), { SHARDLIGHT_PROT: '1' });
  const url = await pageOf(child);
  t.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
  t.match(child.said(), 'Reports need no token');
  t.match(child.said(), 'Next: open the page');
  t.match(
    child.said(),
    'SHARDLIGHT_PROT is set, but Shardlight does not read it. Did you mean SHARDLIGHT_PORT?',
  );
  t.match(await (await fetch(url)).text(), `curl -X POST ${url}/api/bots/main/shards`);
});

void t.test('all mistakes of the configuration are told, and it exits 78', async (t) => {
  const cwd = folder(t);
  const child = launch(t, cwd, {
    SHARDLIGHT_PORT: 'http',
    GLANCE_BOTS: 'main',
    SHARDLIGHT_TOKEN_FILE: '/nowhere/token',
    SHARDLIGHT_INGEST_TOKEN: 'hunter2',
  });
  t.equal((await child.exited).code, EX_CONFIG);
  for (const variable of ['SHARDLIGHT_PORT', 'GLANCE_BOTS', 'SHARDLIGHT_TOKEN_FILE'])
    t.match(child.said(), `  ${variable}: found "`);
  t.match(child.said(), 'accepted: a whole number from 0 to 65535');
  t.notMatch(child.said(), 'hunter2');
  t.same(readdirSync(cwd), []);
});

void t.test(
  'an address that others can reach without a token is refused with 78 and the way out',
  async (t) => {
    const child = launch(t, folder(t), { SHARDLIGHT_HOST: '0.0.0.0' });
    t.equal((await child.exited).code, EX_CONFIG);
    t.match(child.said(), 'set SHARDLIGHT_INGEST_TOKEN or SHARDLIGHT_TOKEN');
  },
);

void t.test('the .env of the folder is read, and the environment wins over it', async (t) => {
  const cwd = folder(t);
  const lines = [
    'SHARDLIGHT_INGEST_TOKEN=s3#cret-of-the-first-line',
    'SHARDLIGHT_TITLE="From the file"',
    'SHARDLIGHT_TOKEN=secret',
    'SHARDLIGHT_TITEL=mistyped',
    'GLANCE_BOTS=main:4;',
  ];
  writeFileSync(join(cwd, '.env'), `\ufeff${lines.join('\r\n')}`);
  const child = launch(t, cwd, { SHARDLIGHT_HOST: '127.0.0.1', SHARDLIGHT_TOKEN: 'other', GLANCE_BOTS: '' });
  const url = await pageOf(child);
  t.match(await read(`${url}/api/view`), { title: 'From the file', bots: [{ key: 'main', shardCount: 4 }] });
  const status = async (token: string): Promise<number> =>
    (await post(`${url}/api/status/main/0/3`, '', { authorization: token })).status;
  t.equal(await status('secret'), 401);
  t.equal(await status('other'), 204);
  t.equal(await status('s3#cret-of-the-first-line'), 204);
  t.match(
    child.said(),
    'SHARDLIGHT_TITEL is set, but Shardlight does not read it. Did you mean SHARDLIGHT_TITLE?',
  );
});

void t.test('a line of .env that is no setting stops the start: it may be the token', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, '.env'), '# ours\nSHARDLIGHT_TOKEN s3cret\n');
  const child = launch(t, cwd);
  t.equal((await child.exited).code, EX_CONFIG);
  t.match(child.said(), '.env: found SHARDLIGHT_TOKEN in line 2, where no value can be read;');
  t.notMatch(child.said(), 's3cret');
});

void t.test('another file may be named, and then it must be there', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'ours.env'), 'SHARDLIGHT_TITLE=Named\n');
  writeFileSync(join(cwd, '.env'), 'SHARDLIGHT_TITLE=Other\n');
  const child = launch(t, cwd, { SHARDLIGHT_ENV_FILE: 'ours.env' });
  t.equal((await read<PublicView>(`${await pageOf(child)}/api/view`)).title, 'Named');
  const lost = launch(t, cwd, { ARGUS_FLEET_ENV_FILE: 'lost.env' });
  t.equal((await lost.exited).code, EX_CONFIG);
  t.match(lost.said(), 'ARGUS_FLEET_ENV_FILE: found "lost.env" (ENOENT)');
});

void t.test('who reads what it says may leave: it serves on, and stops in order', async (t) => {
  const child = launch(t, folder(t));
  const url = await pageOf(child);
  child.process.stdout!.destroy();
  child.process.stderr!.destroy();
  child.process.kill('SIGTERM'); // of which it would say something
  t.same(await child.exited, { code: 0, signal: null });
  await t.rejects(fetch(url));
});

void t.test('a port that is taken is said, with what to do, and it exits 1', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.teardown(() => other.close());
  const { port } = other.address() as AddressInfo;
  const child = launch(t, folder(t), { SHARDLIGHT_PORT: `${port}` });
  t.equal((await child.exited).code, 1);
  t.match(child.said(), `cannot listen on 127.0.0.1 port ${port}: another program already listens there`);
  t.notMatch(child.said(), '    at ');
});

void t.test('a state file that is not ours refuses the start and stays as it is', async (t) => {
  const files = {
    'an Argus state with a wrong entry':
      '{"version": 1, "counters": {"asia": 3}, "entries": [{"identity": "a"}]}',
    'a later version': '{"version": 99}',
    'a damaged state': `{"version":2,"savedAt":1,"sha256":"${'0'.repeat(64)}"}\n`,
    'half of a state': '{"version":2,"savedAt":1,"numb',
  };
  const attempts = Object.entries(files).map(async ([what, text]) => {
    const cwd = folder(t);
    const path = join(cwd, 'shardlight-state.json');
    writeFileSync(path, text, { mode: 0o644 });
    const before = statSync(path);
    const child = launch(t, cwd);
    t.equal((await child.exited).code, EX_CONFIG, what);
    t.match(child.said(), 'the state file shardlight-state.json cannot be used, and was left as it is', what);
    t.match(child.said(), 'What to do: ', what);
    t.equal(readFileSync(path, 'utf8'), text, what);
    t.same([statSync(path).mtimeMs, statSync(path).mode], [before.mtimeMs, before.mode], what);
    t.same(readdirSync(cwd), ['shardlight-state.json', 'shardlight-state.json.lock'], what);
  });
  await Promise.all(attempts);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  void t.test(
    `${signal} sends viewers away, writes the state for its owner alone, and exits 0`,
    async (t) => {
      const cwd = folder(t);
      const child = launch(t, cwd, { SHARDLIGHT_BOTS: 'main:4' });
      const url = await pageOf(child);
      await post(`${url}/api/status/main/0/3`);
      const viewers = [];
      for (const path of ['/live?p=2', '/live?p=2', '/api/feed'])
        viewers.push(await listen(`${url.replace('http', 'ws')}${path}`));
      const idle = connect(Number(new URL(url).port), '127.0.0.1');
      idle.on('error', () => undefined);
      idle.write('POST /fleet/register HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{');
      await Promise.all(viewers.map((viewer) => until(() => viewer.frames.length > 0)));

      child.process.kill(signal);
      t.same(await child.exited, { code: 0, signal: null });
      const goodbyes = await Promise.all(viewers.map((viewer) => viewer.closed));
      t.same(
        goodbyes.map(({ code }) => code),
        [1012, 1012, 1001],
      );
      for (const { reason } of goodbyes.slice(0, 2)) t.match(reason, /^\d{4}$/);
      t.same(readdirSync(cwd), [
        'shardlight-state.json',
        'shardlight-state.json.journal',
        'shardlight-state.json.lock',
      ]);
      const path = join(cwd, 'shardlight-state.json');
      t.equal(statSync(path).mode & 0o777, 0o600);
      t.match(JSON.parse(readFileSync(path, 'utf8')), { version: 3, bots: [{ key: 'main', glance: {} }] });
    },
  );

void t.test('SIGHUP saves the state, says so, and ends nothing', async (t) => {
  const cwd = folder(t);
  const child = launch(t, cwd, { SHARDLIGHT_BOTS: 'main:4' });
  const url = await pageOf(child);
  await post(`${url}/fleet/register`, { identity: 'a' });
  child.process.kill('SIGHUP');
  await until(() =>
    /SIGHUP: the state is saved, and the server goes on\. Settings are read at a start/.test(child.said()),
  );
  const state = readFileSync(join(cwd, 'shardlight-state.json'), 'utf8');
  t.match(JSON.parse(state), { sequence: 2, clusters: [{ identity: 'a' }] });
  t.equal((await fetch(`${url}/healthz`)).status, 200);
  child.process.kill('SIGTERM');
  t.same(await child.exited, { code: 0, signal: null });
});

void t.test('a second signal exits at once', async (t) => {
  const child = launch(t, folder(t), { SHARDLIGHT_BOTS: 'main:4' });
  await pageOf(child);
  child.process.kill('SIGINT');
  child.process.kill('SIGTERM');
  t.same(await child.exited, { code: null, signal: 'SIGKILL' });
  t.match(child.said(), 'Once more to stop at once');
});

void t.test('a disk that hangs does not keep it from stopping', async (t) => {
  const cwd = folder(t);
  execFileSync('mkfifo', [`${cwd}/shardlight-state.json.tmp`]); // opening it waits for a reader who never comes
  const child = launch(t, cwd, { SHARDLIGHT_BOTS: 'main:4' });
  await pageOf(child);
  child.process.kill('SIGTERM');
  t.same(await child.exited, { code: null, signal: 'SIGKILL' });
  t.match(child.said(), 'could not be written in time');
});

void t.test('a state that cannot be written at the end is said, and the exit is 1', async (t) => {
  const cwd = folder(t);
  const child = launch(t, cwd);
  await pageOf(child);
  mkdirSync(join(cwd, 'shardlight-state.json.tmp')); // so that none can be written there
  child.process.kill('SIGTERM');
  t.equal((await child.exited).code, 1);
  t.match(child.said(), /The state could not be written: .*EISDIR/);
});

void t.test('a folder for the state that is not there is said at the start, which exits 78', async (t) => {
  const child = launch(t, folder(t), { SHARDLIGHT_STATE: 'lost/state.json' });
  t.equal((await child.exited).code, EX_CONFIG);
  t.match(child.said(), /Why: its lock lost\/state\.json\.lock cannot be taken \(ENOENT/);
});

void t.test('a second one is told who holds the state and exits 78; kill -9 frees it at once', async (t) => {
  const cwd = folder(t);
  const first = launch(t, cwd);
  await pageOf(first);
  const second = launch(t, cwd);
  t.equal((await second.exited).code, EX_CONFIG);
  t.match(second.said(), `Why: another Shardlight uses it: process ${first.process.pid} on `);
  t.match(
    second.said(),
    'What to do: stop that one first, or name another state file with SHARDLIGHT_STATE.',
  );
  first.process.kill('SIGKILL');
  await first.exited;
  await pageOf(launch(t, cwd));
});

void t.test('a journal that is doubtful exits 78 and names file, line and the way out', async (t) => {
  const cwd = folder(t);
  const path = join(cwd, 'shardlight-state.json.journal');
  writeFileSync(path, '{"journal":1,"after":0}\nhalf\n{"refused":1}\n');
  const child = launch(t, cwd);
  t.equal((await child.exited).code, EX_CONFIG);
  t.match(child.said(), 'the journal shardlight-state.json.journal cannot be used, and was left as it is');
  t.match(child.said(), 'Why: line 2: it is not JSON.');
  t.match(child.said(), 'What to do: restore a backup of it; or move it away');
});

void t.test('what was known comes back as it was', async (t) => {
  const cwd = folder(t);
  const first = launch(t, cwd, { SHARDLIGHT_BOTS: 'main:4' });
  const before = await pageOf(first);
  await post(`${before}/api/status/main/0/3`);
  await post(`${before}/api/status/main/1/2`);
  await post(`${before}/api/status/main/2/6`);
  await post(`${before}/fleet/register`, { identity: 'a', fleet: 'asia' });
  await post(`${before}/fleet/heartbeat`, { identity: 'a', shards: [{ id: 3, state: 'online' }] });
  const shard = (url: string, id: number): Promise<ShardView> => read(`${url}/api/bots/main/shards/${id}`);
  const { since } = await shard(before, 0);
  first.process.kill('SIGTERM');
  await first.exited;

  const second = launch(t, cwd, { SHARDLIGHT_BOTS: 'main:4' });
  const after = await pageOf(second);
  const states = async (): Promise<string | undefined> =>
    (await read<PublicView>(`${after}/api/view`)).bots[0]?.states;
  t.equal(await states(), '3263', 'a restart is a short gap: nothing is Unknown by it');
  for (const id of [0, 1, 2])
    t.equal((await post(`${after}/api/health/main/${id}`)).status, 204, 'never 409');
  t.equal((await post(`${after}/fleet/heartbeat`, { identity: 'a' })).status, 204, 'the cluster is known');
  t.equal(await states(), '3263');
  t.match(await shard(after, 0), { state: 'online', since });
  t.match(await shard(after, 3), { state: 'online', cluster: 'asia #1' });
  t.match(await read(`${after}/api/view`), { bots: [{ clusters: [{ name: 'asia #1', shards: '3' }] }] });
  const next = await post(`${after}/fleet/register`, { identity: 'b', fleet: 'asia' });
  t.match(await next.json(), { number: 2 });
});

void t.test(
  "Argus's state file beside its .env is taken over without being named, and that is said",
  async (t) => {
    const cwd = folder(t);
    copyFileSync('test/fixtures/argus-state-v1.json', join(cwd, 'argus-fleet-state.json'));
    writeFileSync(
      join(cwd, '.env'),
      'ARGUS_FLEET_TOKEN=a-token-of-24-characters\nARGUS_FLEET_READ_BURST=5000000\n',
    );
    for (const said of ['was imported: 1 clusters keep their numbers', 'which is here']) {
      const child = launch(t, cwd, { ARGUS_FLEET_HOST: '127.0.0.1' });
      const url = await pageOf(child);
      t.match(child.said(), said);
      t.match(child.said(), 'ARGUS_FLEET_READ_BURST is "5000000"');
      const headers = { authorization: 'Bearer a-token-of-24-characters' };
      t.match(
        await (await post(`${url}/fleet/register`, { identity: 'new', fleet: 'asia' }, headers)).json(),
        {
          number: 2,
        },
      );
      child.process.kill('SIGTERM');
      await child.exited;
    }
  },
);
