// One turn reads so much and no more: the rest waits in order, whole, and is read even when who sent it has left.
import fc from 'fast-check';
import t from 'tap';
import { json } from '../../server/dialects/json.js';
import { createCors } from '../../server/http/cors.js';
import { PUBLIC } from '../../server/http/guard.js';
import { NO_HEADERS, type Client, type Head } from '../../server/http/message.js';
import { newBodies, receive, type ReceiveTools, type Wire } from '../../server/http/receive.js';
import type { Route } from '../../server/http/router.js';
import { createTurn, TURN_BYTES, WAITING_BYTES } from '../../server/http/turn.js';
import { holds } from '../holds.js';

/** Turns that come when they are called, and what is read in each. */
class Turns {
  due: (() => void)[] = [];
  read: Buffer[] = [];
  turn = createTurn((run) => this.due.push(run));

  /** As the transport does: read now, or put off, or, when too much waits, read now after all. */
  come(body: Buffer): 'now' | 'later' | 'too much' {
    if (this.turn.hasRoom(body.length)) return (this.read.push(body), 'now');
    const isKept = this.turn.putOff(body, (copy) => this.read.push(Buffer.from(copy)));
    if (!isKept) this.read.push(body);
    return isKept ? 'later' : 'too much';
  }

  /** What was read in the next turn. */
  next(): Buffer[] {
    const before = this.read.length;
    this.due.shift()?.();
    return this.read.slice(before);
  }
}

const body = (bytes: number, fill = 0): Buffer => Buffer.alloc(bytes, fill);

void t.test('what is too much for a turn waits for the next ones, in order', (t) => {
  const turns = new Turns();
  const bodies = Array.from({ length: 30 }, (_, i) => body(40_000, i));
  const perTurn = Math.floor(TURN_BYTES / 40_000);
  const first = bodies.map((one) => turns.come(one));
  t.equal(first.filter((when) => when === 'now').length, perTurn);
  t.equal(turns.next().length, perTurn);
  t.equal(turns.come(body(1, 99)), 'later', 'nobody overtakes what waits');
  while (turns.due.length > 0) turns.next();
  t.same(
    turns.read.map((one) => one[0]),
    [...bodies.keys(), 99],
  );
  t.equal(turns.come(body(1)), 'now');
  t.end();
});

void t.test('what is empty waits as well, and nothing is full of it', (t) => {
  const turns = new Turns();
  const bodies = [body(TURN_BYTES, 1), body(100_000, 2), body(0), body(0), body(100_000, 3)];
  t.same(
    bodies.map((one) => turns.come(one)),
    ['now', 'later', 'later', 'later', 'later'],
  );
  while (turns.due.length > 0) turns.next();
  t.same(turns.read, bodies);
  turns.come(body(TURN_BYTES + 1));
  t.same([turns.come(body(0)), turns.come(body(100_000, 4))], ['later', 'later']);
  t.end();
});

void t.test('one that is larger than a turn has one of its own', (t) => {
  const turns = new Turns();
  t.equal(turns.come(body(TURN_BYTES + 1)), 'now');
  t.equal(turns.come(body(TURN_BYTES + 1)), 'later');
  t.equal(turns.come(body(1)), 'later');
  t.equal(turns.next().length, 1);
  t.equal(turns.next().length, 1);
  t.end();
});

void t.test('however much comes, each is read once and whole, and memory has an end', (t) => {
  holds(
    t,
    fc.property(fc.array(fc.oneof(fc.nat({ max: 600_000 }), fc.constantFrom(-1, 0))), (steps) => {
      const turns = new Turns();
      let waiting = 0;
      let sent = 0;
      for (const bytes of steps) {
        if (bytes < 0) {
          for (const one of turns.next()) waiting -= one.length;
          continue;
        }
        const when = turns.come(body(bytes, sent++ % 251));
        if (when === 'later') waiting += bytes;
        if (when === 'too much' && waiting + bytes <= WAITING_BYTES / 2) return false;
        if (waiting > WAITING_BYTES) return false;
      }
      while (turns.due.length > 0) turns.next();
      const isWhole = (one: Buffer): boolean => one.every((byte) => byte === one[0]);
      return turns.read.length === sent && turns.read.every(isWhole);
    }),
    200,
  );
  t.end();
});

void t.test('what comes packed counts as what is in it', (t) => {
  const turns = new Turns();
  t.equal(turns.come(body(1_000)), 'now');
  turns.turn.count(TURN_BYTES);
  t.equal(turns.come(body(1_000)), 'later');
  turns.next();
  t.equal(turns.read.length, 2);
  t.equal(turns.come(body(1_000)), 'now');
  t.end();
});

void t.test('who leaves while their report waits is heard all the same, and not written to', (t) => {
  const turns = new Turns();
  const heard: string[] = [];
  const handle: Route['handle'] = ({ body, address }) => {
    heard.push(`${body.length} ${body[0]} ${address}`);
    return { status: 204 };
  };
  const route: Route = {
    method: 'POST',
    path: '/report',
    role: 'ingest',
    maxBytes: 99,
    dialect: json,
    handle,
  };
  const fail = (): never => t.fail('nothing is turned away or fails') as never;
  const written: string[] = [];
  const tools: ReceiveTools<Wire> = {
    ...{
      cors: createCors([]),
      turn: turns.turn,
      underWay: 0,
      bodies: newBodies(),
      notes: { bug: fail, turnedAway: fail },
    },
    say: (_, { path }) => void written.push(path),
  };
  const come = (name: string, fill: number): (() => void) => {
    let isHere = true;
    let left = (): void => undefined;
    let known: Client | null = null;
    const head: Head = {
      method: 'POST',
      path: name,
      query: '',
      headers: NO_HEADERS,
      client: () =>
        (known ??= { address: isHere ? name : 'nobody', household: name, isLocal: false, isProxied: false }),
      knownClient: () => known,
    };
    const wire: Wire = {
      onAborted: (then) => (left = then),
      onData: (take) => take(new Uint8Array(50).fill(fill).buffer, true),
      cork: (write) => (isHere ? write() : fail()),
    };
    receive(wire, head, { admitted: true, route, params: {}, subject: PUBLIC }, tools);
    return () => {
      isHere = false;
      left();
    };
  };
  turns.come(body(TURN_BYTES));
  const leave = come('leaves', 1);
  come('stays', 2);
  t.same([heard, written, tools.underWay], [[], [], 2]);
  leave();
  turns.next();
  t.same([heard, written, tools.underWay], [['50 1 leaves', '50 2 stays'], ['stays'], 0]);
  t.end();
});
