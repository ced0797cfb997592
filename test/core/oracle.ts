// RULES 1–6, 22, 25 and 35 told again, naively and from scratch: nothing here is kept but what holders said. The core must agree.
import type { ShownName, StateName } from '../../public/shared/states.js';
import type { Happening } from './happenings.js';
import { LEASE, type Said } from './scene.js';

interface Claim {
  state: StateName;
  since: number;
  seenAt: number;
  /** When it had lapsed before a gap. */
  lapsedAt?: number;
  /** Not heard since a gap that was longer than its lease. */
  isDoubtful?: boolean;
  /** Since when it speaks for the shard without a break. */
  heldFrom: number;
}

interface Holder {
  /** Null for the anonymous ones. */
  name: string | null;
  number: number;
  claims: Map<number, Claim>;
  seenAt: number;
  /** It said goodbye, or was silent for too long before a gap, and was not heard since. */
  isGone: boolean;
  isLeased: boolean;
}

/** What a shard shows. */
export interface Shown {
  state: ShownName;
  cluster: string | null;
}

interface Stance {
  state: ShownName;
  since: number;
  rank: number;
}

type Candidate = Stance & { holder: Holder; firstWord: number };

/** No leased cluster that is up claims it so. */
const NOT_PROTECTED = Infinity;
/** It does, and hands over. */
const STOPPING = Number.MAX_VALUE;

/** The one that counts first: of those under their lease the one that was there first. */
const compare = (a: Candidate, b: Candidate): number => {
  if (a.firstWord !== b.firstWord) return a.firstWord < b.firstWord ? -1 : 1;
  return b.rank - a.rank || b.since - a.since || b.holder.number - a.holder.number;
};

const anonymous = (): Holder => ({
  name: null,
  number: 0,
  claims: new Map(),
  seenAt: 0,
  isGone: false,
  isLeased: false,
});

