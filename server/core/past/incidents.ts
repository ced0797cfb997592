// Incidents (RULES 12): flips of one bot to not working, with the same cause and at most 60 s apart, until all are Online again.
import { formatRanges, readRanges } from '../../../public/shared/ranges.js';
import { isNotWorking, ONLINE, STOPPED, UNKNOWN, type State } from '../../../public/shared/states.js';
import type { IncidentFact } from '../fact.js';
import type { Flip } from './flips.js';

/** A flip belongs to an incident while it is at most this far from its first or its latest one: a wave is one incident. */
export const TOGETHER_MS = 60_000;
/** Ended incidents that a bot keeps. The page shows as many of the whole server. */
export const MAX_ENDED = 20;

/** An incident as it is kept once it ended, and in the state file. */
export interface IncidentRecord {
  /** Its position among the incidents of its bot, from 1. */
  number: number;
  /** The cluster that fell silent; null: no cluster did. */
  cause: string | null;
  /** Offline as soon as one of its shards went there, else Unhealthy. */
  state: State;
  startedAt: number;
  /** The latest of its flips to not working. */
  lastAt: number;
  endedAt: number | null;
  /** Every shard that it affected, and those of them that are not back yet, whatever they are now: "0-15,32". */
  shards: string;
  down: string;
  /** While it goes on: it is the one that further flips of its cause may join. */
  isJoined?: boolean;
}

/** One that goes on. */
export interface OpenIncident extends Omit<IncidentRecord, 'endedAt' | 'shards' | 'down' | 'isJoined'> {
  shards: Set<number>;
  down: Set<number>;
}

/** What happened to it, in one event; and what became of it. */
interface News {
  incident: OpenIncident;
  began: 'opened' | 'reopened' | null;
  went: 'grew' | 'shrank' | 'changed' | 'ended' | null;
}

/** The incidents of one bot. */
export interface Incidents {
  /** How many there ever were. */
  count: number;
  open: Set<OpenIncident>;
  /** In the order they ended. */
  ended: IncidentRecord[];
  /** The incident that a shard is down in. */
  byShard: Map<number, OpenIncident>;
  /** The latest open one of each cause. */
  byCause: Map<string | null, OpenIncident>;
  /** What happened to each since it was last told. */
  news: Map<number, News>;
}

export const noIncidents = (): Incidents => ({
  count: 0,
  open: new Set(),
  ended: [],
  byShard: new Map(),
  byCause: new Map(),
  news: new Map(),
});

/**
 * What a flip of one of the bot's shards means. Back is Online: starting and failing again is the same incident. A shard
 * that is stopped on purpose, or that nobody hosts any more, leaves too. A restart is no flip, and changes nothing here.
 */
export function noteFlip(incidents: Incidents, { at, shard, to, cause }: Flip): void {
  if (to === ONLINE || to === UNKNOWN || to === STOPPED) leave(incidents, shard, at);
  else if (incidents.byShard.has(shard))
    note(incidents, incidents.byShard.get(shard)!, 'changed'); // whether it is working now
  else if (isNotWorking(to)) {
    const incident = joinable(incidents, cause, at) ?? begin(incidents, cause, at);
    incident.startedAt = Math.min(incident.startedAt, at);
    incident.lastAt = Math.max(incident.lastAt, at);
    incident.state = Math.max(incident.state, to); // Offline is the higher number
    incident.shards.add(shard);
    incident.down.add(shard);
    incidents.byShard.set(shard, incident);
    note(incidents, incident, 'grew');
  }
}

/** The shard is no longer down; the last one to go ends the incident. */
export function leave(incidents: Incidents, shard: number, at: number): void {
  const incident = incidents.byShard.get(shard);
  if (!incident) return;
  incidents.byShard.delete(shard);
  incident.down.delete(shard);
  note(incidents, incident, incident.down.size > 0 ? 'shrank' : 'ended');
  if (incident.down.size > 0) return;
  incidents.open.delete(incident);
  if (incidents.byCause.get(incident.cause) === incident) incidents.byCause.delete(incident.cause);
  incidents.ended.push({ ...incidentRecord(incident), endedAt: Math.max(at, incident.startedAt) });
  if (incidents.ended.length > MAX_ENDED) incidents.ended.shift();
}

