// Holds the world and has one door, `submit`: durable events reach the disk first, then rules, then listeners in order.
import type { Answer, Change } from './core/change.js';
import { isDurable, type DurableEvent, type Event, type VolatileEvent } from './core/event.js';
import { step } from './core/step.js';
import type { World } from './core/world.js';

/** Notes what changed, and does not wait. */
export type Listener = (changes: Change[], event: Event) => void;

/** Resolves once the event is safe. Rejects, having said why in the log, when it is not: then nothing is applied. */
export type Commit = (event: DurableEvent) => Promise<void>;

/** The answer when a durable event could not be made safe. */
export type Submitted = Answer | { ok: false; reason: 'not-durable'; error: string };

/** The one door. Only what is durable can be kept waiting, or fail to become safe. */
export interface Submit {
  (event: VolatileEvent): Answer;
  (event: Event): Submitted | Promise<Submitted>;
}

/** `listeners` are told in their order, within the same turn. Without `commit` the state file is the only record. */
export function createEngine(world: World, listeners: Listener[], commit?: Commit): Submit {
  const apply = (event: Event): Answer => {
    const { answer, changes } = step(world, event);
    if (changes.length > 0) for (const listener of listeners) listener(changes, event);
    return answer;
  };
  const applyDurable = async (event: DurableEvent, save: Commit): Promise<Submitted> => {
    try {
      await save(event);
    } catch {
      return {
        ok: false,
        reason: 'not-durable',
        error: 'this could not be written to disk; please try again',
      };
    }
    return apply(event);
  };
  function submit(event: VolatileEvent): Answer;
  function submit(event: Event): Submitted | Promise<Submitted>;
  function submit(event: Event): Submitted | Promise<Submitted> {
    return commit && isDurable(event) ? applyDurable(event, commit) : apply(event);
  }
  return submit;
}
