// Bodies that come in pieces and do not end: what is kept of all of them together is bounded, and given back (RULES 36).
import { connect, type Socket } from 'node:net';
import t from 'tap';
import { json } from '../../server/dialects/json.js';
import type { Role } from '../../server/http/message.js';
import type { Route } from '../../server/http/router.js';
import { until } from '../harness.js';
import { serveRows } from './fake-rows.js';
import { ask, readAnswer } from './raw.js';

const MIB = 1_048_576;
const row = (path: string, role: Role): Route => ({
  method: 'POST',
  path,
  role,
  maxBytes: MIB,
  dialect: json,
  handle: ({ body }) => ({ status: 200, body: `${body.length} ${body.every((byte) => byte === 120)}` }),
});

interface Sender {
  socket: Socket;
  /** What it was answered; 0: nothing yet. */
  status: () => number;
  body: () => string;
}

/** They send a MiB each, save for its last byte. */
function begin(port: number, path: string, count: number): Sender[] {
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${MIB}\r\n\r\n`;
  const most = Buffer.alloc(MIB - 1, 'x');
  return Array.from({ length: count }, () => {
    let heard = '';
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
    socket.write(head);
    socket.write(most);
    const answer = (): ReturnType<typeof readAnswer> => readAnswer(heard);
    return { socket, status: () => (heard === '' ? 0 : answer().status), body: () => answer().body };
  });
}

const having = (senders: Sender[], status: number): Sender[] =>
  senders.filter((sender) => sender.status() === status);

async function finish(senders: Sender[]): Promise<void> {
  for (const { socket } of senders) socket.write('x');
  await until(() => having(senders, 200).length === senders.length);
}

const leave = (senders: Sender[]): void => senders.forEach(({ socket }) => socket.destroy());

for (const { role, fits, name } of [
  { role: 'ingest', fits: 32, name: 'of bots: 32 MiB' },
  { role: 'public', fits: 4, name: 'of the public: 4 MiB' },
] as const)
  void t.test(
    `36: bodies in pieces, ${name}; the newest is refused, the others are read whole`,
    async (t) => {
      const path = `/${role}`;
      const { port, underWay, bugs } = await serveRows(t, [row(path, role)]);
      for (const round of ['first', 'second']) {
        const senders = begin(port, path, fits + 1);
        await until(() => having(senders, 503).length > 0);
        const others = having(senders, 0);
        t.equal(others.length, fits, `one is refused, the ${round} time`);
        t.match(having(senders, 503)[0]?.body(), 'too many requests are being received at the same time');
        t.equal(
          (await ask(port, `POST ${path}`, {}, 'xx')).body,
          '2 true',
          'what comes in one piece needs no room',
        );
        await finish(others);
        t.ok(others.every((sender) => sender.body() === `${MIB} true`));
        leave(senders);
      }
      const left = begin(port, path, fits);
      await until(() => underWay() === fits);
      leave(left);
      await until(() => underWay() === 0);
      const after = begin(port, path, fits);
      await finish(after);
      t.equal(after.length, fits, 'who leaves gives back what was kept');
      leave(after);
      t.same(bugs, []);
    },
  );

void t.test('36: what the public sends in pieces takes no room from bots', async (t) => {
  const { port } = await serveRows(t, [row('/ingest', 'ingest'), row('/public', 'public')]);
  const strangers = begin(port, '/public', 6);
  await until(() => having(strangers, 503).length > 0);
  const bots = begin(port, '/ingest', 32);
  await finish(bots);
  t.ok(bots.every((sender) => sender.body() === `${MIB} true`));
  leave([...strangers, ...bots]);
});
