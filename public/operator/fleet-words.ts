// What the views of Fleet say: all of it, one fleet, one bot.
import { counted, many } from './count.js';

export const fleetsWords = {
  title: 'Fleet',
  said: (bots: number, fleets: number, clusters: number, shards: number): string => {
    const parts = [
      [bots, 'bot'],
      [fleets, 'fleet'],
      [clusters, 'cluster'],
      [shards, 'shard'],
    ] as const;
    const shown = parts.flatMap(([n, what]) => (n > 0 ? many(n, what) : []));
    return `${shown.slice(0, -1).join(', ')}${shown.length > 1 ? ' and ' : ''}${shown.at(-1)}.`;
  },
  bots: 'Bots',
  fleets: 'Fleets',
  columns: {
    bot: 'Bot',
    fleet: 'Fleet',
    shards: 'Shards',
    online: 'Online',
    clusters: 'Clusters',
    up: 'Clusters up',
    others: 'Others',
    worst: 'Look at',
  },
  up: (up: number, total: number): string => `${up === 0 ? 'none' : counted(up)} of ${counted(total)}`,
};

export const fleetWords = {
  filter: 'Filter clusters',
  filterHint: 'number, identity, status, version',
  shown: (shown: number, total: number): string =>
    shown === total ? many(total, 'cluster') : `${counted(shown)} of ${many(total, 'cluster')}`,
  nothing: 'No cluster matches.',
  up: (up: number, total: number): string =>
    `${up === 0 ? 'None' : counted(up)} of ${many(total, 'cluster')} ${up === 1 ? 'is' : 'are'} up`,
  sort: 'Sort by',
  worstFirst: 'Worst first',
  table: (fleet: string): string => `Clusters of ${fleet}`,
  columns: {
    number: '#',
    identity: 'Identity',
    status: 'Status',
    since: 'Since',
    spark: 'Trend',
    version: 'Version',
    shards: 'Shards',
  },
};

/** Of the shards of a bot. */
export const botWords = {
  table: (name: string): string => `Clusters of ${name}`,
  down: (n: number): string => `${counted(n)} not working`,
  changing: (n: number): string => `${counted(n)} restarting`,
  stopped: (n: number): string => `${counted(n)} stopped on purpose`,
  unknown: (n: number): string => `${counted(n)} not reported`,
};

/** What can be done about a bot. */
export const botActs = {
  edit: 'Edit…',
  editLabel: (name: string): string => `Edit ${name}`,
  title: (name: string): string => `Edit ${name}`,
  text: 'Leave a field empty to take the configured or reported value.',
  name: 'Display name',
  shards: 'Shard count',
  confirm: 'Save',
  done: (name: string): string => `${name} is saved.`,
  badCount: 'The shard count is a whole number from 1 to 16,384.',
};
