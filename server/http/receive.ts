// Reads a request's body as far as its row allows, and has it answered once: a client that left is not written to.
import { bodyTooLarge, type Admitted } from './gates.js';
import type { Head, Response } from './message.js';
import { answer, Received, shared, type Tools } from './pipeline.js';
import { refuse, type Refused } from './refusal.js';
import type { Route } from './router.js';
import type { Turn } from './turn.js';

/** What the transport offers of one request, beside writing its answer. */
export interface Wire {
  onAborted: (left: () => void) => unknown;
  /** The chunk is lent for one turn. */
  onData: (take: (chunk: ArrayBuffer, isLast: boolean) => void) => unknown;
  cork: (write: () => void) => unknown;
}

export interface ReceiveTools<W extends Wire> extends Tools {
  turn: Turn;
  /** Writes the answer. */
  say: (wire: W, head: Head, route: Route, response: Response) => void;
  /** Requests that are neither answered nor given up. */
  underWay: number;
  /** For bodies that come in pieces, those of the public apart: it must not keep bots from reporting. */
  bodies: { public: Allowance; others: Allowance };
}

/** Memory that many may use for a while, and never more than so much of it together. */
class Allowance {
  readonly #mostBytes: number;
  #usedBytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** False: there is not so much left, and nothing was taken. */
  take(bytes: number): boolean {
    if (this.#usedBytes + bytes > this.#mostBytes) return false;
    this.#usedBytes += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#usedBytes -= bytes;
  }
}

export const newBodies = (): ReceiveTools<Wire>['bodies'] => ({
  public: new Allowance(4 * 1024 * 1024),
  others: new Allowance(32 * 1024 * 1024),
});

const NO_BODY = Buffer.alloc(0);
const FIRST_KIB = 1_024;
const TOO_MANY_BODIES = 'too many requests are being received at the same time; please try again in a second';

export function receive<W extends Wire>(
  wire: W,
  head: Head,
  admission: Admitted,
  tools: ReceiveTools<W>,
): void {
  new Reception(wire, head, admission, tools).begin();
}

/** One request from its head to its answer. A class, not closures: reports come in tens of thousands a second. */
class Reception<W extends Wire> {
  readonly #wire: W;
  readonly #head: Head;
  readonly #admission: Admitted;
  readonly #tools: ReceiveTools<W>;
  #isOver = false;
  #gathered: Buffer[] | undefined;
  #gatheredBytes = 0;
  #size = 0;

  constructor(wire: W, head: Head, admission: Admitted, tools: ReceiveTools<W>) {
    this.#wire = wire;
    this.#head = head;
    this.#admission = admission;
    this.#tools = tools;
  }

  begin(): void {
    const { route, beyond } = this.#admission;
    this.#tools.underWay++;
    if (route.maxBytes === 0) return this.#act(NO_BODY);
    this.#wire.onAborted(() => this.#end());
    const maxBytes = beyond ? FIRST_KIB - 1 : route.maxBytes;
    this.#wire.onData((chunk, isLast) => this.#take(chunk, isLast, maxBytes));
  }

  /** Most bodies are one chunk and are read where they lie; longer ones are gathered, never beyond the cap. */
  #take(chunk: ArrayBuffer, isLast: boolean, maxBytes: number): void {
    if (this.#isOver) return;
    this.#size += chunk.byteLength;
    const last = Buffer.from(chunk);
    if (this.#size > maxBytes) return this.#turnAway([...(this.#gathered ?? []), last]);
    if (isLast && !this.#gathered) return this.#complete(last);
    if (!this.#allowance.take(last.length)) return this.#noRoom();
    this.#gatheredBytes += last.length;
    (this.#gathered ??= []).push(Buffer.from(last)); // copied
    if (isLast) this.#complete(Buffer.concat(this.#gathered));
  }

  #complete(body: Buffer): void {
    if (this.#admission.beyond) return this.#turnAway([body]);
    if (this.#tools.turn.hasRoom(body.length)) return this.#act(body);
    this.#head.client(); // a client that leaves takes its address with it, and what it said counts all the same
    const actLater = (copy: Buffer): void => {
      if (this.#isOver) this.#act(copy);
      else this.#wire.cork(() => this.#act(copy));
    };
    if (!this.#tools.turn.putOff(body, actLater)) this.#act(body);
  }

  get #allowance(): Allowance {
    const { public: ofPublic, others } = this.#tools.bodies;
    return this.#admission.route.role === 'public' ? ofPublic : others;
  }

  /** Too many send theirs piece by piece, and do not come to an end. */
  #noRoom(): void {
    const { route } = this.#admission;
    const refused: Refused = { reason: 'busy', error: TOO_MANY_BODIES };
    this.#finish(shared(refuse(refused, route.dialect, this.#head.headers), this.#head, route, this.#tools));
  }

  /** It is too long. */
  #turnAway(parts: Buffer[]): void {
    this.#gathered = undefined;
    const { route, beyond } = this.#admission;
    const head = this.#head;
    this.#tools.notes.turnedAway(head, route, 'too-large');
    if (head.headers['content-encoding'] === '')
      lookAt(beginningOf(parts), head, this.#admission, this.#tools);
    const response = beyond ?? refuse(bodyTooLarge(route), route.dialect, head.headers);
    this.#finish(shared(response, head, route, this.#tools));
  }

  #act(body: Buffer): void {
    const response = answer(this.#head, this.#admission, body, this.#tools);
    if (!(response instanceof Promise)) return this.#finish(response);
    if (this.#admission.route.maxBytes === 0) this.#wire.onAborted(() => this.#end());
    void response.then((later) => {
      if (!this.#isOver) this.#wire.cork(() => this.#finish(later));
    });
  }

  /** Within the turn that brings the last of a request, its socket is corked: what is written goes out as one. */
  #finish(response: Response): void {
    if (this.#end()) this.#tools.say(this.#wire, this.#head, this.#admission.route, response);
  }

  /** False: it was over already. */
  #end(): boolean {
    if (this.#isOver) return false;
    this.#tools.underWay--;
    this.#allowance.giveBack(this.#gatheredBytes);
    this.#gathered = undefined;
    return (this.#isOver = true);
  }
}

/** It may be a sign of life, even if the rest is not read. */
function lookAt(beginning: Buffer, head: Head, admission: Admitted, { notes }: Tools): void {
  try {
    const request = new Received(head, admission, NO_BODY);
    admission.route.tooLarge?.(beginning.subarray(0, FIRST_KIB), request);
  } catch (error) {
    notes.bug(error);
  }
}

function beginningOf(parts: Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat(parts, Math.min(FIRST_KIB, length));
}
