// RULES 1–6 and 25 told again, naively and from scratch: nothing here is kept but what holders said. The core must agree.
import type { ShownName, StateName } from '../../public/shared/states.js';
import type { Fact } from './facts.js';
import { LEASE, type Said } from './scene.js';

interface Claim {
  state: StateName;
  since: number;
  seenAt: number;
  /** When it had lapsed before a gap. */
  lapsedAt?: number;
  /** Not heard since a gap that was longer than its lease. */
  isDoubtful?: boolean;
}

interface Holder {
  /** Null for the anonymous ones. */
  name: string | null;
  number: number;
  claims: Map<number, Claim>;
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

type Candidate = Stance & { holder: Holder };

/** The one that counts first. */
const compare = (a: Candidate, b: Candidate): number =>
  b.rank - a.rank || b.since - a.since || b.holder.number - a.holder.number;

/** One configured bot; clusters of one fleet. */
export class Oracle {
  #holders = new Map<string, Holder>([
    ['glance', { name: null, number: 0, claims: new Map() }],
    ['batch', { name: null, number: 0, claims: new Map() }],
  ]);

  #lastNumber = 0;
  /** When the last gap ended. */
  #gapEnd = 0;

  hear(fact: Fact, at: number): void {
    switch (fact.fact) {
      case 'glance':
        return this.#say('glance', fact.shard, fact.state, at);
      case 'ping':
        return this.#ping(fact.shard, at);
      case 'batch':
        return this.#sayAll('batch', fact.said, at);
      case 'register':
        return this.#register(fact.identity);
      case 'beat':
        return this.#beat(fact.identity, fact.said, at);
      case 'shards':
        return this.#someShards(fact.identity, fact.said, at);
      case 'oversize':
        return this.#beat(fact.identity, null, at);
      case 'goodbye':
        return this.#goodbye(fact.identity, at);
      case 'prune':
        return void this.#holders.delete(fact.identity);
      case 'forget': // the oracle's histories have no operator
      case 'set-bot':
      case 'assign':
      case 'wait':
        return;
      case 'gap':
        return this.#gap(at - fact.ms, at);
    }
  }

  /** A function of the claims, the leases and now. Several where the rules leave a tie: two anonymous holders, the same since. */
  allowed(shard: number, at: number): Shown[] {
    const candidates = [...this.#holders.values()].flatMap((holder) => {
      const claim = holder.claims.get(shard);
      return claim ? [{ ...this.#stanceOf(claim, at), holder }] : [];
    });
    const [best] = candidates.sort(compare);
    if (!best) return [{ state: 'unknown', cluster: null }];
    const tied = candidates.filter((candidate) => compare(candidate, best) === 0);
    return tied.map(({ state, holder }) => ({ state, cluster: holder.name }));
  }

  #silentAt(claim: Claim): number {
    return Math.max(claim.seenAt, this.#gapEnd) + LEASE;
  }

  #isOver(claim: Claim, at: number): boolean {
    return at > this.#silentAt(claim) || (claim.lapsedAt !== undefined && !claim.isDoubtful);
  }

  #gap(from: number, to: number): void {
    for (const { claims } of this.#holders.values())
      for (const claim of claims.values()) {
        if (this.#isOver(claim, from)) {
          claim.lapsedAt ??= this.#silentAt(claim);
          claim.isDoubtful = false;
        }
        if (to - from > LEASE) claim.isDoubtful = true;
      }
    this.#gapEnd = to;
  }

  /** As a sign of life finds it: whether it is news that the holder is there. */
  #isNews(claim: Claim, at: number): boolean {
    return this.#isOver(claim, at) || claim.lapsedAt !== undefined;
  }

  #revive(claim: Claim, at: number): void {
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

  #register(identity: string): void {
    if (this.#holders.has(identity)) return;
    const number = ++this.#lastNumber;
    this.#holders.set(identity, { name: `asia #${number}`, number, claims: new Map() });
  }

  #beat(identity: string, said: Said | null, at: number): void {
    const holder = this.#holders.get(identity);
    if (!holder) return;
    if (said === null) return void [...holder.claims.values()].forEach((claim) => this.#revive(claim, at));
    this.#sayAll(identity, said, at);
    for (const shard of [...holder.claims.keys()]) if (!(shard in said)) holder.claims.delete(shard);
  }

  /** Some, and a sign of life for the others. */
  #someShards(identity: string, said: Said, at: number): void {
    const holder = this.#holders.get(identity);
    if (!holder) return;
    for (const [shard, claim] of holder.claims) if (!(shard in said)) this.#revive(claim, at);
    this.#sayAll(identity, said, at);
  }

  /** It stops, all but what it said is Offline. */
  #goodbye(identity: string, at: number): void {
    const claims = this.#holders.get(identity)?.claims ?? [];
    for (const [shard, { state }] of claims)
      if (state !== 'offline') this.#say(identity, shard, 'stopping', at);
  }

  #sayAll(name: string, said: Said, at: number): void {
    for (const [shard, state] of Object.entries(said)) this.#say(name, Number(shard), state, at);
  }

  #say(name: string, shard: number, state: StateName, at: number): void {
    const { claims } = this.#holders.get(name)!;
    const claim = claims.get(shard);
    const isSame = claim?.state === state && !this.#isNews(claim, at);
    claims.set(shard, { state, since: isSame ? claim.since : at, seenAt: at });
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
