// Large answers: written as clients read them, only some at a time, and whole.
import { connect, type Socket } from 'node:net';
import t from 'tap';
import { post, serve, until } from '../harness.js';
import { ask, keepAlive } from './raw.js';

const BOTS = 12;
const SHARDS = 16_384;
const MAX_IN_FLIGHT = 8;

/** A view of some 4 MB, more than kernels hold for a client that does not read. */
async function largeView(base: string): Promise<void> {
  const rows = Array.from({ length: SHARDS }, (_, id) => ({ id, state: 'offline' }));
  for (let bot = 0; bot < BOTS; bot++)
    for (let from = 0; from < SHARDS; from += 4_096)
      await post(`${base}/api/bots/bot-${bot}/shards`, { shards: rows.slice(from, from + 4_096) });
}

void t.test(
  'a large answer arrives whole, and those who do not read it hold up eight, not everybody',
  async (t) => {
    const { base, port } = await serve(t, {});
    await largeView(base);
    const whole = await (
      await fetch(`${base}/api/view`, { headers: { 'accept-encoding': 'identity' } })
    ).text();
    t.ok(whole.length > 4e6, `${whole.length} characters`);
    t.equal((JSON.parse(whole) as { bots: unknown[] }).bots.length, BOTS);

    const idle: Socket[] = [];
    const refusedOne = async (): Promise<boolean> => (await ask(port, 'GET /api/view')).status === 503;
    for (let i = 0; i < MAX_IN_FLIGHT; i++) {
      const socket = connect(port, '127.0.0.1').pause();
      socket.write('GET /api/view HTTP/1.1\r\nHost: x\r\n\r\n');
      idle.push(socket);
    }
    t.teardown(() => idle.forEach((socket) => socket.destroy()));
    await until(refusedOne);
    const busy = await ask(port, 'GET /api/view');
    t.match(JSON.parse(busy.body), {
      error: 'too many large answers are under way; please try again in a second',
    });
    t.equal(busy.headers.get('retry-after'), '1');
    t.equal((await ask(port, 'GET /plain')).status, 200, 'small answers go on');
    t.equal((await ask(port, 'HEAD /api/view')).status, 200, 'and so do heads');

    idle[0]?.destroy();
    await until(async () => !(await refusedOne()));
    const slow = idle[1]!;
    let read = 0;
    slow.on('data', (chunk: Buffer) => (read += chunk.length)).resume();
    await until(() => read > whole.length);
    t.ok(read < whole.length + 1_000, 'a slow reader gets it all, once');
  },
);

void t.test('a connection serves on after a large answer', async (t) => {
  const { base, port } = await serve(t, { SHARDLIGHT_BOTS: 'a:16384;b:16384;c:16384;d:16384' });
  const connection = keepAlive(port);
  t.teardown(connection.end);
  const whole = await (await fetch(`${base}/api/view`)).text();
  for (let i = 0; i < 3; i++) t.equal((await connection.ask('GET /api/view'))?.body, whole);
  t.equal((await connection.ask('GET /plain'))?.status, 200);
});
