// Opens the log at the start: the lock, then the state file, then the journal. What is doubtful refuses the start, untouched.
import type { DurableEvent } from '../core/event.js';
import { createMeasures, measure, type Measures } from '../core/measures/measures.js';
import type { WorldRecord } from '../core/record.js';
import type { Rules } from '../core/registry/registry.js';
import { lstat, readFile, readlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { takeLock, type HeldLock } from './lock.js';
import { readJournalLines, type ReadJournal } from './journal-lines.js';
import { readKeptMeasures } from './measures-file.js';
import { nothing, OLDER_VERSION, upgraded, withLearnt, type OlderRecord } from './older.js';
import { readState, type FoundState } from './state-file.js';

export const journalPathOf = (statePath: string): string => `${statePath}.journal`;

/** Everything that was kept, and the lock on it. */
export interface OpenedLog {
  statePath: string;
  /** Null: nothing was kept yet. */
  record: WorldRecord | null;
  /** What clusters measured until then, or was imported with it, by identity. */
  measures: Map<string, Measures>;
  /** What happened after the record, to be replayed in this order. */
  events: DurableEvent[];
  /** Of the last durable event that ever was. */
  sequence: number;
  /** How much of the journal counts; 0: it may begin anew. */
  journalBytes: number;
  stateBytes: number;
  /** An imported file, as it was; null: the state is our own. */
  original: Buffer | null;
  /** For the operator. */
  notes: string[];
  lock: HeldLock;
}

export type OpenLog =
  | { ok: true; opened: OpenedLog }
  /** The file in question, what is wrong with it, and what to do. */
  | { ok: false; file: string; why: string; todo: string };

/** What is needed to read files of other times. */
export interface Reading {
  /** The prefix of metric names in the snapshots of an Argus file. */
  namespace: string;
  /** Today's: files of the version before have none. */
  rules: Rules;
}

/** `at`: now. */
export async function openLog(givenPath: string, reading: Reading, at: number): Promise<OpenLog> {
  const statePath = await followed(givenPath);
  const lock = takeLock(statePath, at);
  if (!lock.ok) return { ok: false, file: `the state file ${statePath}`, why: lock.why, todo: lock.todo };
  const opened = await readAll(statePath, reading, lock, at);
  if (!opened.ok) lock.unlock();
  return opened;
}

const MAX_LINKS = 40; // as Linux has it

/** Where a symbolic link leads, there or not: a save would replace the link, and two links to one file have two locks. */
async function followed(path: string, left = MAX_LINKS): Promise<string> {
  const isLink = await lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false, // whoever opens it says what is wrong
  );
  return isLink && left > 0 ? followed(resolve(dirname(path), await readlink(path)), left - 1) : path;
}

/** For programs that start a server of their own. */
export async function openLogOrThrow(statePath: string, reading: Reading, at: number): Promise<OpenedLog> {
  const log = await openLog(statePath, reading, at);
  if (!log.ok) throw new Error(`${log.file} cannot be used: ${log.why}`);
  return log.opened;
}

async function readAll(statePath: string, reading: Reading, lock: HeldLock, at: number): Promise<OpenLog> {
  const path = journalPathOf(statePath);
  const found = await readState(statePath, reading.namespace);
  if (!found.ok) {
    const todo = `restore a backup; or move it and ${path} away to begin anew; or name another with SHARDLIGHT_STATE`;
    return { ok: false, file: `the state file ${statePath}`, why: found.problem, todo };
  }
  const journal = await readJournal(path);
  if (!journal.ok)
    return {
      ok: false,
      file: `the journal ${path}`,
      why: journal.problem,
      todo: withoutJournal(statePath),
    };
  const { isOlder, after, events, sequence, bytes, torn } = journal.contents;
  const held = found.state?.record.sequence ?? 0;
  if (after > held)
    return { ok: false, file: `the journal ${path}`, ...gap(statePath, path, after, found.state) };
  const due = [...events].filter(([number]) => number > held).map(([, event]) => event);
  const kept = await readKeptMeasures(statePath);
  const { record, imported } = broughtUp(found.state?.record ?? null, isOlder, reading, at);
  const opened = {
    statePath,
    record,
    measures: imported.size > 0 ? imported : kept.measures,
    events: isOlder ? withLearnt(due) : due,
    sequence: Math.max(held, sequence),
    journalBytes: sequence > held ? bytes : 0,
    stateBytes: found.state?.bytes ?? 0,
    original: found.state?.imported?.original ?? null,
    notes: [...notesOn(statePath, path, found.state, torn, due.length), ...kept.notes],
    lock,
  };
  return { ok: true, opened };
}

interface BroughtUp {
  record: WorldRecord | null;
  /** Measures that were in it. */
  imported: Map<string, Measures>;
}

function broughtUp(
  record: WorldRecord | OlderRecord | null,
  isJournalOlder: boolean,
  { rules }: Reading,
  at: number,
): BroughtUp {
  const found = record ?? (isJournalOlder ? nothing(at) : null);
  if (found?.version !== OLDER_VERSION) return { record: found, imported: new Map() };
  return { record: upgraded(found, rules), imported: measuresOf(found, rules) };
}

/** The last values of what was imported. */
function measuresOf({ clusters }: OlderRecord, { heartbeatMs }: Rules): Map<string, Measures> {
  const all = new Map<string, Measures>();
  for (const { identity, measured, seenAt } of clusters) {
    if (!measured) continue;
    const measures = createMeasures();
    measure(measures, measured, seenAt, heartbeatMs);
    all.set(identity, measures);
  }
  return all;
}

async function readJournal(path: string): Promise<ReadJournal> {
  try {
    return readJournalLines(await readFile(path));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? readJournalLines(Buffer.alloc(0)) : { ok: false, problem: message };
  }
}

const withoutJournal = (statePath: string): string =>
  `restore a backup of it; or move it away to go on with ${statePath} alone, which lacks the registrations of its last seconds`;

/** The journal goes on from a state that is not here. */
function gap(
  statePath: string,
  path: string,
  after: number,
  state: FoundState | null,
): { why: string; todo: string } {
  const why = state
    ? `it goes on from event ${after}, but the state file ${statePath} ends at event ${state.record.sequence}: it is an older one`
    : `it goes on from event ${after}, but there is no state file ${statePath}`;
  const todo = `bring back the state file that belongs to it; or move ${path} away, and numbers given since are forgotten`;
  return { why, todo };
}

function notesOn(
  statePath: string,
  path: string,
  state: FoundState | null,
  torn: number | null,
  replayed: number,
): string[] {
  const notes: string[] = [];
  if (state?.imported) {
    const { clusters } = state.record;
    notes.push(
      `The Argus state file ${statePath} was imported: ${clusters.length} clusters keep their numbers.`,
    );
    notes.push(...state.imported.notes);
  }
  if (replayed > 0)
    notes.push(
      `${replayed} registrations and the like came from the journal ${path}: the last stop was no clean one.`,
    );
  if (torn !== null)
    notes.push(
      `Line ${torn} of the journal ${path} is cut off, as by a crash: it was never answered, and is dropped.`,
    );
  return notes;
}
