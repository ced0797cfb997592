// Shards of one bot said in columns: which, in what state, since when. Neighbours are mostly alike, so a column is a few runs.
import { formatRanges, readRanges } from './ranges.js';
import { isNotReady, type State } from './states.js';

/** A shard as it is shown, 7 for stopped on purpose. `since` counts where it is not ready. */
export interface Said {
  state: State;
  since: number;
}

export interface ShardColumns {
  /** "0-15,32", ascending. */
  ids: string;
  /** A digit a shard; "*15 " after one: so many of it. */
  states: string;
  /** Of each shard that is neither Online nor Unknown, how many ms later than the one before, the first than the frame's `at`. "0*15": 15 at once. */
  since?: string;
}

/** Below so many characters of ids nothing shorter is looked for. */
const SHORT_IDS = 128;
/** Of fewer shards than a fourth, saying the others too is never shorter. */
const SPARSE = 4;

/** Says these shards; those between them as well, as they are, where a list of which would be longer. */
export function writeColumns(ids: readonly number[], said: (id: number) => Said, at: number): ShardColumns {
  const sorted = [...ids].sort((a, b) => a - b);
  const listed = columnsOf(sorted, said, at);
  const [first, last] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  if (listed.ids.length < SHORT_IDS || sorted.length * SPARSE < last - first) return listed;
  const all = columnsOf(
    Array.from({ length: last - first + 1 }, (_, i) => first + i),
    said,
    at,
  );
  return lengthOf(all) < lengthOf(listed) ? all : listed;
}

const lengthOf = ({ ids, states, since = '' }: ShardColumns): number =>
  ids.length + states.length + since.length;

function columnsOf(ids: number[], said: (id: number) => Said, at: number): ShardColumns {
  let states = '';
  let state = -1;
  let times = 0;
  const sayState = (): void => {
    if (times > 0) states += times > 2 ? `${state}*${times} ` : `${state}`.repeat(times);
  };
  const since: string[] = [];
  let before = at;
  let step = 0;
  let steps = 0;
  const saySince = (): void => {
    if (steps > 0) since.push(steps > 1 ? `${step}*${steps}` : `${step}`);
  };
  for (const id of ids) {
    const one = said(id);
    if (one.state !== state) {
      sayState();
      state = one.state;
      times = 0;
    }
    times++;
    if (!isNotReady(state)) continue;
    if (one.since - before !== step) {
      saySince();
      step = one.since - before;
      steps = 0;
    }
    steps++;
    before = one.since;
  }
  sayState();
  saySince();
  return { ids: formatRanges(ids), states, ...(since.length > 0 ? { since: since.join(' ') } : {}) };
}

/** Written by our server: trusted to be well-formed. `since` is undefined for Online and Unknown. */
export function* readColumns(
  { ids, states, since = '' }: ShardColumns,
  at: number,
): Generator<[id: number, state: State, since: number | undefined]> {
  const digits = states.replace(/(.)\*(\d+) /g, (_, digit: string, times: number) => digit.repeat(times));
  const steps = since
    .replace(/(\S+)\*(\d+)/g, (_, step: string, times: number) => `${step} `.repeat(times))
    .split(/ +/);
  let before = at;
  let read = 0;
  let stepped = 0;
  for (const id of readRanges(ids)) {
    const state = Number(digits[read++]);
    const isTimed = isNotReady(state);
    if (isTimed) before += Number(steps[stepped++]);
    yield [id, state, isTimed ? before : undefined];
  }
}
