// What is counted in passing: plain numbers, because a metrics library costs a microsecond a label and beats come in thousands.
import type { Publish, Response, SocketHandler } from '../http/message.js';

/** Requests that belong to no row of the route table, or were turned away before it mattered. */
const NO_ROUTE = 'other';

export interface FeedTally {
  viewers: number;
  patches: number;
  bytes: number;
}

export interface Tallies {
  /** By route pattern, then by the first digit of the status. */
  requests: Map<string, number[]>;
  /** By reason. */
  refused: Map<string, number>;
  /** Optional fields of reports that were wrong, by field. */
  dropped: Map<string, number>;
  feeds: Map<string, FeedTally>;
  reports: ReportTally;
}

/** How long the reports of bots were, unpacked: within this slot of time, and within the one before. */
export interface ReportTally {
  slot: number;
  largestBytes: number;
  largestBefore: number;
}

export const createTallies = (): Tallies => ({
  requests: new Map(),
  refused: new Map(),
  dropped: new Map(),
  feeds: new Map(),
  reports: { slot: 0, largestBytes: 0, largestBefore: 0 },
});

/** An optional field of a report was wrong, and counts as not said. */
export const noteDropped = ({ dropped }: Tallies, field: string): void =>
  void dropped.set(field, (dropped.get(field) ?? 0) + 1);

const REPORT_SLOT_MS = 300_000;

/** A report was read; 0 bytes: only time went on. */
export function noteReport({ reports }: Tallies, bytes: number, now: number): void {
  const slot = Math.floor(now / REPORT_SLOT_MS);
  if (slot !== reports.slot) {
    reports.largestBefore = slot === reports.slot + 1 ? reports.largestBytes : 0;
    reports.largestBytes = 0;
    reports.slot = slot;
  }
  if (bytes > reports.largestBytes) reports.largestBytes = bytes;
}

/** The longest report of the last 5 to 10 minutes; 0: none came. */
export function largestReport(tallies: Tallies, now: number): number {
  noteReport(tallies, 0, now);
  return Math.max(tallies.reports.largestBytes, tallies.reports.largestBefore);
}

const STATUS_CLASSES = 6;

/** A request was answered. `route`: the pattern, never the path; null: it belongs to none. */
export function noteAnswer(
  { requests, refused }: Tallies,
  route: string | null,
  { status, reason }: Response,
): void {
  let counts = requests.get(route ?? NO_ROUTE);
  if (!counts) requests.set(route ?? NO_ROUTE, (counts = new Array<number>(STATUS_CLASSES).fill(0)));
  counts[Math.floor(status / 100)]!++;
  if (reason !== undefined) refused.set(reason, (refused.get(reason) ?? 0) + 1);
}

/** Tells the feeds apart by the topic they publish to, or what it begins with: "operator/fleet:asia". */
export function countPublished(tallies: Tallies, publish: Publish): Publish {
  return (topic, text, readers, isRepeat = false) => {
    const feed = feedTally(tallies, topic.split('/', 1)[0]!);
    if (!isRepeat) feed.patches++;
    feed.bytes += Buffer.byteLength(text) * (readers ?? feed.viewers);
    publish(topic, text);
  };
}

/** Counts who is there, and what each gets by itself. */
export function countViewers(tallies: Tallies, feed: string, handler: SocketHandler): SocketHandler {
  const tally = feedTally(tallies, feed);
  const { said, dropped, drained } = handler;
  return {
    ...(said ? { said } : {}),
    ...(dropped ? { dropped } : {}),
    ...(drained ? { drained } : {}),
    opened: (socket, query, session) => {
      tally.viewers++;
      handler.opened(socket, query, session);
    },
    closed: (socket) => {
      tally.viewers--;
      handler.closed(socket);
    },
    sent: (bytes) => void (tally.bytes += bytes),
  };
}

function feedTally({ feeds }: Tallies, feed: string): FeedTally {
  let tally = feeds.get(feed);
  if (!tally) feeds.set(feed, (tally = { viewers: 0, patches: 0, bytes: 0 }));
  return tally;
}
