// The way from a view up to what it is a part of, as links.
import type { ClusterRow, RowKey } from '../shared/operator-wire.js';
import { botHref, clusterHref, fleetHref, fleetsHref, nowHref, shardHref, type Place } from './place.js';
import { listOf, type RowMap } from './rows.js';
import type { State } from './store.js';
import { words } from './words.js';

export interface Step {
  href: string;
  name: string;
  /** A word of ours; the others are names, the same in every language. */
  isOurs: boolean;
}

const named = (href: string, name: string): Step => ({ href, name, isOurs: false });

/** One step up from here; Now is on top. */
export const above = (state: Pick<State, 'place' | 'scope'>): string =>
  stepsTo(state).at(-2)?.href ?? nowHref;

/** The view itself stands last. Only what is in Fleet has more than that. */
export function stepsTo({ place, scope }: Pick<State, 'place' | 'scope'>): Step[] {
  const top = { href: fleetsHref, name: words.page.items.fleet, isOurs: true };
  switch (place.view) {
    case 'fleet':
      return [top, named(fleetHref(place.fleet), place.fleet)];
    case 'bot':
      return [top, named(botHref(place.bot), botNameOf(scope.rows, place.bot))];
    case 'cluster':
      return [top, ...clusterSteps(place.identity, scope.rows)];
    case 'shard':
      return [top, ...shardSteps(place, scope.rows)];
    case 'now':
    case 'fleets':
    case 'incidents':
    case 'settings':
      return [];
  }
}

const botNameOf = (rows: RowMap, key: string): string =>
  listOf(rows, 'bot').find((bot) => bot.key === key)?.name ?? key;

function clusterSteps(identity: string, rows: RowMap): Step[] {
  const cluster = rows.get(`cluster/${identity}` satisfies RowKey) as ClusterRow | undefined;
  if (!cluster) return [named(clusterHref(identity), identity)];
  const { fleet, number } = cluster;
  return [named(fleetHref(fleet), fleet), named(clusterHref(identity), words.cluster.name(fleet, number))];
}

/** The step above a shard is who speaks for it, or else its bot. */
function shardSteps({ bot, shard }: Extract<Place, { view: 'shard' }>, rows: RowMap): Step[] {
  const cluster = listOf(rows, 'shard').find((one) => one.bot === bot && one.shard === shard)?.cluster;
  const name = botNameOf(rows, bot);
  const over = cluster ? named(clusterHref(cluster.identity), cluster.name) : named(botHref(bot), name);
  return [over, named(shardHref(bot, shard), words.shard.name(shard, name))];
}
