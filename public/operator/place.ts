// Where the reader is: every state of the page is an address, and every address a state.
import { BASE } from '../shared/base.js';
import type { Scope } from '../shared/operator-wire.js';

export type Place =
  | { view: 'global' }
  | { view: 'fleet'; fleet: string; sort: Sort | null; find: string }
  | { view: 'cluster'; identity: string }
  | { view: 'shard'; bot: string; shard: number }
  | { view: 'connect' };

export interface Sort {
  column: string;
  descending: boolean;
}

export const PATH = `${BASE}/operator`;
const MAX_SHARD_DIGITS = 5;

/** What cannot be understood is the global view. */
export function readPlace(search: string): Place {
  const query = new URLSearchParams(search);
  const fleet = query.get('fleet');
  if (fleet !== null)
    return { view: 'fleet', fleet, sort: readSort(query.get('sort')), find: query.get('find') ?? '' };
  const identity = query.get('cluster');
  if (identity !== null) return { view: 'cluster', identity };
  const bot = query.get('bot');
  const shard = query.get('shard') ?? '';
  if (bot !== null && isShard(shard)) return { view: 'shard', bot, shard: Number(shard) };
  return { view: query.get('view') === 'connect' ? 'connect' : 'global' };
}

const isShard = (text: string): boolean => /^\d+$/.test(text) && text.length <= MAX_SHARD_DIGITS;

function readSort(text: string | null): Sort | null {
  if (!text || text === '-') return null;
  return text.startsWith('-')
    ? { column: text.slice(1), descending: true }
    : { column: text, descending: false };
}

const writeSort = ({ column, descending }: Sort): string => `${descending ? '-' : ''}${column}`;

export function addressOf(place: Place): string {
  const query = new URLSearchParams(fieldsOf(place)).toString();
  return query === '' ? PATH : `${PATH}?${query}`;
}

function fieldsOf(place: Place): Record<string, string> {
  switch (place.view) {
    case 'global':
      return {};
    case 'connect':
      return { view: 'connect' };
    case 'fleet':
      return {
        fleet: place.fleet,
        ...(place.sort ? { sort: writeSort(place.sort) } : {}),
        ...(place.find === '' ? {} : { find: place.find }),
      };
    case 'cluster':
      return { cluster: place.identity };
    case 'shard':
      return { bot: place.bot, shard: `${place.shard}` };
  }
}

/** What the server is to tell about while the reader is here. The connect page needs the bots, which every scope has. */
export function scopeOf(place: Place): Scope {
  switch (place.view) {
    case 'global':
    case 'connect':
      return 'global';
    case 'fleet':
      return `fleet:${place.fleet}`;
    case 'cluster':
      return `cluster:${place.identity}`;
    case 'shard':
      return `shard:${place.bot}/${place.shard}`;
  }
}

export const globalHref = PATH;
export const fleetHref = (fleet: string, find = ''): string =>
  addressOf({ view: 'fleet', fleet, sort: null, find });
export const clusterHref = (identity: string): string => addressOf({ view: 'cluster', identity });
export const shardHref = (bot: string, shard: number): string => addressOf({ view: 'shard', bot, shard });
export const connectHref = addressOf({ view: 'connect' });
