// `shardlight init` with flags: what it writes is enough to start the real server; what it refuses leaves nothing behind.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import t from 'tap';
import { createInit } from '../../server/cli/init.js';
import { freePort, post } from '../harness.js';
import { folder, launch, pageOf } from '../process/child.js';
import { applicationOf, BOT_TOKEN, gatewayOf, standIn } from './discord-stand-in.js';
import { call, type Ended } from './program.js';

/** The whole program. */
const program = (cwd: string, ...args: string[]): Promise<Ended> => call(['init', ...args], cwd);

/** The command alone, with Discord at `api`: a fraction of the time. */
async function initAt(api: string, cwd: string, ...args: string[]): Promise<Ended> {
  const ended: Ended = { code: null, stdout: '', stderr: '' };
  ended.code = await createInit(api).run(['--out-dir', cwd, ...args], {
    print: (text) => void (ended.stdout += `${text}\n`),
    say: (text) => void (ended.stderr += `${text}\n`),
    isInteractive: false,
    isColoured: false,
  });
  return ended;
}
const NOWHERE = 'http://127.0.0.1:1';
const init = (cwd: string, ...args: string[]): Promise<Ended> => initAt(NOWHERE, cwd, ...args);
const envOf = (cwd: string): Record<string, string> =>
  parseEnv(readFileSync(join(cwd, '.env'), 'utf8')) as Record<string, string>;
const modeOf = (path: string): number => statSync(path).mode & 0o777;

void t.test('with flags alone it writes what the real server starts with', async (t) => {
  const cwd = folder(t);
  const port = await freePort();
  const bots = "main:2:Ann's Bot;demo:1";
  const written = await program(cwd, '--yes', '--run', 'hand', '--bots', bots, '--port', `${port}`, '--json');
  t.equal(written.code, 0, written.stderr);
  t.same(JSON.parse(written.stdout), {
    files: [{ path: join(cwd, '.env'), written: true }],
    url: `http://localhost:${port}`,
    port,
    bots: [
      { key: 'main', name: "Ann's Bot", shards: 2 },
      { key: 'demo', name: 'demo', shards: 1 },
    ],
  });
  t.same(readdirSync(cwd), ['.env'], 'and nothing is left beside it');
  t.equal(modeOf(join(cwd, '.env')), 0o600);
  const env = envOf(cwd);
  const tokens = ['INGEST', 'VIEWER', 'OPERATOR'].map((role) => env[`SHARDLIGHT_${role}_TOKEN`]!);
  for (const token of tokens) {
    t.match(token, /^[A-Za-z0-9_-]{43}$/);
    t.notMatch(written.stdout + written.stderr, token, 'tokens stand in .env only');
  }
  t.equal(new Set(tokens).size, 3);

  const page = await pageOf(launch(t, cwd, { SHARDLIGHT_PORT: '' }));
  t.match(await (await fetch(page)).text(), 'Ann’s Bot'.replace('’', '&#39;'));
  const report = { shards: [{ id: 0, state: 'online' }] };
  t.equal((await post(`${page}/api/bots/main/shards`, report)).status, 401);
  const [ingest, , operator] = tokens;
  const shown = { authorization: `Bearer ${ingest!}` };
  t.equal((await post(`${page}/api/bots/main/shards`, report, shown)).status, 200);
  t.equal((await post(`${page}/api/session`, { token: operator })).status, 204);
  t.match(await (await fetch(`${page}/plain`)).text(), 'demo');
});

void t.test('what it says fits what was chosen', async (t) => {
  for (const [args, files, said] of [
    [
      [],
      ['.env', 'compose.yaml'],
      ['docker compose up --detach --build', 'SHARDLIGHT_OPERATOR_TOKEN, at http://localhost:9190/operator'],
    ],
    [
      ['--url', 'https://status.example.com/', '--prometheus-url', 'http://prom:9090/'],
      ['.env', 'Caddyfile', 'compose.yaml'],
      [
        'then see http://prom:9090/targets',
        "targets: ['status.example.com']",
        'https://status.example.com/operator',
      ],
    ],
    [
      ['--url', 'https://status.example.com', '--run', 'systemd', '--proxy', 'nginx'],
      ['.env', 'nginx.conf', 'shardlight.service'],
      ['systemctl enable --now shardlight', 'sudo nginx -t'],
    ],
    [
      ['--url', 'https://status.example.com', '--run', 'hand', '--proxy', 'caddy', '--namespace', 'acme'],
      ['.env', 'Caddyfile'],
      ['server/cli/main.js" doctor', 'systemctl reload caddy', 'ARGUS_NAMESPACE=acme'],
    ],
  ] as const) {
    const cwd = folder(t);
    const written = await init(cwd, '--yes', ...args);
    t.match(written, { code: 0, stdout: '' }, written.stderr);
    t.same(readdirSync(cwd), files);
    for (const words of [...said, 'report(client, {', '<ingest token>', 'scrape_configs:'])
      t.match(written.stderr, words);
  }
});

