// How the program is called: help to stdout, wrong calls to stderr with 2, `serve` where no command is named.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import t from 'tap';
import { folder, launch } from '../process/child.js';
import { until } from '../harness.js';
import { unhooked } from '../unhooked.js';
import { call, entry } from './program.js';

void t.test('help and version are data: on stdout, with 0', async (t) => {
  const help = await call(['--help'], tmpdir());
  t.match(help, { code: 0, stderr: '' });
  t.match(help.stdout, /^Usage: shardlight \[command\] \[flags\]\n/);
  t.match(await call(['-v'], tmpdir()), { code: 0, stdout: /^\d+\.\d+\.\d+\n$/ });
  t.match(await call(['serve', '--help'], tmpdir()), { code: 0, stdout: /^Usage: shardlight \[serve\]/ });
});

void t.test('a wrong call says why, and how to call it, with 2', async (t) => {
  for (const [args, why] of [
    [['bogus'], 'There is no command "bogus".'],
    [['__proto__'], 'There is no command "__proto__".'],
    [['--bogus'], "Unknown option '--bogus'."],
    [['serve', 'now'], "Unexpected argument 'now'."],
    [['serve', '--json=yes'], "Option '--json' does not take an argument."],
  ] as const) {
    const ended = await call([...args], tmpdir());
    t.match(ended, { code: 2, stdout: '' }, args.join(' '));
    t.ok(ended.stderr.startsWith(`${why}\n\nUsage: `), ended.stderr);
  }
});

void t.test('serve --json prints one line when it is up, and all talk goes elsewhere', async (t) => {
  const child = launch(t, folder(t), {}, ['serve', '--json']);
  let data = '';
  child.process.stdout!.on('data', (chunk: Buffer) => (data += chunk.toString()));
  const line = JSON.parse(await until(() => /^.*\n/.exec(data)?.[0])) as { url: string; port: number };
  t.equal(line.url, `http://127.0.0.1:${line.port}/`);
  t.equal((await fetch(`${line.url}healthz`)).status, 200);
  child.process.kill('SIGTERM');
  t.equal((await child.exited).code, 0);
  t.equal(data.trim().split('\n').length, 1);
});

void t.test(
  'a full disk fails a command whose data it loses, and changes no other exit code',
  { skip: !existsSync('/dev/full') && 'there is no /dev/full here' },
  (t) => {
    for (const [call, code] of [
      ['--help > /dev/full', 1],
      ['--help > /dev/full 2> /dev/full', 1],
      ['--bogus 2> /dev/full', 2],
    ] as const)
      t.equal(
        spawnSync(...unhooked('sh', ['-c', `"$0" "$1" ${call}`, process.execPath, entry]), {
          stdio: 'ignore',
        }).status,
        code,
        call,
      );
    t.end();
  },
);
