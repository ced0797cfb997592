// What the demo says once it is up: where to look, who reports, and what is going to happen.
import { membersOf, type Dialect, type PretendBot } from './fleet.js';
import type { Act } from './scenario.js';

const speaks: Record<Dialect, string> = {
  argus: 'as Argus reports',
  member: 'by the member client',
  batch: 'by the batch route',
  glance: "by Glance's routes",
};

export const greeting = (url: string, bots: PretendBot[], acts: readonly Act[]): string => `
Shardlight is up, and a pretend fleet reports to it.

  The page    ${url}/
  A lookup    ${url}/?guild=81384788765712384
  Operators   ${url}/operator

${bots.map(who).join('\n')}

${timetable(acts)}

  To stop: Ctrl-C.
`;

function who(bot: PretendBot): string {
  const { name, shardCount, dialect, fleets } = bot;
  const clusters = fleets.length === 0 ? '' : `in ${counted(membersOf([bot]).length, 'cluster')} `;
  return `  ${name.padEnd(8)}${`${shardCount}`.padStart(6)} ${shardCount === 1 ? 'shard' : 'shards'} ${clusters}${speaks[dialect]}`;
}

const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** Minutes and seconds from now. */
function timetable(acts: readonly Act[]): string {
  const rows = [['the first seconds', 'everything starts'], ...acts.map(({ when, what }) => [when, what])];
  if (acts.length === 0) rows.push(['then', 'all is well']);
  return rows.map(([when = '', what = '']) => `  ${when.padEnd(20)}${what}`).join('\n');
}
