// The journal's lines (NDJSON): a head, and one line a durable event with its sequence number. Each ends in its checksum.
import { isUtf8 } from 'node:buffer';
import * as z from 'zod';
import type { DurableEvent } from '../core/event.js';
import { crcOf, withCrc } from './checksum.js';
import { eventSchema } from './journal-schema.js';

export const JOURNAL_VERSION = 2;
/** It knew no `rules`, and had a line for each event that was refused. */
const OLDER_VERSION = 1;
const NEWLINE = 10;

/** `after`: events up to this one are in the state file. */
export const headLine = (after: number): string => `${withCrc({ journal: JOURNAL_VERSION, after })}\n`;
export const eventLine = (sequence: number, event: DurableEvent): string =>
  `${withCrc({ sequence, event })}\n`;

const sequenceNumber = z.int().min(1);
const head = z.object({ journal: z.literal([OLDER_VERSION, JOURNAL_VERSION]), after: z.int().min(0) });
const line = z.object({ sequence: sequenceNumber, event: eventSchema });
const refusedLine = z.object({ refused: sequenceNumber });

export interface JournalContents {
  /** It is of the version before. */
  isOlder: boolean;
  /** Events up to this one are in the state file. */
  after: number;
  /** By sequence number; those that an older journal says were refused are not among them. */
  events: Map<number, DurableEvent>;
  /** The last event's. */
  sequence: number;
  /** Up to where it is whole. */
  bytes: number;
  /** The number of a last line that is not whole; null: all are. */
  torn: number | null;
}

export type ReadJournal = { ok: true; contents: JournalContents } | { ok: false; problem: string };

/**
 * A last line that does not end was cut off by a crash: it was never answered. Anything else that is wrong is damage, which
 * may concern what was answered, and makes the whole journal doubtful.
 */
export function readJournalLines(text: Buffer): ReadJournal {
  const contents: JournalContents = {
    isOlder: false,
    after: 0,
    events: new Map(),
    sequence: 0,
    bytes: 0,
    torn: null,
  };
  for (let number = 1; contents.bytes < text.length; number++) {
    const newline = text.indexOf(NEWLINE, contents.bytes);
    const bytes = text.subarray(contents.bytes, newline < 0 ? text.length : newline);
    const problem = newline < 0 ? problemOfTail(bytes) : takeLine(contents, bytes, number);
    if (problem !== null) return { ok: false, problem: `line ${number}: ${problem}` };
    if (newline < 0) return { ok: true, contents: { ...contents, torn: number } };
    contents.bytes = newline + 1;
  }
  return { ok: true, contents };
}

const DAMAGED =
  'it is not as it was written (its checksum does not match): the disk damaged it, or somebody edited it';

/** What a crash leaves is the beginning of a line. A whole one with something else behind it ended once. */
const problemOfTail = (bytes: Buffer): string | null =>
  crcOf(bytes.subarray(0, -1)) === 'good' ? 'its end was damaged' : null;

/** What is wrong with the line; null: it was taken in. */
function takeLine(contents: JournalContents, bytes: Buffer, number: number): string | null {
  if (crcOf(bytes) === 'bad') return DAMAGED;
  const value = parse(bytes);
  if (value === undefined) return 'it is not JSON';
  if (number === 1) {
    const { success, data } = head.safeParse(value);
    if (!success) return newerThan(value) ?? `it is no head of a journal of version ${JOURNAL_VERSION}`;
    contents.isOlder = data.journal === OLDER_VERSION;
    contents.after = contents.sequence = data.after;
    return null;
  }
  const refused = contents.isOlder ? refusedLine.safeParse(value).data?.refused : undefined;
  if (refused !== undefined) return contents.events.delete(refused) ? null : 'it refuses what is not there';
  const { success, data } = line.safeParse(value);
  if (!success) return 'it is no event of this version';
  if (data.sequence !== contents.sequence + 1)
    return `event ${data.sequence} follows event ${contents.sequence}: some are missing`;
  contents.events.set(data.sequence, data.event);
  contents.sequence = data.sequence;
  return null;
}

/** What a later version wrote is not for this one to judge. */
function newerThan(value: unknown): string | null {
  const { journal } = (value ?? {}) as { journal?: unknown };
  return typeof journal === 'number' && journal > JOURNAL_VERSION
    ? `a newer Shardlight wrote it (journal version ${journal}; this one reads up to ${JOURNAL_VERSION})`
    : null;
}

function parse(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) return undefined;
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch {
    return undefined; // said by the caller, with the number of the line
  }
}
