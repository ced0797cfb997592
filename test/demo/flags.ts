// The demo's flags: what they mean, and what is said of those that mean nothing.
import t from 'tap';
import { readFlags, USAGE } from '../../scripts/demo/flags.js';
import { scriptNames } from '../../scripts/demo/repertoire.js';

const standard = { scripts: [], shards: 240, seed: 1, help: false };

void t.test('flags say what is played, how big, and with which dice', (t) => {
  for (const [args, flags] of [
    [[], {}],
    [['--calm'], { scripts: ['calm'] }],
    [['--zombie', '--outage'], { scripts: ['outage', 'zombie'] }],
    [['--chaos', '--shards', '3584'], { scripts: ['chaos'], shards: 3584 }],
    [['--shards=1', '--seed=0'], { shards: 1, seed: 0 }],
    [['--shards', '16384', '--seed', '999999999'], { shards: 16_384, seed: 999_999_999 }],
    [['--help'], { help: true }],
  ] as const)
    t.same(readFlags([...args]), { ok: true, flags: { ...standard, ...flags } }, args.join(' '));
  t.end();
});

void t.test('what makes no sense is refused, with the reason', (t) => {
  for (const [args, mistake] of [
    [['--bogus'], "Unknown option '--bogus'"],
    [['calm'], "Unexpected argument 'calm'"],
    [['--calm=1'], "Option '--calm' does not take an argument"],
    [['--shards'], "Option '--shards <value>' argument missing"],
    [['--shards', '0'], "--shards takes a whole number from 1 to 16384, not '0'"],
    [['--shards', '16385'], "--shards takes a whole number from 1 to 16384, not '16385'"],
    [['--shards', '1e3'], "--shards takes a whole number from 1 to 16384, not '1e3'"],
    [['--shards='], "--shards takes a whole number from 1 to 16384, not ''"],
    [['--seed', '1.5'], "--seed takes a whole number from 0 to 999999999, not '1.5'"],
    [['--seed', '1000000000'], "--seed takes a whole number from 0 to 999999999, not '1000000000'"],
    [['--calm', '--outage'], '--calm goes with no other scenario'],
    [['--zombie', '--chaos'], '--chaos goes with no other scenario'],
  ] as const)
    t.same(readFlags([...args]), { ok: false, mistake }, args.join(' '));
  t.end();
});

void t.test('the usage names every flag', (t) => {
  for (const name of [...scriptNames, 'shards', 'seed', 'help']) t.match(USAGE, `  --${name}`);
  t.end();
});
