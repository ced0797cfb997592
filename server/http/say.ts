// Says an answer: a large one in its place, where it may have to wait or gets none; nothing to who cannot be reading any of it.
import { createBurst } from './burst.js';
import { createLargeAnswers, type Reader } from './large-answers.js';
import type { Head, Response } from './message.js';
import type { TransportNotes } from './notes.js';
import type { Rates } from './rates.js';
import { refuse, type Dialect } from './refusal.js';
import type { Route } from './router.js';
import { isLarge, type AnswerWire, type Writer } from './write.js';

/** Those that are open, whatever they speak. */
export interface Connections {
  open: number;
}

export interface SayParts {
  now: () => number;
  rates: Rates;
  writer: Writer;
  connections: Connections;
  notes: Pick<TransportNotes, 'answered' | 'readsNothing'>;
  fallback: Dialect;
}

export type Say = (res: AnswerWire, head: Head, route: Route | null, response: Response) => void;

/** Where a large answer has to wait for its place or gets none, and where nobody can be reading what is sent. */
export function createSay(parts: SayParts): Say {
  const { now, notes, rates, writer, connections, fallback } = parts;
  const large = createLargeAnswers();
  const fitsTurn = createBurst(() => connections.open);
  const isFlood = (head: Head, route: Route | null, { reason }: Response): boolean => {
    const isStranger = !route || route.role === 'public' || reason === 'unauthorized';
    if (isStranger && !fitsTurn(head.client().household)) return true;
    const isUnread = head.method === 'HEAD' || head.method === 'OPTIONS';
    return isUnread && rates.isUnreadTooOften(head.client(), now());
  };
  return (res, head, route, response) => {
    const isHead = head.method === 'HEAD';
    if (isFlood(head, route, response)) {
      notes.readsNothing(head.client());
      return void res.close();
    }
    const place =
      isLarge(response) && !isHead ? large.enter(response.body!, readerOf(head, route)) : undefined;
    if (place === null) response.sent?.();
    const given =
      place === null ? refuse({ reason: 'busy' }, route?.dialect ?? fallback, head.headers) : response;
    notes.answered(head, route, given);
    writer.write(res, given, { isHead, place: place ?? null, whose: () => head.client() });
  };
}

const readerOf = (head: Head, route: Route | null): Reader => ({
  household: head.client().household,
  isPublic: (route?.role ?? 'public') === 'public',
});
