// What changed since operators were last told: whose rows are to be looked at again. Nothing is drawn here.
import type { Change } from '../core/change.js';
import { NONE } from '../core/claim-table.js';
import { hostOf } from '../core/stance.js';
import type { Bot, Cluster, Holder, World } from '../core/world.js';

export interface News {
  clusters: Set<Cluster>;
  bots: Set<Bot>;
  /** Clusters came, went or moved. */
  isMoved: boolean;
  /** Every time is another. */
  isClockNew: boolean;
}

export const noNews = (): News => ({
  clusters: new Set(),
  bots: new Set(),
  isMoved: false,
  isClockNew: false,
});

export function gather(news: News, world: World, change: Change): void {
  switch (change.type) {
    case 'beat':
    case 'lapsed':
      return noteHolder(news, change.holder);
    case 'shard':
    case 'status':
    case 'ping':
    case 'bot':
    case 'bot-set':
    case 'certainty':
      news.bots.add(change.bot);
      return;
    case 'double-claim':
    case 'single-claim':
      news.bots.add(change.bot);
      return noteClaimants(news, world, change.bot, change.shard);
    case 'member':
    case 'cluster':
    case 'forgotten':
      news.clusters.add(change.cluster);
      news.isMoved ||= change.type !== 'cluster' || change.formerly !== null;
      return;
    case 'cluster-status':
    case 'two-senders':
      news.clusters.add(change.cluster);
      return;
    case 'clock':
      news.isMoved = news.isClockNew = true;
      return;
    case 'incident':
    case 'usual':
    case 'bans': // the clusters it is about are told by themselves
  }
}

function noteHolder(news: News, holder: Holder): void {
  if (holder.kind === 'cluster') news.clusters.add(holder);
  else news.bots.add(holder.bot);
}

/** Those who claim the shard, of which there are rarely more than two. */
function noteClaimants(news: News, world: World, bot: Bot, shard: number): void {
  for (let claim = bot.firstClaim[shard] ?? NONE; claim !== NONE; claim = world.claims.next[claim]!) {
    const cluster = hostOf(world, claim);
    if (cluster) news.clusters.add(cluster);
  }
}
