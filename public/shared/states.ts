// The seven states a shard can be said to be in, their order on the wire, the eighth that people see, and the groups they see.

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

/**
 * What a shard can be shown as: `stopped` is what becomes of a Stopping, so nobody says it. The public wire has such a
 * shard as Offline and lists it as planned.
 */
export const shownNames = [...stateNames, 'stopped'] as const;

export type ShownName = (typeof shownNames)[number];

/** A state as a number, 0 to 7: the index into `shownNames`. 0 to 6 are what can be said, and the characters on the wire. */
export type State = number;

export const UNKNOWN = 0;
export const UNHEALTHY = 1;
export const OFFLINE = 2;
export const ONLINE = 3;
export const STARTING = 4;
export const STOPPING = 5;
export const RESUMING = 6;
/** Stopped on purpose. */
export const STOPPED = 7;

/** `stopped` is no trouble: it stands after all that is wrong. */
export const groupsWorstFirst = ['down', 'degraded', 'changing', 'unknown', 'stopped', 'up'] as const;
export type Group = (typeof groupsWorstFirst)[number];

/** The group of each state, by state number. Groups differ in colour, states within a group by glyph. */
export const groupOf: readonly Group[] = [
  'unknown',
  'degraded',
  'down',
  'up',
  'changing',
  'changing',
  'changing',
  'stopped',
];

/** Whether it is a state that can be said. */
export const isState = (value: number): boolean => stateNames[value] !== undefined;

/** The state a name or a number stands for; undefined for anything else. Names are lower case. */
export function stateOf(value: unknown): State | undefined {
  const state = typeof value === 'number' ? value : stateNames.indexOf(value as StateName);
  return isState(state) ? state : undefined;
}

/** A name for a state number that is known to be in range. */
export const nameOf = (state: State): ShownName => shownNames[state]!;

/** The number of a state that is shown; undefined for anything else. */
export function shownOf(name: string | undefined): State | undefined {
  const state = shownNames.indexOf(name as ShownName);
  return state < 0 ? undefined : state;
}

/** As the public wire has it: stopped on purpose is a kind of Offline. */
export const wireState = (state: State): State => (state === STOPPED ? OFFLINE : state);
export const wireName = (state: State): StateName => stateNames[wireState(state)]!;

/** Not working: what the verdict, "affected" and incidents count. Changing shards are on their way back; stopped ones are meant to be. */
export const isNotWorking = (state: State): boolean => state === OFFLINE || state === UNHEALTHY;

/** Not ready: known to be something else than Online. */
export const isNotReady = (state: State): boolean => state !== ONLINE && state !== UNKNOWN;
