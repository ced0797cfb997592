// When a bot, or the one of all bots that was silent for longest, last gave a sign of life.
import { factsOf } from './answer.js';
import { isOneShard } from './bots.js';
import { escapeHtml } from './escape.js';
import type { Moment } from './section.js';
import { isSilent } from './silence.js';
import type { Voice } from './voice.js';
import type { BotView, ShardView } from './wire.js';

export interface HeardLine {
  text: string;
  silent: boolean;
}

/** When the bot last gave a sign of life, and whether that is too long ago. */
export function heardLine(bot: BotView, voice: Voice, { now, ticking }: Moment): HeardLine {
  const { heardAt } = bot;
  if (heardAt === null) return { text: voice.say('bot.never'), silent: true };
  const clock = voice.exactClock(heardAt);
  if (isSilent(bot, now))
    return {
      text: voice.say('bot.silent', { duration: voice.duration(now - heardAt), clock }),
      silent: true,
    };
  const text = ticking
    ? voice.say('bot.heard', { ago: voice.ago(now - heardAt) })
    : voice.say('bot.heard.at', { clock });
  return { text, silent: false };
}

/** What the page as a whole says: of the bots that report, the one that was not heard for longest. */
function heardOfAll(bots: readonly BotView[], voice: Voice, moment: Moment): HeardLine {
  const latest = bots.filter(({ heardAt }) => heardAt !== null).sort((a, b) => b.heardAt! - a.heardAt!);
  const speaks = latest.findLast((bot) => !isSilent(bot, moment.now)) ?? latest[0]!;
  return heardLine(speaks, voice, moment);
}

/** The line under the sentence on top; of a single bot that is one shard also latency, and since when it is online. */
export function heardOnPage(
  bots: readonly BotView[],
  shard: ShardView | undefined,
  voice: Voice,
  moment: Moment,
): HeardLine {
  if (bots.every(({ heardAt }) => heardAt === null)) return { text: '', silent: false }; // the sentence says so
  const heard = heardOfAll(bots, voice, moment);
  const isOnly = bots.length === 1 && isOneShard(bots[0]!) && !heard.silent;
  const facts = isOnly && shard ? factsOf({ ...shard, cluster: null }, moment.now, voice) : [];
  return { ...heard, text: [heard.text, ...facts].join(' · ') };
}

export const heardHtml = ({ text, silent }: HeardLine): string =>
  `<p class="heard${silent ? ' silent' : ''}">${escapeHtml(text)}</p>`;
