// What bots and clusters are called, by people who look at them.
import { UNNAMED } from '../../public/shared/bot-name.js';
import { withoutTurns } from '../../public/shared/turns.js';
import { DEFAULT_BOT, type Member, type RegisteredBot } from './registry/registry.js';

/** A cluster as people call it: "asia #2". */
export const clusterName = ({ fleet, number }: Pick<Member, 'fleet' | 'number'>): string =>
  `${withoutTurns(fleet)} #${number}`;

/** The name of a cluster as the public reads it: "default" is our own word. */
export const publicName = (name: string): string => name.replace(/^default #(?=\d+$)/, 'cluster #');

/** A name that is the key says nothing. */
export const givenAs = (key: string, name: string): string | null => (name === key ? null : name);

/** The key where somebody chose it: "main" is our own word, and says nothing to people. */
export const nameWithout = (key: string, name: string | null): string =>
  name === null ? (key === DEFAULT_BOT ? UNNAMED : key) : withoutTurns(name) || key;

type Named = Pick<RegisteredBot, 'key' | 'setName' | 'givenName'> & { name: string; saidName: string | null };

/** What people see: an operator's word, else the configuration's, else its clusters'. False: it is as it was. */
export function settleName(bot: Named): boolean {
  const former = bot.name;
  bot.name = nameWithout(bot.key, bot.setName ?? bot.givenName ?? bot.saidName);
  return bot.name !== former;
}
