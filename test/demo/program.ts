// The demo as a program: its usage, its start at a port of the system's choice, and its end.
import { fileURLToPath } from 'node:url';
import t from 'tap';
import type { PublicView } from '../../public/shared/wire.js';
import { USAGE } from '../../scripts/demo/flags.js';
import { folder, launch, pageOf, type Child } from '../process/child.js';

const demo = fileURLToPath(new URL('../../scripts/demo.js', import.meta.url));
const EX_USAGE = 2;

const start = (t: Parameters<typeof launch>[0], ...args: string[]): Child =>
  launch(t, folder(t), {}, args, demo);

/** What came on one of its streams. */
function gather(child: Child, stream: 'stdout' | 'stderr'): () => string {
  let text = '';
  child.process[stream]!.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}

void t.test('a flag that it does not know: the mistake and the usage on stderr, exit 2', async (t) => {
  const child = start(t, '--bogus');
  const [out, err] = [gather(child, 'stdout'), gather(child, 'stderr')];
  t.equal((await child.exited).code, EX_USAGE);
  t.equal(out(), '');
  t.equal(err(), `Unknown option '--bogus'.\n\n${USAGE}\n`);
});

void t.test('--help: the usage on stdout, exit 0', async (t) => {
  const child = start(t, '--help');
  const [out, err] = [gather(child, 'stdout'), gather(child, 'stderr')];
  t.equal((await child.exited).code, 0);
  t.equal(out(), `${USAGE}\n`);
  t.equal(err(), '');
});

void t.test('it starts, says what is played, answers, and ends politely when told to', async (t) => {
  const child = start(t, '--zombie', '--shards', '32');
  const url = await pageOf(child);
  const { bots } = (await (await fetch(`${url}/api/view`)).json()) as PublicView;
  t.same(
    bots.map(({ key, shardCount }) => [key, shardCount]),
    [
      ['aurora', 32],
      ['comet', 48],
      ['biscuit', 16],
      ['pico', 1],
    ],
  );
  t.match(child.said(), 'Aurora      32 shards in 2 clusters as Argus reports');
  t.match(child.said(), '0:20, every 1:10    a cluster of Aurora hangs');
  t.notMatch(child.said(), 'rolling restart');
  child.process.kill('SIGTERM');
  t.same(await child.exited, { code: 0, signal: null });
});
