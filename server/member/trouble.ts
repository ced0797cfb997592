// What a member says in the bot's log when the status page does not take its reports: what it is and what to do, never in a flood.
import type { Reply } from './post.js';

export interface TroubleNotes {
  tell: (reply: Reply) => void;
  /** Reports arrive again. */
  over: () => void;
}

const SAY_AGAIN_AFTER_MS = 60_000;

/** Refusals that end only when somebody does something about them: these are repeated. */
const REFUSALS: Record<number, string> = {
  400: 'the status page does not understand the reports. Check the options of the member; the bot must be one that the page knows',
  401: 'the status page refuses the token. Set the token option to its SHARDLIGHT_INGEST_TOKEN or SHARDLIGHT_TOKEN',
  403: 'the status page does not take this bot. Its operator can allow it: SHARDLIGHT_MAX_CLUSTERS and SHARDLIGHT_BOTS set the limits, and SHARDLIGHT_BOT_TOKENS says which token is whose',
  409: 'another process reports under this identity. Give each process its own identity or stateDir, or let an operator release the lease',
  429: 'the status page gets too many reports from here. Check that no two processes share an identity',
};

/** A refusal is said once a minute while it lasts, anything else once, until it is another or over. */
export function createTroubleNotes(note: (line: string) => void, now: () => number): TroubleNotes {
  let last: string | null = null;
  let saidAt = -Infinity;
  return {
    tell: (reply) => {
      const refusal = REFUSALS[reply.status];
      const line = `${refusal ?? 'reports do not arrive'} (${answerOf(reply)})`;
      // The words of an answer may change each time, as "try again in 3 s" does.
      const trouble = refusal === undefined ? line : `${reply.status}`;
      const isDue = refusal !== undefined && now() - saidAt >= SAY_AGAIN_AFTER_MS;
      if (trouble === last && !isDue) return;
      last = trouble;
      saidAt = now();
      note(`shardlight: ${line}. The bot is not affected, and the member keeps trying`);
    },
    over: () => {
      if (last !== null) note('shardlight: reports arrive again');
      last = null;
    },
  };
}

/** "401 unauthorized", or why nobody answered. */
const answerOf = ({ status, text }: Reply): string =>
  `${status === 0 ? '' : `${status} `}${wordsOf(text.trim())}`.trim();

/** Shardlight answers `{"error":"…"}`; a proxy in front of it answers anything. */
function wordsOf(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    return typeof error === 'string' ? error : text;
  } catch {
    return text; // no JSON: it is shown as it came
  }
}
