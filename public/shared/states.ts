// The seven states a shard can be in, their order on the wire, and the five groups in which people see them.

export const stateNames = [
  'unknown',
  'unhealthy',
  'offline',
  'online',
  'starting',
  'stopping',
  'resuming',
] as const;

export type StateName = (typeof stateNames)[number];

/** A state as a number, 0 to 6: the index into `stateNames`, and the character on the wire. */
export type State = number;

export const UNKNOWN = 0;
export const UNHEALTHY = 1;
export const OFFLINE = 2;
export const ONLINE = 3;
export const STARTING = 4;
export const STOPPING = 5;
export const RESUMING = 6;

export type Group = 'up' | 'changing' | 'degraded' | 'down' | 'unknown';

/** The group of each state, by state number. Groups differ in colour, states within a group by glyph. */
export const groupOf: readonly Group[] = [
  'unknown',
  'degraded',
  'down',
  'up',
  'changing',
  'changing',
  'changing',
];

export const isState = (value: number): boolean => stateNames[value] !== undefined;

/** The state a name or a number stands for; undefined for anything else. Names are lower case. */
export function stateOf(value: unknown): State | undefined {
  const state = typeof value === 'number' ? value : stateNames.indexOf(value as StateName);
  return isState(state) ? state : undefined;
}

/** A name for a state number that is known to be in range. */
export const nameOf = (state: State): StateName => stateNames[state]!;

/** Not working: what the verdict, "affected" and incidents count. Changing shards are on their way back. */
export const isNotWorking = (state: State): boolean => state === OFFLINE || state === UNHEALTHY;

/** Not ready: known to be something else than Online. */
export const isNotReady = (state: State): boolean => state !== ONLINE && state !== UNKNOWN;