/** Of what one event does to it, the largest is told. */
const WEIGHT = { changed: 1, shrank: 2, grew: 3, ended: 4 };

function note({ news }: Incidents, incident: OpenIncident, went: keyof typeof WEIGHT): void {
  const known = news.get(incident.number);
  if (!known) return void news.set(incident.number, { incident, began: null, went });
  known.incident = incident;
  if (!known.went || WEIGHT[went] > WEIGHT[known.went] || known.went === 'ended') known.went = went;
}

/** What was not told yet, in the order that it began to happen; what opened and ended in one event is told as both. */
export function takeNews(incidents: Incidents): Omit<IncidentFact, 'type' | 'bot'>[] {
  if (incidents.news.size === 0) return NO_NEWS;
  const told = [...incidents.news.values()].flatMap(({ incident, began, went }) => {
    const steps = began === null ? [went] : went === 'ended' ? [began, went] : [began];
    const { number, cause, startedAt, shards, down } = incident;
    const said = { number, cause, startedAt, shards: shards.size, down: down.size };
    return steps.flatMap((step) => (step === null ? [] : [{ ...said, step }]));
  });
  incidents.news.clear();
  return told;
}

const NO_NEWS: never[] = [];

/** The bot has fewer shards from now on: what is beyond them is no longer down. */
export function retire(incidents: Incidents, shardCount: number, at: number): void {
  for (const shard of [...incidents.byShard.keys()]) if (shard >= shardCount) leave(incidents, shard, at);
}

const isTogether = ({ startedAt, lastAt }: Pick<OpenIncident, 'startedAt' | 'lastAt'>, at: number): boolean =>
  at >= startedAt - TOGETHER_MS && at <= lastAt + TOGETHER_MS;

/** An incident that the flip belongs to; one that had ended goes on. */
function joinable(incidents: Incidents, cause: string | null, at: number): OpenIncident | undefined {
  const open = incidents.byCause.get(cause);
  if (open && isTogether(open, at)) return open;
  const index = incidents.ended.findLastIndex((one) => one.cause === cause && isTogether(one, at));
  if (index < 0) return undefined;
  const [ended] = incidents.ended.splice(index, 1);
  return noteBegun(incidents, reopen(incidents, ended!, true), 'reopened');
}

function begin(incidents: Incidents, cause: string | null, at: number): OpenIncident {
  incidents.count++;
  const number = incidents.count;
  const fresh = { number, cause, state: 0, startedAt: at, lastAt: at, endedAt: null, shards: '', down: '' };
  return noteBegun(incidents, reopen(incidents, fresh, true), 'opened');
}

/** One that ended and goes on within one event never ended. */
function noteBegun(incidents: Incidents, incident: OpenIncident, began: 'opened' | 'reopened'): OpenIncident {
  const known = incidents.news.get(incident.number);
  const isNew = known?.went !== 'ended' || known.began !== null;
  incidents.news.set(incident.number, {
    incident,
    began: isNew ? (known?.began ?? began) : null,
    went: null,
  });
  return incident;
}

function reopen(incidents: Incidents, record: IncidentRecord, isJoined: boolean): OpenIncident {
  const { number, cause, state, startedAt, lastAt } = record;
  const shards = new Set(readRanges(record.shards));
  const down = new Set(readRanges(record.down));
  const incident = { number, cause, state, startedAt, lastAt, shards, down };
  incidents.open.add(incident);
  if (isJoined) incidents.byCause.set(cause, incident);
  for (const shard of down) incidents.byShard.set(shard, incident);
  return incident;
}

export function incidentRecord({ shards, down, ...incident }: OpenIncident): IncidentRecord {
  return { ...incident, endedAt: null, shards: formatRanges(shards), down: formatRanges(down) };
}

/** All that is kept, as the state file has it. */
export const incidentRecords = ({ open, ended, byCause }: Incidents): IncidentRecord[] => [
  ...ended,
  ...[...open].map((one) => ({ ...incidentRecord(one), isJoined: byCause.get(one.cause) === one })),
];

export function restoreIncidents(incidents: Incidents, count: number, records: IncidentRecord[]): void {
  incidents.count = count;
  for (const record of records)
    if (record.endedAt === null) reopen(incidents, record, record.isJoined ?? true);
    else incidents.ended.push(record);
}
