// A listener: tells the operator when two processes report under one identity.
import type { Change } from '../core/change.js';

/** `log` takes one line. */
export const twoSenderNotes =
  (log: (line: string) => void) =>
  (changes: Change[]): void => {
    for (const change of changes)
      if (change.type === 'two-senders')
        log(
          `two senders report as ${JSON.stringify(change.cluster.identity)}, so each overwrites what the other says. ` +
            'Give each process its own identity, or a state folder of its own.',
        );
  };
