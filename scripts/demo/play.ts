// Plays a scenario against a server: every member reports when it changes, and often enough to keep its lease.
import { dialects } from './dialects.js';
import { pretendFleet, type Member } from './fleet.js';
import { createPost, type Post } from './post.js';
import type { Moment, Scenario } from './scenario.js';

const LOOK_EVERY_MS = 250;
/** How often members beat while nothing changes. */
export const BEAT_EVERY_MS = 5_000;

export interface Play {
  /** Nothing is sent any more. */
  stop: () => void;
}

export interface PlayOptions {
  /** Where the server is, like `http://127.0.0.1:9190`. */
  origin: string;
  scenario: Scenario;
  /** The scenario's clock: ms since its begin. */
  elapsedMs: () => number;
  log: (line: string) => void;
}

export function play({ origin, scenario, elapsedMs, log }: PlayOptions): Play {
  let isOver = false;
  const post = createPost(origin, log, () => isOver);
  const actors = pretendFleet().map((member) => createActor(member, scenario, post));
  const look = (): void => {
    for (const act of actors) act(elapsedMs());
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    stop: () => {
      clearInterval(timer);
      isOver = true;
    },
  };
}

/** One member: at most one report under way, as with real ones. Not due again before a beat, unless it changes. */
function createActor(member: Member, scenario: Scenario, post: Post): (atMs: number) => void {
  const report = dialects[member.bot.dialect](member, post);
  let isReporting = false;
  let saidAtMs = -Infinity;
  let said = '';
  return (atMs) => {
    const moment = isReporting ? null : scenario(member, atMs);
    if (!moment) return;
    const saying = gistOf(moment);
    if (saying === said && atMs - saidAtMs < BEAT_EVERY_MS) return;
    said = saying;
    saidAtMs = atMs;
    isReporting = true;
    void report(moment, atMs).finally(() => (isReporting = false));
  };
}

/** What makes two moments differ: latency alone can wait for the next beat. */
const gistOf = ({ startedAtMs, shards }: Moment): string =>
  `${startedAtMs}:${shards.map((shard) => shard.state).join('')}`;