void t.test('the files say where the others are', async (t) => {
  const cwd = folder(t);
  const read = (name: string): string => readFileSync(join(cwd, name), 'utf8');
  const site = ['--yes', '--force', '--url', 'https://status.example.com', '--port', '9300'];
  await init(cwd, ...site, '--new-tokens');
  t.match(read('Caddyfile'), /^https:\/\/status\.example\.com \{\n\treverse_proxy shardlight:9300$/m);
  t.match(read('compose.yaml'), `context: '${process.cwd()}'`, 'the checkout that runs');
  t.notOk('SHARDLIGHT_HOST' in envOf(cwd), 'a container listens on all of its addresses');
  await init(cwd, ...site, '--run', 'systemd', '--proxy', 'nginx');
  t.match(read('nginx.conf'), 'server 127.0.0.1:9300;');
  t.match(read('shardlight.service'), `\nWorkingDirectory=${cwd}\n`);
  t.match(read('shardlight.service'), `\nExecStart=${process.execPath} `);
  t.match(envOf(cwd), { SHARDLIGHT_HOST: '127.0.0.1', SHARDLIGHT_TRUSTED_PROXY: '127.0.0.1,::1' });
  await init(cwd, ...site, '--run', 'compose', '--proxy', 'nginx');
  t.equal(
    envOf(cwd).SHARDLIGHT_TRUSTED_PROXY,
    '1',
    'which is not what a service on the machine itself was told',
  );
});

void t.test('what is there is not replaced unless that is said', async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, 'compose.yaml'), 'mine');
  const refused = await init(cwd, '--yes', '--json');
  t.match(refused, { code: 1, stdout: '', stderr: /compose\.yaml in [^]*--force[^]*Nothing was written\./ });
  t.same(readdirSync(cwd), ['compose.yaml'], 'not even what was not there');
  t.equal(readFileSync(join(cwd, 'compose.yaml'), 'utf8'), 'mine');
  t.equal((await init(cwd, '--yes', '--force')).code, 0);
  t.match(readFileSync(join(cwd, 'compose.yaml'), 'utf8'), 'services:');
});

void t.test('called again it keeps tokens, earlier answers, and what nobody asked about', async (t) => {
  const cwd = folder(t);
  await init(cwd, '--yes', '--bots', 'main:8', '--namespace', 'acme');
  const first = envOf(cwd);
  writeFileSync(join(cwd, '.env'), `${readFileSync(join(cwd, '.env'), 'utf8')}\nSHARDLIGHT_TITLE=Ours`);
  await init(cwd, '--yes', '--force', '--port', '9300', '--url', 'https://a.example');
  const expected = { ...first, SHARDLIGHT_TITLE: 'Ours', SHARDLIGHT_PORT: '9300' };
  t.same(envOf(cwd), { ...expected, SHARDLIGHT_PUBLIC_URL: 'https://a.example' });
  await init(cwd, '--yes', '--force', '--new-tokens', '--viewer-token', 'mine');
  t.match(envOf(cwd), {
    SHARDLIGHT_VIEWER_TOKEN: 'mine',
    SHARDLIGHT_TITLE: 'Ours',
    SHARDLIGHT_BOTS: 'main:8',
  });
  t.not(envOf(cwd).SHARDLIGHT_INGEST_TOKEN, first.SHARDLIGHT_INGEST_TOKEN);

  writeFileSync(join(cwd, '.env'), 'SHARDLIGHT_FOOTER="two\nlines"');
  const refused = await init(cwd, '--yes', '--force');
  t.match(refused, { code: 1, stderr: /^SHARDLIGHT_FOOTER is set in [^]*Nothing was written\.\n$/ });
  t.equal(readFileSync(join(cwd, '.env'), 'utf8'), 'SHARDLIGHT_FOOTER="two\nlines"');
});

