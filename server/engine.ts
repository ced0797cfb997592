// Holds the world and has one door, `submit`: durable events reach the disk first, then rules, then listeners in order.
import type { Answer, Change, Outcome } from './core/change.js';
import { isDurable, type DurableEvent, type Event, type VolatileEvent } from './core/event.js';
import { GAP_AFTER_MS } from './core/gap.js';
import { refusalOf, step } from './core/step.js';
import { isBehind } from './core/sweep.js';
import type { World } from './core/world.js';

/** Notes what changed, and does not wait. */
export type Listener = (changes: Change[], event: Event) => void;

/**
 * Makes the event safe, then calls `apply`, in the order of the log; `apply` says whether the rule took it. Resolves when
 * the event may be answered. Rejects, having said why in the log, when it may not.
 */
export type Commit = (event: DurableEvent, apply: () => boolean) => Promise<void>;

/** The answer when a durable event could not be made safe. */
export type Submitted = Answer | { ok: false; reason: 'not-durable'; error: string };

/**
 * The one door. The answer takes as long as a durable event needs to be safe, and as the flips need that one event has no
 * room for (RULES 42); only what is durable can fail to become safe.
 */
export interface Submit {
  (event: VolatileEvent): Answer | Promise<Answer>;
  (event: Event): Submitted | Promise<Submitted>;
}

const NOT_DURABLE: Submitted = {
  ok: false,
  reason: 'not-durable',
  error: 'this could not be written to disk; please try again',
};

/**
 * `listeners` are told in their order, within the same turn. Without `commit` the state file is the only record. `soon` runs
 * something in the next turn.
 */
export function createEngine(
  world: World,
  listeners: Listener[],
  commit?: Commit,
  soon: (run: () => void) => void = setImmediate,
): Submit {
  /** When the last event came; infinite: none did. */
  let lastAt = Infinity;
  const rest = createRest(world, soon, () => void apply({ type: 'sweep', at: lastAt }));
  const tell = ({ changes }: Outcome, event: Event): void => {
    if (changes.length > 0) for (const listener of listeners) listener(changes, event);
    rest.answer();
  };
  const apply = (event: Event): Answer | Promise<Answer> => {
    const { joined } = world.line;
    const outcome = step(world, event);
    rest.goOn();
    tell(outcome, event);
    return world.line.joined === joined ? outcome.answer : rest.through().then(() => outcome.answer);
  };
  const applyWhenSafe = async (event: DurableEvent, write: Commit): Promise<Submitted> => {
    const turn: Turn = { outcome: null, bug: null, isThrough: null };
    try {
      await write(event, () => take(turn, event));
    } catch {
      return NOT_DURABLE;
    }
    if (turn.bug) throw turn.bug.error;
    await turn.isThrough;
    return turn.outcome?.answer ?? NOT_DURABLE;
  };
  /** A bug is the submitter's to hear, not the disk's; what the world took in before it stays taken. */
  const take = (turn: Turn, event: DurableEvent): boolean => {
    const { joined } = world.line;
    try {
      turn.outcome = step(world, event);
      if (world.line.joined > joined) turn.isThrough = rest.through();
      rest.goOn();
      tell(turn.outcome, event);
    } catch (error) {
      turn.bug = { error };
    }
    return turn.outcome?.answer.ok ?? false;
  };
  /** What is refused already is not written. It is asked again when its turn comes. */
  const applyDurable = async (event: DurableEvent, write: Commit): Promise<Submitted> =>
    refusalOf(world, event) ?? (await applyWhenSafe(event, write));
  /** Sweeps come four times a second, so if nothing came for long, nobody could be heard (RULES 25). */
  const noteTime = (to: number): void => {
    const from = lastAt;
    lastAt = from === Infinity ? to : Math.max(from, to);
    if (to - from > GAP_AFTER_MS) void apply({ type: 'gap', from, at: to });
  };
  function submit(event: VolatileEvent): Answer | Promise<Answer>;
  function submit(event: Event): Submitted | Promise<Submitted>;
  function submit(event: Event): Submitted | Promise<Submitted> {
    noteTime(event.at);
    return commit && isDurable(event) ? applyDurable(event, commit) : apply(event);
  }
  return submit;
}

interface Turn {
  outcome: Outcome | null;
  bug: { error: unknown } | null;
  /** Null: nothing of it waits in line. */
  isThrough: Promise<void> | null;
}

interface Rest {
  /** Has it swept in the next turn, if there is any. */
  goOn: () => void;
  /** Resolves once every flip that waits in line now is through, and was told of. */
  through: () => Promise<void>;
  /** To be called when those that are through were told of. */
  answer: () => void;
}

/** What one event had no room for: a part a turn, so that viewers and beats come in between. */
function createRest(world: World, soon: (run: () => void) => void, sweep: () => void): Rest {
  let isNextDue = false;
  const owed: { passed: number; answer: () => void }[] = [];
  return {
    goOn: () => {
      if (isNextDue || !isBehind(world)) return;
      isNextDue = true;
      soon(() => {
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
