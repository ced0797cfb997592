// What the script needs beside the tiles it reads from the page: the view without its states, times as ages.
import { countStates, notReadyIds, sinceOf } from './counts.js';
import { formatRanges } from './ranges.js';
import { STOPPED, wireState } from './states.js';
import type { BotView, ClusterView, IncidentView, PublicView, Usual } from './wire.js';

export interface PackedBot {
  key: string;
  name: string;
  certain: boolean;
  heardAt: number | null;
  /** How many ms before `at` each not-ready shard got into its state, in order of ids; the tiles say which shards. */
  ages: number[];
  clusters: ClusterView[];
  usual: Usual;
}

export interface PackedView {
  title: string;
  bots: PackedBot[];
  incidents: IncidentView[];
}

/** The part of a view that stands in attributes of the page's root. */
export type Stamp = Pick<PublicView, 'version' | 'epoch' | 'at'>;

export function packView(view: PublicView): PackedView {
  const { title, bots, incidents } = view;
  return { title, bots: bots.map((bot) => packBot(bot, view.at)), incidents };
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
  const bots = packed.bots.map((bot) => unpackBot(bot, stamp.at, statesOf(bot.key)));
  return { ...stamp, title: packed.title, bots, incidents: packed.incidents };
}

function unpackBot({ ages, ...bot }: PackedBot, at: number, shown: string): BotView {
  const states = Array.from(shown, (letter) => wireState(Number(letter))).join('');
  const planned = Array.from(shown, (letter, id) => (Number(letter) === STOPPED ? id : -1));
  return {
    ...bot,
    shardCount: states.length,
    states,
    counts: countStates(shown),
    planned: formatRanges(planned.filter((id) => id >= 0)),
    notReady: notReadyIds(states).map((id, index) => [id, at - (ages[index] ?? 0)]),
  };
}
