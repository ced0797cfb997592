// What Incidents says.
import { counted, many } from './count.js';

export const incidentWords = {
  title: (n: number): string =>
    n === 0 ? 'No incident is open.' : `${many(n, 'incident')} ${n === 1 ? 'is' : 'are'} open.`,
  measured: 'As measured: shards of a bot that stopped working together, until all are online again.',
  open: 'Open',
  ended: 'Ended',
  silent: (cluster: string, isOver: boolean): string => `${cluster} ${isOver ? 'was' : 'is'} silent`,
  shards: (n: number, bot: string): string => `${many(n, 'shard')} of ${bot}`,
  shard: (shard: string, bot: string): string => `Shard ${shard} of ${bot}`,
  back: (n: number): string =>
    `${many(n, 'shard')} ${n === 1 ? 'was' : 'were'} affected, and ${n === 1 ? 'it is' : 'all are'} starting again.`,
  down: (down: number, of: number, ranges: string): string =>
    `${down === of ? many(of, 'shard') : `${counted(down)} of ${many(of, 'shard')}`} ${down === 1 ? 'is' : 'are'} not working${ranges === '' ? '' : ` (${ranges})`}.`,
  columns: { began: 'Began', what: 'What', lasted: 'Lasted', shards: 'Shards' },
};
