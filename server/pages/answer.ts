// The answer to `/?guild=ID` without JavaScript: the sentences of public/shared/answer.ts in HTML, or a kind refusal.
import { anchorOf, answerLines, foundHtml } from '../../public/shared/answer.js';
import { isOneShard } from '../../public/shared/bots.js';
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
    const bot = view.bots.find(({ key }) => key === shard.bot);
    const asked = { direct: answer.direct, counts: bot?.counts, usual: bot?.usual, now };
    return answerLines(shard, asked, voice);
  });
  const note = answer.direct ? '' : `<p class=note>${say('answer.if')}</p>`;
  const found = lines.map((line, index) => {
    const anchor = escapeHtml(anchorOf(index, line.bot));
    const isInGrid = !isOneShard(answer.bots[index]!);
    return foundHtml(line, isInGrid ? `<a href="#${anchor}">${say('answer.show')}</a>` : '');
  });
  return found.join('') + note;
}