/** One configured bot; clusters of one fleet. */
export class Oracle {
  #holders = new Map<string, Holder>([
    ['glance', anonymous()],
    ['batch', anonymous()],
  ]);

  readonly #requireLease: boolean;

  #lastNumber = 0;
  /** When the last gap ended. */
  #gapEnd = 0;

  constructor(requireLease = false) {
    this.#requireLease = requireLease;
  }

  hear(happening: Happening, at: number): void {
    switch (happening.happens) {
      case 'glance':
        return this.#say('glance', happening.shard, happening.state, at);
      case 'ping':
        return this.#ping(happening.shard, at);
      case 'batch':
        return this.#sayAll('batch', happening.said, at);
      case 'register':
        return this.#register(happening.identity, at);
      case 'beat':
        return this.#beat(happening.identity, happening.said, at);
      case 'shards':
        return this.#someShards(happening.identity, happening.said, at);
      case 'oversize':
        return this.#beat(happening.identity, null, at);
      case 'goodbye':
        return this.#goodbye(happening.identity, at);
      case 'prune':
        return void this.#holders.delete(happening.identity);
      case 'release': {
        const holder = this.#holders.get(happening.identity);
        if (holder) holder.isLeased = false;
        return;
      }
      case 'forget': // the oracle's histories have no operator
      case 'set-bot':
      case 'assign':
      case 'wait':
        return;
      case 'gap':
        return this.#gap(at - happening.ms, at);
    }
  }

  /** A function of the claims, the leases and now. Several where the rules leave a tie: two anonymous holders, the same since. */
  allowed(shard: number, at: number): Shown[] {
    const candidates = [...this.#holders.values()].flatMap((holder) => {
      const claim = holder.claims.get(shard);
      return claim
        ? [{ ...this.#stanceOf(claim, at), holder, firstWord: this.#firstWord(holder, claim, at) }]
        : [];
    });
    const [best] = candidates.sort(compare);
    if (!best) return [{ state: 'unknown', cluster: null }];
    const tied = candidates.filter((candidate) => compare(candidate, best) === 0);
    return tied.map(({ state, holder }) => ({ state, cluster: holder.name }));
  }

  #silentAt({ seenAt }: { seenAt: number }): number {
    return Math.max(seenAt, this.#gapEnd) + LEASE;
  }

  #isUp(holder: Holder, at: number): boolean {
    return !holder.isGone && at <= this.#silentAt(holder);
  }

  #firstWord(holder: Holder, claim: Claim, at: number): number {
    const isKept = !this.#isOver(claim, at) && claim.lapsedAt === undefined;
    const isProtected = this.#requireLease && holder.isLeased && isKept && this.#isUp(holder, at);
    if (!isProtected) return NOT_PROTECTED;
    return claim.state === 'stopping' ? STOPPING : claim.heldFrom;
  }

  /** A sign of life of a cluster; one that was away is a newcomer for all that it claims. */
  #hearCluster(holder: Holder, at: number): void {
    if (!this.#isUp(holder, at)) for (const claim of holder.claims.values()) claim.heldFrom = at;
    holder.seenAt = at;
    holder.isGone = false;
  }

  #isOver(claim: Claim, at: number): boolean {
    return at > this.#silentAt(claim) || (claim.lapsedAt !== undefined && !claim.isDoubtful);
  }

  #gap(from: number, to: number): void {
    for (const holder of this.#holders.values()) {
      if (!this.#isUp(holder, from)) holder.isGone = true;
      for (const claim of holder.claims.values()) {
        if (this.#isOver(claim, from)) {
          claim.lapsedAt ??= this.#silentAt(claim);
          claim.isDoubtful = false;
        }
        if (to - from > LEASE) claim.isDoubtful = true;
      }
    }
    this.#gapEnd = to;
  }

  /** As a sign of life finds it: whether it is news that the holder is there. */
  #isNews(claim: Claim, at: number): boolean {
    return this.#isOver(claim, at) || claim.lapsedAt !== undefined;
  }

  #revive(claim: Claim, at: number): void {
    if (this.#isNews(claim, at)) claim.heldFrom = at;
    if (this.#isNews(claim, at) && claim.state !== 'offline') claim.since = at;
    claim.seenAt = at;
    delete claim.lapsedAt;
    delete claim.isDoubtful;
  }

  #stanceOf(claim: Claim, at: number): Stance {
    const { state, since, lapsedAt, isDoubtful } = claim;
    const weight = state === 'online' ? 2 : state === 'stopping' ? 0 : 1;
    if (this.#isOver(claim, at)) {
      if (state === 'offline') return { state, since, rank: 0 };
      return {
        state: state === 'stopping' ? 'stopped' : 'unhealthy',
        since: lapsedAt ?? this.#silentAt(claim),
        rank: 0,
      };
    }
    if (!isDoubtful) return { state, since, rank: 5 + weight };
    const known = state === 'offline' ? state : 'unknown';
    if (lapsedAt === undefined) return { state: known, since, rank: 2 + weight };
    if (state === 'offline') return { state, since, rank: 1 };
    return { state: state === 'stopping' ? 'stopped' : 'unknown', since: lapsedAt, rank: 1 };
  }

  #register(identity: string, at: number): void {
    const known = this.#holders.get(identity);
    if (known) {
      this.#hearCluster(known, at);
      if (!known.isLeased) for (const claim of known.claims.values()) claim.heldFrom = at;
      known.isLeased = true;
      return;
    }
    const number = ++this.#lastNumber;
    this.#holders.set(identity, {
      ...anonymous(),
      name: `asia #${number}`,
      number,
      seenAt: at,
      isLeased: true,
    });
  }

  #beat(identity: string, said: Said | null, at: number): void {
    const holder = this.#holders.get(identity);
    if (!holder) return;
    this.#hearCluster(holder, at);
    if (said === null) return void [...holder.claims.values()].forEach((claim) => this.#revive(claim, at));
    this.#sayAll(identity, said, at);
    for (const shard of [...holder.claims.keys()]) if (!(shard in said)) holder.claims.delete(shard);
  }

  /** Some, and a sign of life for the others. */
  #someShards(identity: string, said: Said, at: number): void {
    const holder = this.#holders.get(identity);
    if (!holder) return;
    this.#hearCluster(holder, at);
    for (const [shard, claim] of holder.claims) if (!(shard in said)) this.#revive(claim, at);
    this.#sayAll(identity, said, at);
  }

  /** It stops, all but what it said is Offline. */
  #goodbye(identity: string, at: number): void {
    const holder = this.#holders.get(identity);
    if (holder) {
      holder.seenAt = at;
      holder.isGone = true;
    }
    for (const [shard, { state }] of holder?.claims ?? [])
      if (state !== 'offline') this.#say(identity, shard, 'stopping', at);
  }

  #sayAll(name: string, said: Said, at: number): void {
    for (const [shard, state] of Object.entries(said)) this.#say(name, Number(shard), state, at);
  }

  #say(name: string, shard: number, state: StateName, at: number): void {
    const { claims } = this.#holders.get(name)!;
    const claim = claims.get(shard);
    const goesOn = claim !== undefined && !this.#isNews(claim, at);
    const isSame = goesOn && claim.state === state;
    const isBreak = !goesOn || claim.state === 'stopping';
    const heldFrom = isBreak ? at : claim.heldFrom;
    claims.set(shard, { state, since: isSame ? claim.since : at, seenAt: at, heldFrom });
  }

  /** An Unhealthy shard becomes Online by a sign of life (Glance); a said Offline or Stopping stands. */
  #ping(shard: number, at: number): void {
    const claim = this.#holders.get('glance')!.claims.get(shard);
    if (!claim) return;
    const isUnhealthy = this.#isNews(claim, at)
      ? claim.state !== 'offline' && claim.state !== 'stopping'
      : claim.state === 'unhealthy';
    if (isUnhealthy) this.#say('glance', shard, 'online', at);
    else this.#revive(claim, at);
  }
}
