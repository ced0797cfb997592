// Characters that turn the direction of what follows: in a name they would turn around what stands beside it, as its own "#1".

const TURNS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A name as it is shown. What it is looked up by stays as it was said. */
export const withoutTurns = (name: string): string => name.replace(TURNS, '');
