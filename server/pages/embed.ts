// What chats read of a page, Discord's crawler first: title, sentence, image and colour of the state it is in.
import { answerText, inOneLine, worstFirst, type AnswerLines } from '../../public/shared/answer.js';
import { escapeHtml } from '../../public/shared/escape.js';
import type { Group } from '../../public/shared/states.js';
import { groupColours } from '../../public/shared/theme-color.js';
import type { Verdict } from '../../public/shared/verdict.js';
import type { PageVoice } from '../../public/shared/voice.js';
import type { PublicView } from '../../public/shared/wire.js';
import { linesOfAnswer, type PageAnswer } from './answer.js';
import { CARD_HEIGHT, CARD_WIDTH } from './card.js';

const MAX_TITLE = 80;
const MAX_DESCRIPTION = 300;
const ANSWERED_BOTS = 3; // more would not be read in a chat

export interface Embed {
  view: PublicView;
  verdict: Verdict;
  answer: PageAnswer | null;
  now: number;
  voice: PageVoice;
  /** As configured; null: not known, for the Host header is never trusted. */
  publicUrl: string | null;
  /** With the version it shows, so that chats do not keep an old one. */
  cardPath: string;
}

interface Words {
  group: Group;
  title: string;
  sentence: string;
}

/** The tags of the head. The guild ID is in none of them. */
export function embedTags(embed: Embed): string {
  const { view, voice, publicUrl, cardPath, verdict } = embed;
  const { group, title, sentence } = wordsOf(embed);
  const asOf = voice.say('embed.asOf', { clock: voice.clock(view.at, 0) }); // with the day: chats keep it for years
  const description = `${shorten(sentence, MAX_DESCRIPTION)} ${asOf}`;
  const tags: [name: string, content: string][] = [
    ['description', description],
    ['theme-color', groupColours[group]],
    ['twitter:card', 'summary_large_image'],
    ['og:type', 'website'],
    ['og:site_name', view.title],
    ['og:title', shorten(title, MAX_TITLE)],
    ['og:description', description],
    ...(publicUrl === null ? [] : [['og:url', `${publicUrl}/`] as [string, string]]),
    ['og:image', `${publicUrl ?? ''}${cardPath}`],
    ['og:image:type', 'image/png'],
    ['og:image:width', `${CARD_WIDTH}`],
    ['og:image:height', `${CARD_HEIGHT}`],
    ['og:image:alt', `${verdict.sentence} ${asOf}`],
  ];
  return tags.map(([name, content]) => tag(name, content)).join('\n');
}

const tag = (name: string, content: string): string =>
  `<meta ${name.startsWith('og:') ? 'property' : 'name'}="${name}" content="${escapeHtml(content)}">`;

/** The answer where a guild was asked about, the bot that is worst off first; the verdict else. */
function wordsOf({ view, verdict, answer, now, voice }: Embed): Words {
  const answered = answeredWorstFirst(answer, view, now, voice);
  const [worst] = answered;
  if (!worst)
    return { group: verdict.group, title: `${verdict.short} · ${view.title}`, sentence: verdict.sentence };
  return {
    group: worst.group,
    title: `${worst.lead.replace(/[.。]$/, '')} · ${view.title}`,
    sentence: inOneLine(answered.slice(0, ANSWERED_BOTS).map(answerText)),
  };
}

/** What is said of the shards of the guild that was asked about; title and picture are about the first. */
export const answeredWorstFirst = (
  answer: PageAnswer | null,
  view: PublicView,
  now: number,
  voice: PageVoice,
): AnswerLines[] =>
  answer?.kind === 'found'
    ? linesOfAnswer({ ...answer, bots: worstFirst(answer.bots) }, view, now, voice)
    : [];

/** Cut between characters, also those of two code units; a cut text ends in "…". */
export function shorten(text: string, max: number): string {
  if (text.length <= max) return text;
  let cut = '';
  for (const character of text) {
    if (cut.length + character.length > max - 1) break;
    cut += character;
  }
  return `${cut.trimEnd()}…`;
}
