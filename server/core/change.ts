// Everything that can follow from an event inside.
import type { State } from '../../public/shared/states.js';
import type { Answer } from './answer.js';
import type { Bot, Cluster, ClusterStatus, Holder } from './world.js';

export type Change =
  /** A shard's state changed. */
  | { type: 'shard'; bot: Bot; shard: number; from: State; to: State }
  /** A Glance bot said a state, changed or not: old pages refresh their last-healthy time by it. */
  | { type: 'status'; bot: Bot; shard: number }
  /** A Glance bot gave a sign of life; `revived` when that ended an Unhealthy. */
  | { type: 'ping'; bot: Bot; shard: number; revived: boolean }
  /** A cluster or the batch route gave a sign of life for all shards it claims. */
  | { type: 'beat'; holder: Holder }
  /** A bot is new, or its shard count changed. */
  | { type: 'bot'; bot: Bot }
  /** Whether a bot's shard count is certain changed. */
  | { type: 'certainty'; bot: Bot }
  /** An incident of a bot began, grew or ended. */
  | { type: 'incident'; bot: Bot }
  /** How long recoveries of a bot usually take changed. */
  | { type: 'usual'; bot: Bot }
  /** What a cluster hosts of a bot, or its name, changed. `formerly`: the name it had. */
  | { type: 'cluster'; bot: Bot; cluster: Cluster; formerly: string | null }
  /** A cluster registered, for the first time or again; or what is kept of it changed. */
  | { type: 'member'; cluster: Cluster }
  /** A cluster came up, fell silent or stopped. */
  | { type: 'cluster-status'; cluster: Cluster; from: ClusterStatus; to: ClusterStatus }
  /** A cluster was forgotten. */
  | { type: 'forgotten'; cluster: Cluster }
  /** Several live holders now say that this shard is Online on theirs. */
  | { type: 'double-claim'; bot: Bot; shard: number; holders: Holder[] }
  /** They no longer do. */
  | { type: 'single-claim'; bot: Bot; shard: number }
  /** Two processes report under the identity of this cluster. */
  | { type: 'two-senders'; cluster: Cluster }
  /** Claims of a holder outlived their lease, whether they counted or not. */
  | { type: 'lapsed'; holder: Holder }
  /** Every time that people read is another now. */
  | { type: 'clock' }
  /** An operator set, or cleared, a bot's name or shard count. */
  | { type: 'bot-set'; bot: Bot }
  /** An operator banned identities, or allowed them again. */
  | { type: 'bans' };

export interface Outcome<A extends Answer = Answer> {
  answer: A;
  changes: Change[];
}
