// How a page comes back to its socket, on a clock that the test moves.
import t from 'tap';
import { Connection, type Link } from '../../public/shared/reconnect.js';

/** A socket that does what the test says. */
class PretendSocket {
  readyState = 0;
  isClosed = false;
  sent: string[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.isClosed = true;
  }
  opens(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  says(data: unknown): void {
    this.onmessage?.({ data });
  }
  ends(code = 1006, reason = ''): void {
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }
}

interface Rig {
  connection: Connection<string>;
  sockets: PretendSocket[];
  /** The newest. */
  socket: () => PretendSocket;
  told: [link: Link, failures: number][];
  received: string[];
  /** How long it waits until it tries again; undefined: it does not. */
  waits: () => number | undefined;
  /** The wait is over. */
  tryAgain: () => void;
  pass: (ms: number) => void;
}

function rig(ended?: (code: number, wasOpen: boolean) => boolean): Rig {
  const sockets: PretendSocket[] = [];
  const told: Rig['told'] = [];
  const received: string[] = [];
  let at = 0;
  let waiting: { ms: number; run: () => void } | null = null;
  const connection = new Connection<string>(
    {
      address: () => 'ws://here/live',
      read: (data) => (typeof data === 'string' && data !== '' ? data : null),
      receive: (frame) => void received.push(frame),
      tell: (...one) => void told.push(one),
      ...(ended ? { ended } : {}),
    },
    {
      connect: () => {
        const socket = new PretendSocket();
        sockets.push(socket);
        return socket as unknown as WebSocket;
      },
      now: () => at,
      wait: (ms, run) => {
        waiting = { ms, run };
        return () => void (waiting = null);
      },
      random: () => 1,
    },
  );
  return {
    connection,
    sockets,
    socket: () => sockets.at(-1)!,
    told,
    received,
    waits: () => waiting?.ms,
    tryAgain: () => {
      const due = waiting!;
      waiting = null;
      due.run();
    },
    pass: (ms) => {
      at += ms;
      connection.check();
    },
  };
}

void t.test('a frame is what proves a connection, not that it opened', (t) => {
  const { connection, socket, told, received } = rig();
  connection.open();
  socket().opens();
  t.same(told, []);
  socket().says('');
  t.same(told, [], 'nor what is no frame');
  socket().says('hello');
  t.same(told, [['live', 0]]);
  t.same(received, ['hello']);
  t.end();
});

void t.test('it backs off from 1 s to 30 s, and begins anew after a frame', (t) => {
  const { connection, socket, told, waits, tryAgain } = rig();
  connection.open();
  const waited: (number | undefined)[] = [];
  for (let i = 0; i < 7; i++) {
    socket().ends();
    waited.push(waits());
    tryAgain();
  }
  t.same(waited, [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  t.same(told.at(-1), ['lost', 7], 'tries that came to nothing are counted');
  socket().opens();
  socket().says('hello');
  socket().ends();
  t.equal(waits(), 1_000);
  t.end();
});

void t.test(
  'a server that restarts says how long to wait; one that is full is asked again after a minute',
  (t) => {
    const { connection, socket, told, waits, tryAgain } = rig();
    connection.open();
    socket().ends(1012, '4200');
    t.equal(waits(), 4_200);
    tryAgain();
    socket().ends(4008);
    t.equal(waits(), 60_000);
    t.same(told.at(-1), ['full', 2]);
    t.end();
  },
);

void t.test(
  'an open socket that is silent for 12 s is dead: it is let go without waiting for its end',
  (t) => {
    const { connection, socket, sockets, told, received, pass, tryAgain } = rig();
    connection.open();
    socket().opens();
    socket().says('hello');
    pass(12_000);
    t.same(told.at(-1), ['live', 0]);
    pass(1);
    t.same(told.at(-1), ['behind', 1]);
    t.ok(socket().isClosed);
    socket().says('too late');
    t.same(received, ['hello'], 'what it says now is not heard');
    tryAgain();
    socket().opens();
    t.same(told.at(-1), ['behind', 1], 'that it opens proves nothing');
    socket().says('again');
    t.same(told.at(-1), ['live', 0]);
    t.equal(sockets.length, 2);
    t.end();
  },
);

void t.test('a page that is back does not wait any longer, unless there is no use in coming back', (t) => {
  const { connection, socket, sockets, waits } = rig((code) => code !== 4001);
  connection.hurry();
  t.equal(sockets.length, 0, 'nobody wants it yet');
  connection.open();
  connection.hurry();
  t.equal(sockets.length, 1);
  socket().ends();
  connection.hurry();
  t.equal(sockets.length, 2);
  t.equal(waits(), undefined, 'and the wait is taken back');
  socket().ends(4001);
  connection.hurry();
  t.equal(sockets.length, 2, 'the session is over');
  connection.open();
  connection.close();
  connection.hurry();
  t.equal(sockets.length, 3, 'closed for good');
  t.end();
});
