// Views for the tests of what is shown: a bot from its states, with times that are easy to read.
import { countStates, notReadyIds } from '../../public/shared/counts.js';
import { formatRanges } from '../../public/shared/ranges.js';
import { STOPPED, wireState } from '../../public/shared/states.js';
import type { BotView, IncidentView, PublicView } from '../../public/shared/wire.js';

/** 21 November 2026, 14:04:10 UTC */
export const NOW = Date.UTC(2026, 10, 21, 14, 4, 10);
export const MINUTE = 60_000;

/** From states as they are shown. Every shard that is not ready has been so for two minutes and ten seconds: since 14:02 UTC. */
export function botOf(shown: string, more: Partial<BotView> = {}): BotView {
  const letters = shown.split('').map(Number);
  const states = letters.map(wireState).join('');
  const stopped = letters.flatMap((state, id) => (state === STOPPED ? [id] : []));
  return {
    key: 'main',
    name: 'My Bot',
    shardCount: states.length,
    certain: true,
    states,
    planned: formatRanges(stopped),
    counts: countStates(shown),
    heardAt: NOW - 4_000,
    notReady: notReadyIds(states).map((id) => [id, NOW - 2 * MINUTE - 10_000]),
    clusters: [],
    usual: {},
    ...more,
  };
}

export const viewOf = (...bots: BotView[]): PublicView => ({
  version: 812,
  epoch: 'e1',
  at: NOW,
  title: 'My Bot status',
  bots,
  incidents: [],
});

/** Three shards of the bot that went down two minutes ago and are not back. */
export const incidentOf = (more: Partial<IncidentView>): IncidentView => ({
  id: 'main-2',
  bot: 'main',
  cause: null,
  state: 'offline',
  shards: '0-2',
  count: 3,
  down: 3,
  startedAt: NOW - 2 * MINUTE,
  endedAt: null,
  ...more,
});
