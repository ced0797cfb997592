// Plays a scenario against a server: every member reports when it changes, and often enough to keep its lease.
import { dialects, type Wire } from './dialects.js';
import type { Member } from './fleet.js';
import { createPost } from './post.js';
import type { Moment, Scenario } from './scenario.js';

const LOOK_EVERY_MS = 250;
/** How often members beat while nothing changes. */
export const BEAT_EVERY_MS = 5_000;

export interface Play {
  /** Those who can say goodbye, which takes a second at most. Then nothing is sent any more. Never rejects. */
  stop: () => Promise<void>;
}

export interface PlayOptions extends Omit<Wire, 'post'> {
  fleet: Member[];
  scenario: Scenario;
  /** The scenario's clock: ms since its begin. */
  elapsedMs: () => number;
}

export function play({ fleet, scenario, elapsedMs, ...wire }: PlayOptions): Play {
  let isOver = false;
  const post = createPost(wire.origin, wire.log, () => isOver);
  const actors = fleet.map((member) => createActor(member, scenario, { ...wire, post }));
  const look = (): void => {
    for (const { act } of actors) act(elapsedMs());
  };
  look();
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    stop: async () => {
      clearInterval(timer);
      isOver = true;
      await Promise.all(actors.map(({ leave }) => leave()));
    },
  };
}

interface Actor {
  act: (atMs: number) => void;
  /** Once its report under way has ended. */
  leave: () => Promise<void>;
}

/** One member: at most one report under way, as with real ones. Not due again before a beat, unless it changes. */
function createActor(member: Member, scenario: Scenario, wire: Wire): Actor {
  const voice = dialects[member.bot.dialect](member, wire);
  let underWay: Promise<void> | null = null;
  let saidAtMs = -Infinity;
  let said = '';
  const act = (atMs: number): void => {
    const moment = underWay ? null : scenario(member, atMs);
    if (!moment) return;
    const saying = gistOf(moment);
    if (saying === said && atMs - saidAtMs < BEAT_EVERY_MS) return;
    said = saying;
    saidAtMs = atMs;
    underWay = voice.say(moment, atMs).finally(() => (underWay = null));
  };
  const leave = async (): Promise<void> => {
    await underWay;
    await voice.leave?.();
  };
  return { act, leave };
}

/** What makes two moments differ: latency alone can wait for the next beat. */
const gistOf = ({ startedAtMs, shards }: Moment): string =>
  `${startedAtMs}:${shards.map((shard) => shard.state).join('')}`;
