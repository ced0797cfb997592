// The answer to `/?guild=ID` without JavaScript: the sentences of public/shared/answer.ts in HTML, or a kind refusal.
import { anchorOf, answerLines, type AnswerLines } from '../../public/shared/answer.js';
import { escapeHtml } from '../../public/shared/escape.js';
import type { NotAGuild } from '../../public/shared/guild.js';
import { escapedSay, type PageVoice } from '../../public/shared/voice.js';
import type { PublicView, ShardView } from '../../public/shared/wire.js';

/** What was asked for and found; the guild ID is not part of it. `direct`: direct messages were asked for. */
export type PageAnswer =
  { kind: 'found'; direct: boolean; bots: ShardView[] } | { kind: 'refused'; reason: NotAGuild };

/** Empty while nothing was asked, so that the script has where to put its answers. */
export function answerSlot(
  answer: PageAnswer | null,
  view: PublicView,
  now: number,
  voice: PageVoice,
): string {
  return `<section id=answer class=answer aria-live=polite>${answer ? answerHtml(answer, view, now, voice) : ''}</section>`;
}

function answerHtml(answer: PageAnswer, view: PublicView, now: number, voice: PageVoice): string {
  const say = escapedSay(voice);
  if (answer.kind === 'refused') return `<p class=refused>${say(`refused.${answer.reason}`)}</p>`;
  if (answer.bots.length === 0) return `<p class=refused>${say('answer.nobots')}</p>`;
  const lines = answer.bots.map((shard) => {
    const counts = view.bots.find((bot) => bot.key === shard.bot)?.counts;
    return answerLines(shard, { direct: answer.direct, counts, now }, voice);
  });
  const note = answer.direct ? '' : `<p class=note>${say('answer.if')}</p>`;
  return lines.map((line, index) => found(line, anchorOf(index, line.bot), voice)).join('') + note;
}

function found(
  { group, place, state, affected, next, facts }: AnswerLines,
  anchor: string,
  voice: PageVoice,
): string {
  const details = facts.map((fact) => `<span>${escapeHtml(fact)}</span>`).join('');
  return `<div class="found ${group}">
<p class=place>${escapeHtml(place)}</p>
<p class=state><strong>${escapeHtml(state)}</strong> ${escapeHtml(affected)} ${escapeHtml(next)}</p>
<p class=facts>${details}<a href="#${escapeHtml(anchor)}">${escapedSay(voice)('answer.show')}</a></p>
</div>`;
}
