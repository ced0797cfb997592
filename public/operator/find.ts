// What the search finds without the server: the shard of a guild in each bot, and a shard that was named. Guild IDs stay here.
import type { BotRow, SearchHit } from '../shared/operator-wire.js';
import { plainDigits, readGuild, shardOfQuery, type NotAGuild } from '../shared/guild.js';
import { clusterHref, fleetHref, shardHref } from './place.js';
import { groupOf, shownOf, type Group } from '../shared/states.js';
import { words } from './words.js';

export interface Found {
  /** Unique among what was found. */
  href: string;
  kind: keyof typeof words.search.kinds;
  text: string;
  /** What it is like now, in a word; "": not known here. */
  state: string;
  group: Group | null;
}

/** Whether the server has to be asked: guild IDs never are sent, and one character finds everything. */
export const isForServer = (text: string): boolean => text.trim().length > 0 && !isGuild(text);

const NEVER_SENT: NotAGuild[] = ['user', 'channel', 'role', 'emoji', 'long', 'large', 'several'];

const isGuild = (text: string): boolean => {
  const read = readGuild(text);
  return read.ok || NEVER_SENT.includes(read.reason) || /\d{15}/.test(plainDigits(text));
};

export function findHere(text: string, bots: readonly BotRow[]): Found[] {
  const read = readGuild(text);
  if (!read.ok) return [];
  return bots.map((bot) => {
    const shard = shardOfQuery(read.query, bot.shardCount);
    const say = bot.certain ? words.search.guild : words.search.guildGuess;
    return {
      href: shardHref(bot.key, shard),
      kind: 'guild',
      text:
        read.query.kind === 'direct'
          ? `${words.search.direct}: ${words.shard.name(shard, bot.name)}`
          : say(bot.name, shard),
      state: '',
      group: null,
    };
  });
}

export const foundOf = (hits: readonly SearchHit[]): Found[] => hits.map(foundHit);

function foundHit(hit: SearchHit): Found {
  switch (hit.kind) {
    case 'fleet':
      return { href: fleetHref(hit.fleet), kind: 'fleet', text: hit.fleet, state: '', group: null };
    case 'cluster': {
      const { identity, fleet, number, status } = hit;
      const text = `${words.cluster.name(fleet, number)} · ${identity}`;
      const group = status;
      return { href: clusterHref(identity), kind: 'cluster', text, state: words.status[status], group };
    }
    case 'shard': {
      const text = words.shard.name(hit.shard, hit.bot);
      const group = groupOf[shownOf(hit.state) ?? 0]!;
      return {
        href: shardHref(hit.bot, hit.shard),
        kind: 'shard',
        text,
        state: words.state[hit.state],
        group,
      };
    }
  }
}
