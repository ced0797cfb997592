// What durable events must leave behind, worked out from the answers alone: it shares no code with the server.

export type Op =
  | { what: 'register'; identity: string; fleet: string; bot: string; lease: string | null }
  | { what: 'release' | 'prune' | 'forget'; identity: string }
  | { what: 'assign'; identity: string; bot: string | null }
  | { what: 'ban'; glob: string; banned: boolean }
  | { what: 'set-bot'; bot: string; name: string | null; shardCount: number | null };

/** As it was told. */
export interface Told {
  ok: boolean;
  number?: number;
  why?: string;
}

export interface ClusterFacts {
  fleet: string;
  /** By fleet. */
  numbers: Record<string, number>;
  /** Null: not known here, as over HTTP only a hash of it is kept. */
  lease: string | null;
  bot: string;
  assigned: string | null;
}

export interface BotFacts {
  name: string | null;
  shardCount: number | null;
}

export interface Facts {
  clusters: Map<string, ClusterFacts>;
  /** Of which an operator said something. */
  bots: Map<string, BotFacts>;
  banned: Map<string, true>;
}

type Room = keyof Facts;
type Subject = [room: Room, key: string];
type Fact = ClusterFacts | BotFacts | true;

export const noFacts = (): Facts => ({ clusters: new Map(), bots: new Map(), banned: new Map() });

/** What an event is about: nothing else may change by it. */
export function subjectOf(op: Op): Subject {
  if (op.what === 'set-bot') return ['bots', op.bot];
  return op.what === 'ban' ? ['banned', op.glob] : ['clusters', op.identity];
}

/** The subject after an event that was taken; absent: it is not there any more. */
function after(op: Op, facts: Facts, number: number): Fact | undefined {
  if (op.what === 'set-bot') {
    const { name, shardCount } = op;
    return name === null && shardCount === null ? undefined : { name, shardCount };
  }
  if (op.what === 'ban') return op.banned || undefined;
  const known = facts.clusters.get(op.identity);
  switch (op.what) {
    case 'register': {
      const { fleet, bot, lease } = op;
      const numbers = { ...known?.numbers, [fleet]: known?.numbers[fleet] ?? number };
      return { fleet, numbers, lease, bot, assigned: known?.assigned ?? null };
    }
    case 'release':
      return known && { ...known, lease: known.lease === null ? null : '' };
    case 'assign':
      return known && { ...known, assigned: op.bot };
    case 'prune':
    case 'forget':
      return undefined;
  }
}

/** All that was told over the lives of one journal, and what it means. */
export class Model {
  readonly facts = noFacts();
  readonly wrongs: string[] = [];
  /** By what was done. */
  readonly acknowledged = new Map<Op['what'], number>();
  acknowledgements = 0;
  /** Who holds a number, or held it: an identity that was forgotten and comes again is another. */
  readonly #given = new Map<string, string>();
  readonly #comings = new Map<string, number>();
  /** Asked, and not answered yet; after a death, one may have come about or not. */
  readonly #open = new Set<Op>();

  asks(op: Op): void {
    this.#open.add(op);
  }

  /** Null: nobody was told, because the process died. */
  note(op: Op, told: Told | null): void {
    if (told === null) return;
    this.#open.delete(op);
    this.acknowledgements++;
    this.acknowledged.set(op.what, (this.acknowledged.get(op.what) ?? 0) + 1);
    const isRight = this.#mayBe(op, told);
    if (!isRight) this.wrongs.push(`${JSON.stringify(op)} was answered ${JSON.stringify(told)}`);
    if (told.ok) this.#put(op, after(op, this.facts, told.number ?? NaN));
  }

  /** What is on disk must be what was told; of what was asked and not answered, either. */
  compare(found: Facts): void {
    const maybe = new Map<string, Op>();
    for (const op of this.#open) maybe.set(subjectOf(op).join(' '), op);
    this.#open.clear();
    for (const room of ['clusters', 'bots', 'banned'] as const)
      for (const key of new Set([...this.facts[room].keys(), ...found[room].keys()]))
        this.#compareOne([room, key], found, maybe.get(`${room} ${key}`));
  }

  #compareOne([room, key]: Subject, found: Facts, op: Op | undefined): void {
    const here = found[room].get(key);
    const expected = this.facts[room].get(key);
    if (isSame(here, expected)) return;
    const number =
      op?.what === 'register' ? ((here as ClusterFacts | undefined)?.numbers[op.fleet] ?? NaN) : NaN;
    if (op && isSame(here, after(op, this.facts, number))) return this.#put(op, here);
    this.wrongs.push(
      `${room} ${key}: ${JSON.stringify(expected)} was told, ${JSON.stringify(here)} is on disk` +
        (op ? `, though ${JSON.stringify(op)} was not answered` : ''),
    );
  }

  #put(op: Op, next: Fact | undefined): void {
    const [room, key] = subjectOf(op);
    const facts: Map<string, unknown> = this.facts[room];
    const former = facts.get(key);
    if (next === undefined) facts.delete(key);
    else facts.set(key, next);
    if (room !== 'clusters' || next === undefined) return;
    if (former === undefined) this.#comings.set(key, (this.#comings.get(key) ?? 0) + 1);
    const holder = `${key}, coming ${this.#comings.get(key)}`;
    for (const [fleet, number] of Object.entries((next as ClusterFacts).numbers)) {
      const given = this.#given.get(`${fleet} #${number}`) ?? holder;
      if (given !== holder) this.wrongs.push(`${fleet} #${number} was given to ${given} and to ${holder}`);
      this.#given.set(`${fleet} #${number}`, holder);
    }
  }

  /** Whether that answer is possible. */
  #mayBe(op: Op, { ok, number }: Told): boolean {
    switch (op.what) {
      case 'register': {
        const known = this.facts.clusters.get(op.identity)?.numbers[op.fleet];
        if (!ok) return this.facts.banned.has(op.identity);
        return !this.facts.banned.has(op.identity) && number !== undefined && number === (known ?? number);
      }
      case 'release':
      case 'assign':
        return ok === (this.facts.clusters.get(op.identity) !== undefined);
      case 'ban':
        return ok === (op.banned || this.facts.banned.has(op.glob));
      case 'forget': // who is banned cannot say goodbye, so it is up for as long as its lease
        return ok ? this.facts.clusters.get(op.identity) !== undefined : this.#mayBeUp(op.identity);
      case 'prune':
      case 'set-bot':
        return ok;
    }
  }

  #mayBeUp(identity: string): boolean {
    return this.facts.clusters.get(identity) === undefined || this.facts.banned.has(identity);
  }
}

const isSame = (a: unknown, b: unknown): boolean => sorted(a) === sorted(b);

const sorted = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
