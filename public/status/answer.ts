// The answer to a lookup, live: drawn again with each change of the view, so it says what is so now.
import { answerLines, foundHtml, keepHtml, type AnswerLines, type Kept } from '../shared/answer.js';
import { escapeHtml } from '../shared/escape.js';
import type { NotAGuild } from '../shared/guild.js';
import { escapedSay } from '../shared/voice.js';
import { tilesOfBot } from './drawn.js';
import { withDetails, type Details } from './details.js';
import { fill } from './fill.js';
import type { Page } from './page.js';

/** A shard that was found. */
export interface Found extends Details {
  bot: string;
  shard: number;
  isBrief: boolean;
}

export type Answer =
  { kind: 'found'; direct: boolean; shards: Found[] } | { kind: 'refused'; reason: NotAGuild };

/** What is done by the button of that name; of several bots, `show` is told which. */
export type AnswerActions = Record<'show' | 'copy' | 'remember' | 'clear', (bot: string) => void>;

/** Null clears the slot. */
export function drawAnswer(answer: Answer | null, kept: Kept, page: Page, actions: AnswerActions): void {
  const slot = document.querySelector<HTMLElement>('#answer')!;
  fill(slot, answer ? answerHtml(answer, kept, page) : '');
  slot.onclick = ({ target }) => {
    const { act, bot = '' } = (target as Element).closest('button')?.dataset ?? {};
    if (act !== undefined) actions[act as keyof AnswerActions](bot);
  };
}

function answerHtml(answer: Answer, kept: Kept, page: Page): string {
  const say = escapedSay(page.voice);
  const close = `<button class=close data-act=clear aria-label="${say('answer.clear')}">×</button>`;
  if (answer.kind === 'refused') return `<p class=refused>${say(`refused.${answer.reason}`)}</p>${close}`;
  const lines = linesOf(answer, page);
  if (lines.length === 0) return `<p class=refused>${say('answer.nobots')}</p>${close}`;
  const found = lines.map((line) => {
    const bot = escapeHtml(line.bot);
    const show = `<button class=link data-act=show data-bot="${bot}">${say('answer.show')}</button>`;
    return foundHtml(line, tilesOfBot(line.bot).length > 0 ? show : '');
  });
  return found.join('') + keepHtml(answer.direct, kept, page.voice) + close;
}

function linesOf({ direct, shards }: Extract<Answer, { kind: 'found' }>, page: Page): AnswerLines[] {
  return shards.flatMap(({ bot: key, shard, fetched, isBrief }) => {
    const bot = page.view.bots.find((candidate) => candidate.key === key);
    if (!bot) return [];
    const { counts, usual } = bot;
    const asked = { direct, bots: shards.length, isBrief, counts, usual, now: page.now() };
    return answerLines(withDetails(bot, shard, fetched), asked, page.voice);
  });
}
