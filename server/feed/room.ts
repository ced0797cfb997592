// The feeds, put together: the public's, the operators', the old Glance page's.
import { UNNAMED } from '../../public/shared/bot-name.js';
import type { Applied } from '../core/step.js';
import type { World } from '../core/world.js';
import type { SocketHandler } from '../http/message.js';
import type { Telemetry } from '../telemetry/room.js';
import { createGlanceFeed } from './glance.js';
import { createOperatorFeed, type OperatorFeed } from './operator.js';
import { createPublicFeed, type PublicFeed, type PublicFeedOptions } from './public.js';

export interface FeedParts extends Omit<PublicFeedOptions, 'title' | 'showClusters'> {
  telemetry: Telemetry;
  /** Of the page; null: named after the bot. */
  title: string | null;
  publicClusters: boolean;
}

export interface Feeds {
  live: SocketHandler;
  glance: SocketHandler;
  operator: SocketHandler;
  view: PublicFeed['view'];
  /** Somebody signed out. */
  endSession: OperatorFeed['endSession'];
  /** Listeners. */
  followers: ((applied: Applied) => void)[];
  /** Call it every 5 s: says that the connections live. */
  alive: () => void;
  /** Call it now and then: hangs up on who does not read. */
  look: PublicFeed['look'];
  /** Sends everybody away. */
  dismiss: () => void;
}

export function createFeeds(parts: FeedParts): Feeds {
  const { world, publish, now, schedule, epoch, telemetry } = parts;
  const basics = { world, publish, now, schedule, epoch };
  const title = (): string => parts.title ?? defaultTitle(world);
  const live = createPublicFeed({ ...basics, title, showClusters: parts.publicClusters });
  const glance = createGlanceFeed(basics);
  const operator = createOperatorFeed({ ...basics, addressesOf: telemetry.identities.pairOf });
  const { viewers } = telemetry.counted;
  return {
    live: viewers('public', live),
    glance: viewers('glance', glance),
    operator: viewers('operator', operator),
    view: live.view,
    look: live.look,
    endSession: operator.endSession,
    followers: [live.note, glance.note, operator.note],
    alive: () => {
      live.alive();
      operator.alive();
    },
    dismiss: () => {
      for (const feed of [live, glance, operator]) feed.dismiss();
    },
  };
}

function defaultTitle(world: World): string {
  const [only, ...others] = world.bots.values();
  return only && only.name !== UNNAMED && others.length === 0 ? `${only.name} status` : 'Bot status';
}
