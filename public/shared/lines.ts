// A bot's shards for reading: state by state, worst first, and within a state cluster by cluster.
import { shownStates, sinceOf } from './counts.js';
import { groupsOf, type ShardGroup } from './groups.js';
import { earliest, shownRanges, worstFirst } from './section.js';
import { nameOf, ONLINE, STOPPED, type ShownName, type State } from './states.js';
import type { Voice } from './voice.js';
import type { BotView } from './wire.js';

const MOST_LINES = 300; // per state

export interface ShardLine {
  /** "" where no cluster is known. */
  cluster: string;
  /** "0–15, 32" */
  shards: string;
  /** "since 14:02 (2 minutes)", of the shard that was the first; when it was stopped; "" where unknown. */
  since: string;
}

export interface StateLines {
  state: ShownName;
  n: number;
  lines: ShardLine[];
  /** "and 12 more", or "". */
  more: string;
}

/** States without shards are left out. */
export function linesByState(bot: BotView, voice: Voice, now: number): StateLines[] {
  const groups = groupsOf(bot);
  const shown = shownStates(bot);
  return [...worstFirst, ONLINE].flatMap((state) => {
    const parts = groups.map((group) => inState(group, state, shown)).filter(({ ids }) => ids.length > 0);
    const n = parts.reduce((sum, { ids }) => sum + ids.length, 0);
    const rest = parts.slice(MOST_LINES).reduce((sum, { ids }) => sum + ids.length, 0);
    const lines = parts.slice(0, MOST_LINES).map((part) => line(part, state, bot, voice, now));
    const more = rest > 0 ? voice.say('bot.more', { n: rest }) : '';
    return n === 0 ? [] : [{ state: nameOf(state), n, lines, more }];
  });
}

const inState = ({ name, ids }: ShardGroup, state: State, shown: string): ShardGroup => ({
  name,
  ids: ids.filter((id) => Number(shown[id]) === state),
});

function line({ name, ids }: ShardGroup, state: State, bot: BotView, voice: Voice, now: number): ShardLine {
  const sinces = ids.flatMap((id) => sinceOf(bot.notReady, id) ?? []);
  const first = sinces.length > 0 ? earliest(sinces) : undefined;
  const since = first === undefined ? '' : sinceText(state, first, voice, now);
  return { cluster: name ?? '', shards: shownRanges(ids, voice), since };
}

function sinceText(state: State, at: number, voice: Voice, now: number): string {
  const since = voice.clock(at, now);
  if (state === STOPPED) return voice.say('grid.stopped', { since });
  return voice.say('grid.since', { since, duration: voice.duration(now - at) });
}
