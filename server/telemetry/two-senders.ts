// A listener: tells the operator when two processes report under one identity.
import type { Applied } from '../core/step.js';

/** `log` takes one line. */
export const twoSenderNotes =
  (log: (line: string) => void) =>
  ({ facts }: Applied): void => {
    for (const fact of facts)
      if (fact.type === 'two-senders')
        log(
          `two senders report as ${JSON.stringify(fact.identity)}, so each overwrites what the other says. ` +
            'Give each process its own identity, or a state folder of its own.',
        );
  };
