// Imports the state file of an Argus control plane (its version 1): every cluster keeps its number, lease and last shards.
import * as z from 'zod';
import { readSnapshot } from '../core/measures/snapshot-metrics.js';
import { OLDER_VERSION, type OlderClaim, type OlderCluster, type OlderRecord } from './older.js';

const ARGUS_VERSION = 1;
const MS = 1_000;

/** What a member may be called here: whoever is called otherwise could not register either. */
const NAME = /^[^\u0000-\u001f\u007f-\u009f\ud800-\udfff]{1,128}$/u;
const HOST_AND_PORT = /^(\[[\da-f:.]+\]|[\w.-]+):\d{1,5}$/i;

const seconds = z.number().min(0).max(1e11);
const entrySchema = z.object({
  identity: z.string().min(1),
  fleet: z.string().min(1),
  number: z.int().min(1),
  first_seen: seconds,
  last_seen: seconds,
  status: z.enum(['up', 'down']).default('up'),
  version: z.string().default(''),
  last_snapshot: z.record(z.string(), z.unknown()).nullable().default(null),
  scrape_target: z.string().default(''),
  lease_hash: z.string().default(''),
});
const fileSchema = z.object({
  /** As a map: a fleet may be called `__proto__`. */
  counters: z
    .custom<object>((value) => typeof value === 'object' && value !== null, 'must be an object')
    .default({})
    .transform((counters) => new Map<string, unknown>(Object.entries(counters)))
    .pipe(z.map(z.string(), z.int().min(0))),
  entries: z.array(z.unknown()),
});

type Entry = z.infer<typeof entrySchema>;

export type ArgusRead = { ok: true; record: OlderRecord; notes: string[] } | { ok: false; problem: string };

/** Whether it says so, or says no version at all but has its entries, as Argus's first files did. */
export function isArgusState(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return 'version' in value ? value.version === ARGUS_VERSION : 'entries' in value;
}

/** The same file gives the same record, however often it is imported before we first write our own. */
export function argusRecord(value: object, namespace: string): ArgusRead {
  const file = fileSchema.safeParse(value);
  if (!file.success) return { ok: false, problem: `it is no state of Argus: ${said(file.error)}` };
  const entries: Entry[] = [];
  const identities = new Set<string>();
  for (const [index, one] of file.data.entries.entries()) {
    const entry = entrySchema.safeParse(one);
    if (!entry.success)
      return { ok: false, problem: `its entry ${nameOf(one, index)} is wrong: ${said(entry.error)}` };
    if (identities.has(entry.data.identity))
      return { ok: false, problem: `its entry ${nameOf(one, index)} is there twice` };
    identities.add(entry.data.identity);
    entries.push(entry.data);
  }
  return { ok: true, ...importEntries(entries, file.data.counters, namespace) };
}

const said = ({ issues: [issue] }: z.ZodError): string =>
  `${issue!.path.join('.') || 'all of it'}: ${issue!.message}`;

function nameOf(entry: unknown, index: number): string {
  const { identity } = { identity: null as unknown, ...(entry as object) };
  return typeof identity === 'string'
    ? `${index + 1} (${JSON.stringify(identity.slice(0, 128))})`
    : `${index + 1}`;
}

function importEntries(
  entries: Entry[],
  numbers: Map<string, number>,
  namespace: string,
): { record: OlderRecord; notes: string[] } {
  for (const { fleet, number } of entries) numbers.set(fleet, Math.max(numbers.get(fleet) ?? 0, number));
  const taken = new Set<string>();
  const notes: string[] = [];
  const clusters: OlderCluster[] = [];
  for (const entry of entries) {
    const { identity, fleet } = entry;
    if (!NAME.test(identity) || !NAME.test(fleet)) {
      notes.push(
        `${fleet.slice(0, 128)} #${entry.number} was left out: its identity or fleet is no name of 1 to 128 characters.`,
      );
      continue;
    }
    const number = freeNumber(entry, taken, numbers);
    if (number !== entry.number)
      notes.push(
        `${JSON.stringify(identity)} was ${fleet} #${entry.number}, as another one is: it is ${fleet} #${number} now.`,
      );
    clusters.push(clusterOf(entry, number, namespace));
  }
  const savedAt = Math.max(0, ...clusters.map(({ seenAt }) => seenAt));
  const record = {
    savedAt,
    sequence: 0,
    bots: [],
    clusters,
    flips: [],
    numbers: [...numbers].filter(([, n]) => n > 0),
  };
  return { record: { version: OLDER_VERSION, ...record }, notes };
}

/** Argus gives a cluster that moves its old number in the new fleet, so two may have the same: the first keeps it. */
function freeNumber({ fleet, number }: Entry, taken: Set<string>, numbers: Map<string, number>): number {
  const name = JSON.stringify([fleet, number]);
  if (!taken.has(name)) {
    taken.add(name);
    return number;
  }
  const next = numbers.get(fleet)! + 1;
  numbers.set(fleet, next);
  return next;
}

function clusterOf(entry: Entry, number: number, namespace: string): OlderCluster {
  const { identity, fleet, version, status } = entry;
  const seenAt = Math.round(entry.last_seen * MS);
  const { rows, shardCount, measured } = readSnapshot(entry.last_snapshot ?? {}, namespace);
  const ranOut = status === 'up' ? 0 : 1;
  return {
    identity,
    fleet,
    number,
    numbers: [[fleet, number]],
    version,
    saidBot: null,
    assignedBot: null,
    bot: null,
    firstSeenAt: Math.round(entry.first_seen * MS),
    seenAt,
    leaseHash: entry.lease_hash,
    formerLeaseHash: null,
    host: '',
    scrapeTarget: HOST_AND_PORT.test(entry.scrape_target) ? entry.scrape_target : '',
    status,
    statusAt: 0,
    oversizedAt: 0,
    ...(entry.last_snapshot ? { measured } : {}),
    declaredCount: shardCount,
    declaredAt: shardCount === null ? 0 : seenAt,
    claims: (rows ?? []).map(({ id, state }): OlderClaim => [id, state, seenAt, seenAt, ranOut]),
  };
}
