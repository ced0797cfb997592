// What is known of a scope: rows by key, and what a frame of the socket makes of them.
import type {
  OperatorFrame,
  ScopeRow,
  RowKey,
  RowKind,
  ScopeRows,
  RowTypes,
  Scope,
  SingleKind,
} from '../shared/operator-wire.js';

export type RowMap = ReadonlyMap<RowKey, ScopeRow>;

export interface ScopeState {
  scope: Scope;
  v: number;
  /** "" until a snapshot came. */
  e: string;
  /** The server's time of the latest frame; 0 before the first. */
  at: number;
  rows: RowMap;
  status: 'loading' | 'loaded' | 'missing';
}

export const emptyScope = (scope: Scope): ScopeState => ({
  scope,
  v: 0,
  e: '',
  at: 0,
  rows: new Map(),
  status: 'loading',
});

const OPERATIONS = ['snapshot', 'patch', 'alive', 'missing'];

/** Null for what is no frame. Our own server wrote it: the operation is checked, the rest is trusted. */
export function readFrame(data: unknown): OperatorFrame | null {
  try {
    const frame = JSON.parse(String(data)) as OperatorFrame;
    return OPERATIONS.includes(frame.op) ? frame : null;
  } catch {
    return null;
  }
}

/** The state after a frame, or `gap` when a patch is missing in between. Frames of a scope that was left change nothing. */
export function applyFrame(state: ScopeState, frame: OperatorFrame): ScopeState | 'gap' {
  if (frame.op === 'alive') return { ...state, at: frame.at };
  if (frame.scope !== state.scope) return state;
  switch (frame.op) {
    case 'snapshot':
      return { ...state, v: frame.v, e: frame.e, at: frame.at, rows: mapOf(frame.rows), status: 'loaded' };
    case 'missing':
      return { ...emptyScope(state.scope), at: frame.at, status: 'missing' };
    case 'patch':
      if (state.status !== 'loaded' || frame.v <= state.v) return state;
      if (frame.v !== state.v + 1) return 'gap';
      return {
        ...state,
        ...{ v: frame.v, e: frame.e ?? state.e, at: frame.at },
        rows: patched(state.rows, frame.put, frame.gone),
      };
  }
}

const mapOf = (rows: ScopeRows): RowMap => new Map(Object.entries(rows) as [RowKey, ScopeRow][]);

function patched(rows: RowMap, put: ScopeRows = {}, gone: readonly RowKey[] = []): RowMap {
  const next = new Map(rows);
  for (const key of gone) next.delete(key);
  for (const [key, row] of Object.entries(put) as [RowKey, ScopeRow][]) next.set(key, row);
  return next;
}

/** The rows of a kind with the rest of their key, in no order that means something. */
export function entriesOf<Kind extends RowKind>(
  rows: RowMap,
  kind: Kind,
): [rest: string, row: RowTypes[Kind]][] {
  const start = `${kind}/`;
  const found: [string, RowTypes[Kind]][] = [];
  for (const [key, row] of rows)
    if (key.startsWith(start)) found.push([key.slice(start.length), row as RowTypes[Kind]]);
  return found;
}

export const listOf = <Kind extends RowKind>(rows: RowMap, kind: Kind): RowTypes[Kind][] =>
  entriesOf(rows, kind).map(([, row]) => row);

/** The row of a kind of which there is one. */
export const theOne = <Kind extends SingleKind>(rows: RowMap, kind: Kind): RowTypes[Kind] | undefined =>
  rows.get(kind) as RowTypes[Kind] | undefined;

/** Flips, the latest first. */
export const flipsOf = (rows: RowMap): RowTypes['flip'][] =>
  entriesOf(rows, 'flip')
    .sort(([a], [b]) => Number(b) - Number(a))
    .map(([, flip]) => flip);

/** Points, the oldest first. */
export const pointsOf = (rows: RowMap): { at: number; values: number[] }[] =>
  entriesOf(rows, 'point')
    .map(([at, values]) => ({ at: Number(at), values }))
    .sort((a, b) => a.at - b.at);

/** The states of all shards of a bot as one text, a character a shard. */
export function stripOf(rows: RowMap, bot: string): string {
  const parts = entriesOf(rows, 'strip').flatMap(([rest, states]): [number, string][] => {
    const slash = rest.lastIndexOf('/');
    return rest.slice(0, slash) === bot ? [[Number(rest.slice(slash + 1)), states]] : [];
  });
  return parts
    .sort(([a], [b]) => a - b)
    .map(([, states]) => states)
    .join('');
}
