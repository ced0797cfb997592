// The engine: one door, `submit`. What passes the door goes into the log, what is in the log is applied, what followed is told.
import type { Refused } from './core/answer.js';
import { door } from './core/door.js';
import type { AnswerOf, DurableEvent, Event } from './core/event.js';
import type { Measures } from './core/measures/measures.js';
import { record } from './core/recording.js';
import { restore } from './core/restore.js';
import { step, type Applied } from './core/step.js';
import { isBehind } from './core/live/sweep.js';
import type { World } from './core/world.js';
import { NotSafe, type Log } from './log/log.js';

/** Notes what followed, and does not wait. In which order followers are told means nothing. */
export type Follower = (applied: Applied) => void;

/** The answer when a durable event could not be made safe. */
interface NotDurable {
  ok: false;
  reason: 'not-durable';
  error: string;
}

export type Submitted<E extends Event> = AnswerOf<E> | Refused | NotDurable;

/** The one way in. The answer comes at once, or when the event is safe, or after the one it came in the middle of. */
export type Submit = <E extends Event>(event: E) => Submitted<E> | Promise<Submitted<E>>;

export interface Engine {
  submit: Submit;
  /** From now on it is told what follows. */
  follow: (follower: Follower) => void;
  /** Brings the world to the end of the log, as it was lived. Before anything is submitted. */
  begin: () => Promise<void>;
}

const NOT_DURABLE: NotDurable = {
  ok: false,
  reason: 'not-durable',
  error: 'this could not be written to disk; please try again',
};

export function createEngine(world: World, log: Log): Engine {
  const followers = new Followers();
  let lastAt = 0;
  const rest = createRest(world, () => void log.append({ type: 'sweep', at: lastAt }));

  const apply = <E extends Event>(event: E): AnswerOf<E> => {
    lastAt = Math.max(lastAt, event.at);
    const applied = step(world, event);
    rest.goOn();
    const bug = applied.isNews ? followers.tell(applied) : null;
    rest.answer();
    if (bug) throw bug.of;
    return applied.answer as AnswerOf<E>;
  };
  const append = <E extends Event>(event: E): Submitted<E> | Promise<Submitted<E>> => {
    const { joined } = world.line;
    const answer = log.append(event);
    if (answer instanceof Promise) return answer.then(whenThrough<E>, notSafe);
    return world.line.joined === joined ? answer : whenThrough(answer);
  };
  /** Once every flip is applied that one event had no room for. */
  const whenThrough = <E extends Event>(answer: AnswerOf<E>): AnswerOf<E> | Promise<AnswerOf<E>> =>
    world.line.length === 0 ? answer : rest.through().then(() => answer);
  /** The answer of the event that has to come first, if that is refused. */
  const after = async <E extends Event>(first: DurableEvent, event: E): Promise<Submitted<E>> => {
    const answer = await append(first);
    return answer.ok ? submit(event) : answer;
  };
  const submit: Submit = (event) => {
    if (followers.isTelling)
      return new Promise((resolve) => followers.afterwards(() => resolve(submit(event))));
    const stop = door(world, event);
    if (stop === null) return append(event);
    if ('refusal' in stop) return stop.refusal;
    if (stop.isAwaited) return after(stop.first, event);
    void append(stop.first); // if it cannot be written, the next report brings it again
    return append(event);
  };
  return {
    submit,
    follow: (follower) => followers.add(follower),
    begin: () => {
      if (log.record) restore(world, log.record);
      for (const [identity, measures] of log.measures) restoreMeasures(world, identity, measures);
      return log.entries({
        apply,
        record: (savedAt, position) => record(world, savedAt, position),
        measures: () => world.clusters.values(),
        told: () => world.told,
        isBehind: () => isBehind(world),
      });
    },
  };
}

class Followers {
  readonly #all: Follower[] = [];
  /** What they submitted while they were told something: its turn comes after that. */
  readonly #waiting: (() => void)[] = [];
  isTelling = false;

  add(follower: Follower): void {
    this.#all.push(follower);
  }

  afterwards(run: () => void): void {
    this.#waiting.push(run);
  }

  /** A bug of one keeps nothing from the others; the first is the submitter's to hear. */
  tell(applied: Applied): { of: unknown } | null {
    let bug: { of: unknown } | null = null;
    this.isTelling = true;
    for (const follower of this.#all)
      try {
        follower(applied);
      } catch (of) {
        bug ??= { of };
      }
    this.isTelling = false;
    while (this.#waiting.length > 0) this.#waiting.shift()!();
    return bug;
  }
}

/** Not where its cluster was forgotten meanwhile, though it registered anew. */
function restoreMeasures({ clusters }: World, identity: string, measures: Measures): void {
  const cluster = clusters.get(identity);
  if (!cluster || (measures.counters && measures.counters.at < cluster.firstSeenAt)) return;
  cluster.measures = measures;
}

function notSafe(error: unknown): NotDurable {
  if (error instanceof NotSafe) return NOT_DURABLE;
  throw error;
}

interface Rest {
  /** Has it swept in the next turn, if there is any. */
  goOn: () => void;
  /** Resolves once every flip that waits in line now is through, and was told of. */
  through: () => Promise<void>;
  /** To be called when those that are through were told of. */
  answer: () => void;
}

/** What one event had no room for (RULES 42): a part a turn, so that viewers and beats come in between. */
function createRest(world: World, sweep: () => void): Rest {
  let isNextDue = false;
  const owed: { passed: number; answer: () => void }[] = [];
  return {
    goOn: () => {
      if (isNextDue || !isBehind(world)) return;
      isNextDue = true;
      setImmediate(() => {
        isNextDue = false;
        sweep();
      });
    },
    through: () => new Promise((answer) => owed.push({ passed: world.line.joined, answer })),
    answer: () => {
      while (owed[0] && owed[0].passed <= world.line.passed) owed.shift()!.answer();
    },
  };
}
