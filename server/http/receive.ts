// Reads a request's body as far as its row allows, and has it answered once: a client that left is not written to.
import { bodyTooLarge, type Admitted, type Head, type TurnedAway } from './gates.js';
import type { Response } from './message.js';
import { answer, Received, shared, type Tools } from './pipeline.js';
import { refuse } from './refusal.js';
import type { Turn } from './turn.js';

/** What the transport offers of one request, beside writing its answer. */
export interface Wire {
  onAborted: (left: () => void) => unknown;
  /** The chunk is lent for one turn. */
  onData: (take: (chunk: ArrayBuffer, isLast: boolean) => void) => unknown;
  cork: (write: () => void) => unknown;
}

export interface ReceiveTools extends Tools {
  turnedAway: TurnedAway;
  turn: Turn;
  /** Requests that are neither answered nor given up. */
  underWay: number;
}

const NO_BODY = Buffer.alloc(0);
const FIRST_KIB = 1_024;

export function receive(
  wire: Wire,
  head: Head,
  admission: Admitted,
  tools: ReceiveTools,
  write: (response: Response) => void,
): void {
  const { route, beyond } = admission;
  let isOver = false;
  tools.underWay++;
  const end = (): boolean => {
    if (isOver) return false;
    tools.underWay--;
    return (isOver = true);
  };
  // Within the turn that brings the last of a request, its socket is corked: what is written goes out as one.
  const finish = (response: Response): void => {
    if (end()) write(response);
  };
  const act = (body: Buffer): void => {
    const response = answer(head, admission, body, tools);
    if (!(response instanceof Promise)) return finish(response);
    if (route.maxBytes === 0) wire.onAborted(end);
    void response.then((later) => {
      if (!isOver) wire.cork(() => finish(later));
    });
  };
  if (route.maxBytes === 0) return act(NO_BODY);
  const actInTurn = (body: Buffer): void => {
    if (tools.turn.hasRoom(body.length)) return act(body);
    head.client(); // a client that leaves takes its address with it, and what it said counts all the same
    const actLater = (copy: Buffer): void => {
      if (isOver) act(copy);
      else wire.cork(() => act(copy));
    };
    if (!tools.turn.putOff(body, actLater)) act(body);
  };
  const tooLong = (beginning: Buffer): void => {
    tools.turnedAway(head, route, 'too-large');
    const words = (): Response => refuse(bodyTooLarge(route), route.dialect, head.headers.accept);
    if (head.headers['content-encoding'] === '') lookAt(beginning, head, admission, tools);
    finish(shared(beyond ?? words(), head, route, tools));
  };
  wire.onAborted(end);
  if (beyond) readBody(wire, FIRST_KIB - 1, () => isOver, tooLong, tooLong);
  else readBody(wire, route.maxBytes, () => isOver, actInTurn, tooLong);
}

/** It may be a sign of life, even if the rest is not read. */
function lookAt(beginning: Buffer, head: Head, { route, params }: Admitted, { reportBug }: Tools): void {
  try {
    route.tooLarge?.(beginning.subarray(0, FIRST_KIB), new Received(head, params, NO_BODY));
  } catch (error) {
    reportBug(error);
  }
}

/** Most bodies are one chunk and are read where they lie; longer ones are gathered, never beyond the cap. */
function readBody(
  wire: Wire,
  maxBytes: number,
  isOver: () => boolean,
  act: (body: Buffer) => void,
  tooLong: (beginning: Buffer) => void,
): void {
  let gathered: Buffer[] | undefined;
  let size = 0;
  wire.onData((chunk, isLast) => {
    if (isOver()) return;
    size += chunk.byteLength;
    if (size > maxBytes) {
      const parts = [...(gathered ?? []), Buffer.from(chunk)];
      gathered = undefined;
      return tooLong(beginningOf(parts));
    }
    if (isLast && !gathered) return act(Buffer.from(chunk));
    (gathered ??= []).push(Buffer.from(Buffer.from(chunk))); // copied
    if (isLast) act(Buffer.concat(gathered));
  });
}

function beginningOf(parts: Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat(parts, Math.min(FIRST_KIB, length));
}