void t.test('leases are required of what is new; what runs already goes on as it is', async (t) => {
  const fresh = folder(t);
  const { stderr } = await init(fresh, '--yes');
  t.equal(envOf(fresh).SHARDLIGHT_REQUIRE_LEASE, '1');
  t.match(stderr, /ARGUS_FLEET_STATE_DIR=<a folder of its own per process>/);
  t.match(stderr, /needs it after a restart:\n.*stateDir \(ARGUS_FLEET_STATE_DIR\)/);
  await init(fresh, '--yes', '--force');
  t.equal(envOf(fresh).SHARDLIGHT_REQUIRE_LEASE, '1', 'and stay so');
  await init(fresh, '--yes', '--force', '--require-lease', '0');
  t.equal(envOf(fresh).SHARDLIGHT_REQUIRE_LEASE, undefined);
  const again = await init(fresh, '--yes', '--force');
  t.equal(envOf(fresh).SHARDLIGHT_REQUIRE_LEASE, undefined);
  t.notMatch(again.stderr, 'STATE_DIR');

  const argus = folder(t);
  writeFileSync(join(argus, '.env'), 'ARGUS_FLEET_TOKEN=secret');
  await init(argus, '--yes', '--force');
  t.equal(envOf(argus).SHARDLIGHT_REQUIRE_LEASE, undefined);
  writeFileSync(join(argus, '.env'), 'ARGUS_FLEET_TOKEN=secret\nARGUS_FLEET_REQUIRE_LEASE=true');
  await init(argus, '--yes', '--force');
  t.equal(envOf(argus).SHARDLIGHT_REQUIRE_LEASE, '1');
});

void t.test('a folder is made; where none can be, nothing is written', async (t) => {
  const cwd = folder(t);
  const made = await program(cwd, '--yes', '--out-dir', "new/it's here");
  t.match(made, { code: 0, stderr: `cd '${cwd}/new/it'\\''s here'` });
  t.same(readdirSync(join(cwd, 'new', "it's here")), ['.env', 'compose.yaml']);
  writeFileSync(join(cwd, 'file'), '');
  t.match(await init(join(cwd, 'file', 'new'), '--yes'), { code: 1, stderr: 'Nothing was written.' });
  mkdirSync(join(cwd, 'taken', 'compose.yaml'), { recursive: true });
  const taken = await init(join(cwd, 'taken'), '--yes', '--force');
  t.match(taken, { code: 1, stderr: /: compose\.yaml is a folder\.\nNothing was written\.\n$/ });
  t.same(readdirSync(join(cwd, 'taken')), ['compose.yaml'], 'neither .env nor a part of it');
  mkdirSync(join(cwd, 'odd', '.env'), { recursive: true });
  t.match(await init(join(cwd, 'odd'), '--yes'), { code: 1, stderr: 'cannot be read: EISDIR.' });
  const unit = await init(join(cwd, 'a\nb'), '--yes', '--run', 'systemd');
  t.match(unit, { code: 1, stderr: 'cannot stand in a systemd unit' });
  t.notOk(readdirSync(cwd).includes('a\nb'));
});

