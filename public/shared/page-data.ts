// What the script needs beside the tiles it reads from the page: the view without its states, times as ages.
import { isOneShard } from './bots.js';
import { notReadyIds, shardsOf, shownStates, sinceOf } from './counts.js';
import type { BotView, ClusterView, IncidentView, PublicView, ShardView, Usual } from './wire.js';

export interface PackedBot {
  key: string;
  name: string;
  certain: boolean;
  heardAt: number | null;
  /** How many ms before `at` each not-ready shard got into its state, in order of ids; the tiles say which shards. */
  ages: number[];
  clusters: ClusterView[];
  usual: Usual;
  /** Of a bot that is one shard, which has no tile. */
  only?: OnlyShard;
}

export interface OnlyShard {
  state: string;
  since: number | null;
  latencyMs: number | null;
}

export interface PackedView {
  title: string;
  bots: PackedBot[];
  incidents: IncidentView[];
}

/** The part of a view that stands in attributes of the page's root. */
export type Stamp = Pick<PublicView, 'version' | 'epoch' | 'at'>;

/** `shards` are those of the bots that are one shard. */
export function packView(view: PublicView, shards: readonly ShardView[] = []): PackedView {
  const { title, bots, incidents } = view;
  const packed = bots.map((bot) => {
    const one = packBot(bot, view.at);
    if (!isOneShard(bot)) return one;
    const shard = shards.find(({ bot: key }) => key === bot.key);
    const only = {
      state: shownStates(bot),
      since: shard?.since ?? null,
      latencyMs: shard?.latencyMs ?? null,
    };
    return { ...one, only };
  });
  return { title, bots: packed, incidents };
}

function packBot(
  { key, name, certain, heardAt, notReady, clusters, usual, states }: BotView,
  at: number,
): PackedBot {
  const ages = notReadyIds(states).map((id) => at - (sinceOf(notReady, id) ?? at));
  return { key, name, certain, heardAt, ages, clusters, usual };
}

/** The view again, from the states that were read from the tiles, as they are shown, by bot. */
export function unpackView(packed: PackedView, stamp: Stamp, statesOf: (key: string) => string): PublicView {
  const bots = packed.bots.map((bot) => unpackBot(bot, stamp.at, bot.only?.state ?? statesOf(bot.key)));
  return { ...stamp, title: packed.title, bots, incidents: packed.incidents };
}

function unpackBot(packed: PackedBot, at: number, shown: string): BotView {
  const { key, name, certain, heardAt, clusters, usual, ages } = packed;
  const since = new Map(notReadyIds(shown).map((id, index) => [id, at - (ages[index] ?? 0)]));
  return {
    ...{ key, name, certain, heardAt, clusters, usual },
    shardCount: shown.length,
    ...shardsOf(shown, since),
  };
}
