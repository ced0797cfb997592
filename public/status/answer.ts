// The answer to a lookup, live: drawn again with each change of the view, so it says what is so now.
import { answerLines, foundHtml, type AnswerLines } from '../shared/answer.js';
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
}

export type Answer =
  { kind: 'found'; direct: boolean; shards: Found[] } | { kind: 'refused'; reason: NotAGuild };

export interface AnswerActions {
  show: (bot: string) => void;
  clear: () => void;
}

/** Null clears the slot. */
export function drawAnswer(answer: Answer | null, page: Page, actions: AnswerActions): void {
  const slot = document.querySelector<HTMLElement>('#answer')!;
  fill(slot, answer ? answerHtml(answer, page) : '');
  slot.onclick = ({ target }) => act(target as Element, actions);
}

function act(target: Element, { show, clear }: AnswerActions): void {
  const button = target.closest('button');
  if (button?.dataset.show !== undefined) show(button.dataset.show);
  else if (button) clear();
}

function answerHtml(answer: Answer, page: Page): string {
  const say = escapedSay(page.voice);
  const close = `<button class=close aria-label="${say('answer.clear')}">×</button>`;
  if (answer.kind === 'refused') return `<p class=refused>${say(`refused.${answer.reason}`)}</p>${close}`;
  const lines = linesOf(answer, page);
  if (lines.length === 0) return `<p class=refused>${say('answer.nobots')}</p>${close}`;
  const found = lines.map((line) => {
    const bot = escapeHtml(line.bot);
    const show = `<button class=link data-show="${bot}">${say('answer.show')}</button>`;
    return foundHtml(line, tilesOfBot(line.bot).length > 0 ? show : '');
  });
  return found.join('') + (answer.direct ? '' : `<p class=note>${say('answer.if')}</p>`) + close;
}

function linesOf({ direct, shards }: Extract<Answer, { kind: 'found' }>, page: Page): AnswerLines[] {
  return shards.flatMap(({ bot: key, shard, fetched }) => {
    const bot = page.view.bots.find((candidate) => candidate.key === key);
    if (!bot) return [];
    const asked = { direct, counts: bot.counts, usual: bot.usual, now: page.now() };
    return answerLines(withDetails(bot, shard, fetched), asked, page.voice);
  });
}
