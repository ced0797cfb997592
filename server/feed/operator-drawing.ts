// Draws scopes: their rows as texts. What many scopes show, and what did not change, is drawn once.
import { MAX_SCOPE_INCIDENTS } from '../../public/shared/operator-wire.js';
import type { Flip } from '../core/past/flips.js';
import {
  botRow,
  claimRows,
  clusterDetail,
  clusterRow,
  rounded,
  shardRow,
  stripOf,
  stripsOf,
  type AddressesOf,
} from '../core/views/operator-rows.js';
import { fullOf } from '../core/views/full.js';
import { fleetRow, lastEndOf, nowRow, outlineOf, totalRow, type Outline } from '../core/views/outline.js';
import { pointsOf } from '../core/measures/trend.js';
import { recentIncidents } from '../core/views/view.js';
import { shown, type Bot, type Cluster, type World } from '../core/world.js';
import { ScopeFlips } from './operator-flips.js';
import type { News } from './operator-news.js';
import type { Parsed, RowTexts, WatchedScope } from './operator-scope.js';

type KeyedText = [key: string, text: string];

export class Drawing {
  readonly #world: World;
  readonly #addressesOf: AddressesOf;
  readonly #clusters = new Map<Cluster, KeyedText>();
  readonly #bots = new Map<Bot, KeyedText>();
  readonly #strips = new Map<Bot, KeyedText[]>();
  readonly #flips = new WeakMap<Parsed, ScopeFlips>();
  #outline: Outline | null = null;
  #now = '';

  constructor(world: World, addressesOf: AddressesOf) {
    this.#world = world;
    this.#addressesOf = addressesOf;
  }

