// The answer to `?guild=ID` without JavaScript: the lines of public/shared/answer.ts, or a kind refusal.
import {
  anchorOf,
  answerLines,
  answerText,
  foundHtml,
  isBrief,
  keepHtml,
  NOT_KEPT,
  type AnswerLines,
} from '../../public/shared/answer.js';
import { isOneShard } from '../../public/shared/bots.js';
import { escapeHtml } from '../../public/shared/escape.js';
import type { NotAGuild } from '../../public/shared/guild.js';
import { escapedSay, type PageVoice, type Voice } from '../../public/shared/voice.js';
import type { PublicView, ShardView } from '../../public/shared/wire.js';

/** What was asked for and found; the guild ID is not part of it. `direct`: direct messages were asked for. */
export type PageAnswer =
  { kind: 'found'; direct: boolean; bots: ShardView[] } | { kind: 'refused'; reason: NotAGuild };

export type FoundAnswer = Extract<PageAnswer, { kind: 'found' }>;

/** Empty while nothing was asked, so that the script has where to put its answers. */
export function answerSlot(
  answer: PageAnswer | null,
  view: PublicView,
  now: number,
  voice: PageVoice,
): string {
  return `<section id=answer class=answer aria-live=polite>${answer ? answerHtml(answer, view, now, voice) : ''}</section>`;
}

/** A line or more for each bot. */
export function linesOfAnswer(
  { direct, bots }: FoundAnswer,
  view: PublicView,
  now: number,
  voice: Voice,
): AnswerLines[] {
  return bots.map((shard, index) => {
    const bot = view.bots.find(({ key }) => key === shard.bot);
    const { counts, usual } = bot ?? { counts: undefined };
    const asked = { direct, bots: bots.length, isBrief: isBrief(shard, index), counts, usual, now };
    return answerLines(shard, asked, voice);
  });
}

/** As plain text, a line for each bot. */
export function answerTexts(answer: PageAnswer, view: PublicView, now: number, voice: Voice): string[] {
  if (answer.kind === 'refused') return [voice.say(`refused.${answer.reason}`)];
  if (answer.bots.length === 0) return [voice.say('answer.nobots')];
  return linesOfAnswer(answer, view, now, voice).map(answerText);
}

function answerHtml(answer: PageAnswer, view: PublicView, now: number, voice: PageVoice): string {
  const say = escapedSay(voice);
  if (answer.kind === 'refused' || answer.bots.length === 0) {
    const [why] = answerTexts(answer, view, now, voice);
    return `<p class=refused>${escapeHtml(why!)}</p>`;
  }
  const found = linesOfAnswer(answer, view, now, voice).map((line, index) => {
    const anchor = escapeHtml(anchorOf(index, line.bot));
    const isInGrid = !isOneShard(answer.bots[index]!);
    return foundHtml(line, isInGrid ? `<a href="#${anchor}">${say('answer.show')}</a>` : '');
  });
  return found.join('') + keepHtml(answer.direct, NOT_KEPT, voice);
}