void t.test('a wrong flag is named, with what it takes; exit 2, nothing written', async (t) => {
  const cwd = folder(t);
  const hand = ['--run', 'hand'];
  for (const [flag, value, why, more = []] of [
    ['url', 'status.example.com', 'an address like https://status.example.com'],
    ['url', 'https://a.example/?q', 'an address like https://status.example.com'],
    ['url', '', 'found ""'],
    ['bots', 'main', 'key:shards or key:shards:name'],
    ['bots', 'main:0', '1 to 16384 shards'],
    ['bots', 'main:1:two\nlines', 'text that .env can hold'],
    ['bots', `main:1:both ' and $`, 'text that .env can hold'],
    ['accent', '#777777', 'each with a contrast of 4.5:1'],
    ['support-link', 'discord.gg/x', 'an address like'],
    ['run', 'docker', 'compose, systemd, hand'],
    ['proxy', 'apache', 'none, caddy, nginx'],
    ['port', '0', 'a whole number from 1 to 65535'],
    ['port', '80', 'another port for Shardlight', ['--proxy', 'nginx', '--url', 'http://a.example']],
    ['host', 'a b', 'an IP address or a host name', hand],
    ['host', '127.0.0.1', 'compose.yaml says where it listens', ['--run', 'compose']],
    ['namespace', '9lives', 'a metric name prefix'],
    ['cors-origins', 'https://a.example/path', 'origins separated by commas'],
    [
      'prometheus-url',
      'prometheus:9090',
      'an address like https://status.example.com or https://example.com/status, or nothing',
    ],
    ['ingest-token', '', 'a value that is not shown'],
    ['viewer-token', ' , ', 'a value that is not shown'],
    ['operator-token', "se$cr'et", 'text that .env can hold'],
    ['viewer-token', 'same', 'that --ingest-token has too', ['--ingest-token', 'same,other']],
    ['discord-token', ' ', 'a bot token'],
    ['discord-token', 'x', 'not both', ['--bots', 'main:1']],
  ] as const) {
    const ended = await init(cwd, '--yes', `--${flag}`, value, ...more);
    t.match(ended, { code: 2, stdout: '' }, `${flag} ${value}`);
    t.match(ended.stderr, `--${flag}`);
    t.match(ended.stderr, why);
    t.notMatch(ended.stderr, /se\$cr|two\nlines/);
  }
  const unknown = await program(cwd, '--port', '0', '--run', 'x', '--bogus');
  t.match(unknown, { code: 2, stderr: "Unknown option '--bogus'" });
  t.match((await init(cwd, '--port', '0', '--run', 'x')).stderr, /--run:[^]*\n--port:/, 'all at once');
  t.same(readdirSync(cwd), []);
});

void t.test('where nobody can be asked it says which flags are wanted', async (t) => {
  const cwd = folder(t);
  const ended = await program(cwd, '--url', 'http://localhost', '--discord-token', 'x', '--run', 'compose');
  t.match(ended, { code: 2, stdout: '' });
  t.match(
    ended.stderr,
    'Please give --title, --support-link, --accent, --proxy, or --yes for their defaults.',
  );
  t.same(readdirSync(cwd), []);
  const enough = [
    '--title=',
    '--support-link=',
    '--accent=',
    '--run=hand',
    '--proxy=none',
    '--bots=',
    '--url=http://a',
  ];
  t.match(await init(cwd, ...enough, '--host=::1', '--port=9200'), { code: 0 });
  t.match(envOf(cwd), { SHARDLIGHT_HOST: '::1', SHARDLIGHT_PORT: '9200' });
});

void t.test('--help lists every flag with its default', async (t) => {
  const { code, stdout, stderr } = await program(folder(t), '--help');
  t.match({ code, stderr }, { code: 0, stderr: '' });
  const flags = stdout.match(/^ {2}--?[a-z-]+.*\n {28}Default: .+\.$/gm) ?? [];
  t.equal(flags.length, 22);
  for (const line of stdout.split('\n')) t.ok(line.length <= 120, line);
});

void t.test('a bot token tells the bots; without an answer it goes on', async (t) => {
  const cwd = folder(t);
  const { api } = await standIn(t, {
    '/gateway/bot': gatewayOf(16),
    '/applications/@me': applicationOf('My Bot'),
  });
  const args = ['--yes', '--json', '--discord-token', BOT_TOKEN];
  const told = await initAt(api, cwd, ...args);
  t.equal(envOf(cwd).SHARDLIGHT_BOTS, 'main:16:My Bot');
  t.match(JSON.parse(told.stdout), { bots: [{ key: 'main', name: 'My Bot', shards: 16 }] });

  const other = folder(t);
  const untold = await initAt(NOWHERE, other, ...args);
  t.equal(untold.code, 0);
  t.match(untold.stderr, /^Discord could not be asked from here.*Bots will appear as they report\.\n/);
  t.notOk('SHARDLIGHT_BOTS' in envOf(other));
  const files = [cwd, other].flatMap((at) =>
    readdirSync(at).map((name) => readFileSync(join(at, name), 'utf8')),
  );
  const all = [...files, ...[told, untold].flatMap(({ stdout, stderr }) => [stdout, stderr])];
  t.notMatch(all.join('\n'), BOT_TOKEN, 'the bot token is written and printed nowhere');
});
