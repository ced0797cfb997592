// The answer to a lookup, live: drawn again with each change of the view, so it says what is so now.
import { html, render } from 'htm/preact';
import { answerLines, type AnswerLines } from '../shared/answer.js';
import type { NotAGuild } from '../shared/guild.js';
import type { Voice } from '../shared/voice.js';
import type { ShardView } from '../shared/wire.js';
import { withDetails } from './details.js';
import type { Page } from './page.js';

/** A shard that was found, with its details once they came. */
export interface Found {
  bot: string;
  shard: number;
  fetched: ShardView | null;
}

export type Answer =
  { kind: 'found'; direct: boolean; shards: Found[] } | { kind: 'refused'; reason: NotAGuild };

export interface AnswerActions {
  show: (bot: string) => void;
  clear: () => void;
}

let slotIsOurs = false;

/** Null clears the slot. */
export function drawAnswer(answer: Answer | null, page: Page, actions: AnswerActions): void {
  const slot = document.querySelector<HTMLElement>('#answer')!;
  if (!slotIsOurs) slot.textContent = '';
  slotIsOurs = true;
  render(answer ? answerTree(answer, page, actions) : html``, slot);
}

function answerTree(answer: Answer, page: Page, actions: AnswerActions): ReturnType<typeof html> {
  const { say } = page.voice;
  const close = html`<button class="close" aria-label=${say('answer.clear')} onClick=${actions.clear}>
    ×
  </button>`;
  if (answer.kind === 'refused')
    return html`<p class="refused">${say(`refused.${answer.reason}`)}</p>
      ${close}`;
  const lines = linesOf(answer, page);
  if (lines.length === 0)
    return html`<p class="refused">${say('answer.nobots')}</p>
      ${close}`;
  return html`
    ${lines.map((line) => found(line, page.voice, actions))}
    ${answer.direct ? null : html`<p class="note">${say('answer.if')}</p>`} ${close}
  `;
}

function linesOf({ direct, shards }: Extract<Answer, { kind: 'found' }>, page: Page): AnswerLines[] {
  return shards.flatMap(({ bot: key, shard, fetched }) => {
    const bot = page.view.bots.find((candidate) => candidate.key === key);
    if (!bot) return [];
    const asked = { direct, counts: bot.counts, now: page.now() };
    return answerLines(withDetails(bot, shard, fetched), asked, page.voice);
  });
}

function found(line: AnswerLines, { say }: Voice, { show }: AnswerActions): ReturnType<typeof html> {
  const { bot, group, place, state, affected, next, facts } = line;
  return html`<div class="found ${group}" key=${bot}>
    <p class="place">${place}</p>
    <p class="state"><strong>${state}</strong> ${affected} ${next}</p>
    <p class="facts">
      ${facts.map((fact) => html`<span>${fact}</span>`)}
      <button class="link" onClick=${() => show(bot)}>${say('answer.show')}</button>
    </p>
  </div>`;
}