  /** What was drawn of these is out of date. */
  forget({ clusters, bots, isMoved }: News): void {
    if (clusters.size > 0 || bots.size > 0 || isMoved) this.#outline = null;
    for (const cluster of clusters) this.#clusters.delete(cluster);
    for (const bot of bots) this.#strips.delete(bot);
    if (isMoved)
      for (const cluster of this.#clusters.keys())
        if (this.#world.clusters.get(cluster.identity) !== cluster) this.#clusters.delete(cluster);
  }

  /** Whether a row that is in every scope is another now: a bot's, or how much is wrong. */
  redrawShared(): boolean {
    const now = JSON.stringify(nowRow(this.#outlined(), fullOf(this.#world)));
    let isNew = now !== this.#now;
    this.#now = now;
    for (const bot of this.#world.bots.values()) {
      const text = JSON.stringify(botRow(bot));
      if (this.#bots.get(bot)?.[1] === text) continue;
      this.#bots.set(bot, [`bot/${bot.key}`, text]);
      isNew = true;
    }
    return isNew;
  }

  /** Null: there is no such fleet, cluster or shard. `before`: the same scope as it was drawn last. */
  draw(scope: Parsed, before: RowTexts | null, isMoved: boolean): RowTexts | null {
    switch (scope.kind) {
      case 'global':
        return this.#global(scope);
      case 'incidents':
        return this.#incidents();
      case 'bot':
        return this.#bot(scope);
      case 'fleet':
        return this.#fleet(scope, isMoved);
      case 'cluster':
        return this.#cluster(scope, before);
      case 'shard':
        return this.#shard(scope);
    }
  }

  #shared(): RowTexts {
    return new Map([...this.#bots.values(), ['now', this.#now]]);
  }

  #global(scope: Parsed): RowTexts {
    const rows = this.#shared();
    const world = this.#world;
    const { fleets, worst } = this.#outlined();
    const total = totalRow(this.#outlined(), world.clusters.size, fullOf(world), lastEndOf(world));
    rows.set('total', JSON.stringify(total));
    for (const [name, fleet] of fleets)
      rows.set(`fleet/${name}`, JSON.stringify(fleetRow(this.#world, name, fleet)));
    for (const one of worst)
      if (one.cluster) rows.set(...this.#clusterText(one.cluster));
      else rows.set(`trouble/${one.bot.bot}`, JSON.stringify(one.bot));
    for (const bot of this.#world.bots.values()) for (const strip of this.#stripsOf(bot)) rows.set(...strip);
    this.#addFlips(rows, scope, () => true);
    return rows;
  }

  #incidents(): RowTexts {
    const rows = this.#shared();
    for (const incident of recentIncidents(this.#world, true, MAX_SCOPE_INCIDENTS))
      rows.set(`incident/${incident.id}`, JSON.stringify(incident));
    return rows;
  }

  #bot(scope: Parsed & { kind: 'bot' }): RowTexts | null {
    const bot = this.#world.bots.get(scope.bot);
    if (!bot) return null;
    const rows = this.#shared();
    for (const cluster of bot.clusters) rows.set(...this.#clusterText(cluster));
    for (const strip of this.#stripsOf(bot)) rows.set(...strip);
    this.#addFlips(rows, scope, (flip) => flip.bot === scope.bot);
    return rows;
  }

  #fleet(scope: Parsed & { kind: 'fleet' }, isMoved: boolean): RowTexts | null {
    const fleet = this.#outlined().fleets.get(scope.fleet);
    if (!fleet) return null;
    const rows = this.#shared();
    rows.set(`fleet/${scope.fleet}`, JSON.stringify(fleetRow(this.#world, scope.fleet, fleet)));
    for (const cluster of fleet.clusters) rows.set(...this.#clusterText(cluster));
    if (isMoved) this.#flips.delete(scope);
    const { clusters } = this.#world;
    this.#addFlips(
      rows,
      scope,
      ({ host }) => host !== undefined && clusters.get(host)?.fleet === scope.fleet,
    );
    return rows;
  }

  #cluster(scope: Parsed & { kind: 'cluster' }, before: RowTexts | null): RowTexts | null {
    const cluster = this.#world.clusters.get(scope.identity);
    if (!cluster) return null;
    const rows = this.#shared();
    rows.set(...this.#clusterText(cluster));
    rows.set('detail', JSON.stringify(clusterDetail(this.#world, cluster, this.#addressesOf)));
    for (const shard of cluster.claims.keys())
      rows.set(
        `shard/${cluster.bot.key}/${shard}`,
        JSON.stringify(shardRow(this.#world, cluster.bot, shard)),
      );
    const { trend } = cluster.measures;
    for (const { at, values } of trend ? pointsOf(trend) : []) {
      const key = `point/${shown(this.#world, at)}`;
      rows.set(key, before?.get(key) ?? `[${Array.from(values, rounded).join(',')}]`);
    }
    this.#addFlips(rows, scope, ({ host }) => host === scope.identity);
    return rows;
  }

  #shard(scope: Parsed & { kind: 'shard' }): RowTexts | null {
    const bot = this.#world.bots.get(scope.bot);
    if (!bot || scope.shard >= bot.shardCount) return null;
    const rows = this.#shared();
    const key = `shard/${bot.key}/${scope.shard}`;
    rows.set(key, JSON.stringify(shardRow(this.#world, bot, scope.shard)));
    for (const [holder, claim] of claimRows(this.#world, bot, scope.shard))
      rows.set(`claim/${holder}`, JSON.stringify(claim));
    this.#addFlips(rows, scope, (flip) => flip.bot === scope.bot && flip.shard === scope.shard);
    return rows;
  }

  #outlined(): Outline {
    return (this.#outline ??= outlineOf(this.#world, this.#addressesOf));
  }

  #clusterText(cluster: Cluster): KeyedText {
    const known = this.#clusters.get(cluster);
    if (known) return known;
    const row = clusterRow(this.#world, cluster, this.#addressesOf);
    const drawn: KeyedText = [`cluster/${cluster.identity}`, JSON.stringify(row)];
    this.#clusters.set(cluster, drawn);
    return drawn;
  }

  #stripsOf(bot: Bot): KeyedText[] {
    const known = this.#strips.get(bot);
    if (known) return known;
    const drawn = Array.from({ length: stripsOf(bot) }, (_, n): KeyedText => [
      `strip/${bot.key}/${n}`,
      `"${stripOf(bot, n)}"`,
    ]);
    this.#strips.set(bot, drawn);
    return drawn;
  }

  #addFlips(rows: RowTexts, scope: Parsed, isAbout: (flip: Flip) => boolean): void {
    const flips = this.#flips.get(scope) ?? new ScopeFlips();
    this.#flips.set(scope, flips);
    flips.look(this.#world, isAbout);
    for (const [key, text] of flips.rows(this.#world)) rows.set(key, text);
  }
}

/** Whether a scope may show anything of what is new. `isSharedNew`: a row of every scope is another now. */
export function isConcerned(
  { parsed }: WatchedScope,
  { clusters, bots, isMoved }: News,
  world: World,
  isSharedNew: boolean,
): boolean {
  if (parsed.kind !== 'cluster' || isSharedNew || isMoved) return true;
  const cluster = world.clusters.get(parsed.identity);
  return cluster !== undefined && (clusters.has(cluster) || bots.has(cluster.bot));
}
