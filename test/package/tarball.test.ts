// What `npm pack` makes: only what users need, and it runs in an empty folder, as a program and as what bots import.
import { spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import t, { type Test } from 'tap';
import { until } from '../harness.js';
import { unhooked } from '../unhooked.js';
import { environmentOf, npmInstall, otherNode, ROOT, run, thisNode, type Node } from './nodes.js';

const folder = mkdtempSync(join(tmpdir(), 'shardlight-package-'));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));

const NOT_SOURCE = ['node_modules', 'dist', 'build', '.git', '.tap'];
const LICENSES = 'dist/server/third-party-licenses.txt';
const MAX_PACKED_BYTES = 400_000;
const USERS_NEED =
  /^(package\.json|README\.md|LICENSE|dist\/(server|public|member)\/[\w./-]+\.(js|css|json|d\.ts)|dist\/server\/third-party-licenses\.txt)$/;

interface Packed {
  filename: string;
  size: number;
  files: { path: string; mode: number }[];
}

/** From a copy: packing rebuilds dist/, from which a product may run. */
async function pack(): Promise<Packed> {
  const checkout = join(folder, 'checkout');
  cpSync(ROOT, checkout, { recursive: true, filter: (path) => !NOT_SOURCE.includes(basename(path)) });
  symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
  const said = await run(thisNode, checkout, 'npm', ['pack', '--json', '--pack-destination', folder]);
  return (JSON.parse(said.slice(said.indexOf('['))) as Packed[])[0]!;
}

/** An empty folder with nothing but the package in it. */
async function install(node: Node, name: string): Promise<string> {
  const cwd = join(folder, name);
  mkdirSync(cwd);
  await npmInstall(node, cwd, join(folder, (await packed).filename));
  return cwd;
}

const packed = pack();

void t.test('the package has what users need, and nothing else', async (t) => {
  const { files, size } = await packed;
  const paths = files.map(({ path }) => path);
  t.same(
    paths.filter((path) => !USERS_NEED.test(path)),
    [],
  );
  for (const path of [
    'LICENSE',
    'README.md',
    'dist/public/assets.json',
    'dist/member/cjs/index.d.ts',
    LICENSES,
  ])
    t.ok(paths.includes(path), path);
  t.ok(size < MAX_PACKED_BYTES, `${size} bytes`);
});

for (const node of [thisNode, otherNode])
  void t.test(`in an empty folder, on ${node.name}`, { skip: node.skip }, async (t) => {
    const cwd = await install(node, `with-${node === thisNode ? 'this' : 'other'}-node`);
    await t.test('npx shardlight serves the page', (t) => servesThePage(t, node, cwd));
    await t.test('npx shardlight init writes what is needed to run one', async (t) => {
      await run(node, cwd, 'npx', ['shardlight', 'init', '--yes', '--out-dir', 'made']);
      t.match(readFileSync(join(cwd, 'made', '.env'), 'utf8'), 'SHARDLIGHT_OPERATOR_TOKEN=');
    });
    await t.test('the packages that are a part of it brought their licenses', (t) => {
      const texts = readFileSync(join(cwd, 'node_modules/shardlight', LICENSES), 'utf8');
      for (const name of ['zod', 'prom-client', 'dotenv', 'preact', 'htm'])
        t.match(
          texts,
          new RegExp(`^${name} \\d+\\.\\d+\\.\\d+\\n\\n.*(MIT License|Apache License|Redistribution)`, 'ms'),
          name,
        );
      t.end();
    });
    await t.test('a bot imports shardlight/member, or requires it', async (t) => {
      const script = `import('shardlight/member').then((esm) =>
        console.log(Object.keys(esm).join(), Object.keys(require('shardlight/member')).join()))`;
      t.equal(await run(node, cwd, 'node', ['-e', script]), 'createReporter,report createReporter,report\n');
    });
  });

async function servesThePage(t: Test, node: Node, cwd: string): Promise<void> {
  t.match(await run(node, cwd, 'npx', ['shardlight', '--version']), /^\d+\.\d+\.\d+\n$/);
  const child = spawn(...unhooked('npx', ['shardlight', 'serve', '--json']), {
    cwd,
    env: { ...environmentOf(node), SHARDLIGHT_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true, // npx and what it calls are stopped together
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  t.teardown(async () => {
    if (child.exitCode === null) process.kill(-child.pid!, 'SIGTERM');
    await ended;
  });
  let data = '';
  child.stdout.on('data', (chunk: Buffer) => (data += chunk.toString()));
  const { url } = JSON.parse(await until(() => /^.*\n/.exec(data)?.[0])) as { url: string };
  const page = await (await fetch(url)).text();
  t.match(page, '<!doctype html>');
  const assets = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path!);
  t.ok(assets.length > 0);
  for (const path of [...assets, '/card.png', '/operator', '/healthz'])
    t.equal((await fetch(new URL(path, url))).status, 200, path);
  t.match(
    await run(node, cwd, 'npx', ['shardlight', 'doctor', '--url', url, '--idle', '1']),
    '[ok] GET /healthz -> 200',
  );
}

void t.test('its types are right for both kinds of module, and take a discord.js client', async (t) => {
  const cwd = join(folder, 'types');
  mkdirSync(join(cwd, 'node_modules', '@types'), { recursive: true });
  const tarball = join(folder, (await packed).filename);
  await run(thisNode, join(cwd, 'node_modules'), 'tar', ['-xzf', tarball]);
  symlinkSync(join(cwd, 'node_modules', 'package'), join(cwd, 'node_modules', 'shardlight'));
  for (const name of ['discord.js', '@types/node'])
    symlinkSync(join(ROOT, 'node_modules', name), join(cwd, 'node_modules', name));
  writeFileSync(
    join(cwd, 'bot.mts'),
    `import { Client } from 'discord.js';
import { createReporter, report, type ShardReport } from 'shardlight/member';
const reporter = report(new Client({ intents: [] }), { url: 'https://status.example.com', token: process.env.TOKEN });
await reporter.stop();
createReporter({ url: 'https://status.example.com', shards: (): ShardReport[] => [{ id: 0, state: 'online' }] }).changed();
// @ts-expect-error: the address is needed
report(new Client({ intents: [] }), {});
`,
  );
  writeFileSync(
    join(cwd, 'bot.cts'),
    `import member = require('shardlight/member');
member.createReporter({ url: 'https://status.example.com', shards: () => [] }).changed();
`,
  );
  const flags =
    '--noEmit --strict --skipLibCheck --target es2022 --module nodenext --moduleResolution nodenext --types node';
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const said = await run(thisNode, cwd, 'node', [tsc, ...flags.split(' '), 'bot.mts', 'bot.cts']).catch(
    (error: unknown) => (error as { stdout: string }).stdout,
  );
  t.equal(said, '');
  t.ok(statSync(join(cwd, 'node_modules/shardlight/dist/server/cli/main.js')).mode & 0o111, 'it may be run');
});
