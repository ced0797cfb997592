// Where the reader is: every state of the page is an address, and every address a state.
import { BASE } from '../shared/base.js';
import type { Scope } from '../shared/operator-wire.js';

export type Place =
  | { view: 'now' }
  | { view: 'fleets' }
  | ({ view: 'fleet'; fleet: string } & Shown)
  | ({ view: 'bot'; bot: string } & Shown)
  | { view: 'cluster'; identity: string }
  | { view: 'shard'; bot: string; shard: number }
  | { view: 'incidents' }
  | { view: 'settings' };

/** How a table of clusters is shown. */
export interface Shown {
  sort: Sort | null;
  find: string;
}

export interface Sort {
  column: string;
  descending: boolean;
}

/** What the navigation leads to; everything is a part of one of them. */
export type Item = 'now' | 'fleet' | 'incidents' | 'settings';

export const PATH = `${BASE}/operator`;
const MAX_SHARD_DIGITS = 5;

/** `connect` is what links from before lead to. */
const VIEWS: Record<string, Place> = {
  fleet: { view: 'fleets' },
  incidents: { view: 'incidents' },
  settings: { view: 'settings' },
  connect: { view: 'settings' },
};

/** What cannot be understood is Now. */
export function readPlace(search: string): Place {
  const query = new URLSearchParams(search);
  const shown = (): Shown => ({ sort: readSort(query.get('sort')), find: query.get('find') ?? '' });
  const fleet = query.get('fleet');
  if (fleet !== null) return { view: 'fleet', fleet, ...shown() };
  const identity = query.get('cluster');
  if (identity !== null) return { view: 'cluster', identity };
  const bot = query.get('bot');
  const shard = query.get('shard');
  if (bot !== null && shard === null) return { view: 'bot', bot, ...shown() };
  if (bot !== null && isShard(shard ?? '')) return { view: 'shard', bot, shard: Number(shard) };
  const view = query.get('view') ?? '';
  return Object.hasOwn(VIEWS, view) ? VIEWS[view]! : { view: 'now' };
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
    case 'now':
      return {};
    case 'fleets':
      return { view: 'fleet' };
    case 'incidents':
    case 'settings':
      return { view: place.view };
    case 'fleet':
      return { fleet: place.fleet, ...shownFields(place) };
    case 'bot':
      return { bot: place.bot, ...shownFields(place) };
    case 'cluster':
      return { cluster: place.identity };
    case 'shard':
      return { bot: place.bot, shard: `${place.shard}` };
  }
}

const shownFields = ({ sort, find }: Shown): Record<string, string> => ({
  ...(sort ? { sort: writeSort(sort) } : {}),
  ...(find === '' ? {} : { find }),
});

/** What the server is to tell about while the reader is here. Settings need the bots, which every scope has. */
export function scopeOf(place: Place): Scope {
  switch (place.view) {
    case 'now':
    case 'fleets':
    case 'settings':
      return 'global';
    case 'incidents':
      return 'incidents';
    case 'fleet':
      return `fleet:${place.fleet}`;
    case 'bot':
      return `bot:${place.bot}`;
    case 'cluster':
      return `cluster:${place.identity}`;
    case 'shard':
      return `shard:${place.bot}/${place.shard}`;
  }
}

export function itemOf({ view }: Place): Item {
  return view === 'now' || view === 'incidents' || view === 'settings' ? view : 'fleet';
}

export const nowHref = PATH;
export const fleetsHref = addressOf({ view: 'fleets' });
export const incidentsHref = addressOf({ view: 'incidents' });
export const settingsHref = addressOf({ view: 'settings' });
export const fleetHref = (fleet: string, find = ''): string =>
  addressOf({ view: 'fleet', fleet, sort: null, find });
export const botHref = (bot: string): string => addressOf({ view: 'bot', bot, sort: null, find: '' });
export const clusterHref = (identity: string): string => addressOf({ view: 'cluster', identity });
export const shardHref = (bot: string, shard: number): string => addressOf({ view: 'shard', bot, shard });
