// The card that chats show under a link, as SVG: the verdict, the counts and a small grid, on the dark theme's colours.
import { shownStates } from '../../public/shared/counts.js';
import { escapeHtml } from '../../public/shared/escape.js';
import { shardViewOf, shownStateOf } from '../../public/shared/shard.js';
import { groupOf, nameOf, type Group } from '../../public/shared/states.js';
import { verdictOf } from '../../public/shared/verdict.js';
import type { PageVoice } from '../../public/shared/voice.js';
import type { PublicView } from '../../public/shared/wire.js';
import { cardColours, cardGrid } from './card-grid.js';
import { drawLegend, LEGEND_LINE, legendLines } from './card-legend.js';
import { drawable, fit, widthOf } from './card-text.js';
import { groupStrokes } from './favicon.js';

export const CARD_WIDTH = 1200;
export const CARD_HEIGHT = 630;
const MARGIN = 64;
const INNER = CARD_WIDTH - 2 * MARGIN;
const SENTENCE_SIZES = [
  { size: 84, lines: 1 },
  { size: 68, lines: 2 },
  { size: 54, lines: 2 },
  { size: 58, lines: 3 },
  { size: 48, lines: 3 },
]; /** Above a second sentence. */
const SHARD_SIZES = [68, 58, 48].map((size) => ({ size, lines: 1 })).concat({ size: 48, lines: 2 });

/** Whether the card's font can draw what a language writes; where not, the card is in English. */
export const speaks = ({ say }: PageVoice): boolean => drawable(say('state.online')) === say('state.online');

/** A shard that was asked about: it is what the card is about then, and marked in the grid. */
export interface Asked {
  bot: string;
  shard: number;
}

export function cardSvg(shown: PublicView, voice: PageVoice, now: number, asked?: Asked): string {
  const view = withDrawableNames(shown);
  const verdict = verdictOf(view, voice, now);
  const about = asked && aboutShard(view, asked, voice);
  const { group, sentence } = about ?? verdict;
  const text = fit(sentence, INNER, about ? SHARD_SIZES : SENTENCE_SIZES);
  const top = 176;
  const below = Math.round(top + text.lines.length * text.size * 1.16);
  const legend = legendLines(view.bots, voice, INNER);
  const free = below + (about ? 44 : 0) + 44 + legend.length * LEGEND_LINE;
  const box = { x: MARGIN, width: INNER, bottom: CARD_HEIGHT - 56, height: CARD_HEIGHT - 56 - free };
  const grid = cardGrid(view.bots.map(shownStates).join(''), box, about?.square);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${CARD_WIDTH}" height="${CARD_HEIGHT}" font-family="Inter">
<rect width="100%" height="100%" fill="#0b1220"/><rect width="14" height="100%" fill="${cardColours[group]}"/>
${header(view.title, voice.say('embed.asOf', { clock: voice.clock(view.at, 0) }), group)}
${sentenceLines(text.lines, text.size, top)}
${about ? line(fit(verdict.sentence, INNER, [{ size: 30, lines: 1 }]).lines[0]!, { x: MARGIN, y: below + 34, size: 30, fill: '#a9b6cc' }) : ''}
${drawLegend(legend, { x: MARGIN, bottom: grid.top - 38 }, line)}
${grid.svg}
${grid.each > 1 ? small(voice.say('card.squares', { n: grid.each })) : ''}
</svg>`;
}

/** Undefined where there is no such shard. */
function aboutShard(
  { bots }: PublicView,
  { bot: key, shard }: Asked,
  { say }: PageVoice,
): { group: Group; sentence: string; square: number } | undefined {
  const index = bots.findIndex((bot) => bot.key === key);
  const bot = bots[index];
  if (!bot || !(shard < bot.states.length)) return undefined;
  const state = shownStateOf(shardViewOf(bot, shard));
  const said = [say('grid.shard', { shard: `${shard}` }), say(`state.${nameOf(state)}`)];
  return {
    group: groupOf[state]!,
    sentence: (bots.length > 1 ? [bot.name, ...said] : said).join(' · '),
    square: bots.slice(0, index).reduce((sum, { states }) => sum + states.length, 0) + shard,
  };
}

/** Names without what the font lacks; a bot whose name has nothing left goes by its key. */
function withDrawableNames(view: PublicView): PublicView {
  const bots = view.bots.map((bot) => ({ ...bot, name: drawable(bot.name) || bot.key }));
  return { ...view, title: drawable(view.title), bots };
}

function header(title: string, asOf: string, group: Group): string {
  const { lines } = fit(title, INNER - 96 - widthOf(asOf, 26) - 32, [{ size: 32, lines: 1 }]);
  return `<g transform="translate(${MARGIN} 56) scale(2)"><rect width="32" height="32" rx="8" fill="${cardColours[group]}"/><path d="${groupStrokes[group]}" fill="none" stroke="#0b1220" stroke-width="3.6" stroke-linecap="round" stroke-linejoin="round"/></g>
${line(lines[0]!, { x: MARGIN + 88, y: 99, size: 32, fill: '#eef2f9' })}
${line(asOf, { x: CARD_WIDTH - MARGIN, y: 98, size: 26, fill: '#a9b6cc', end: true })}`;
}

const sentenceLines = (lines: string[], size: number, top: number): string =>
  lines
    .map((text, index) =>
      line(text, { x: MARGIN, y: top + size * (0.8 + index * 1.16), size, fill: '#ffffff', bold: true }),
    )
    .join('\n');

const small = (text: string): string =>
  line(text, { x: CARD_WIDTH - MARGIN, y: CARD_HEIGHT - 22, size: 20, fill: '#a9b6cc', end: true });

interface Line {
  x: number;
  y: number;
  size: number;
  fill: string;
  bold?: true;
  end?: true;
}

const line = (text: string, { x, y, size, fill, bold, end }: Line): string =>
  `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}"${bold ? ' font-weight="600"' : ''}${end ? ' text-anchor="end"' : ''}>${escapeHtml(text)}</text>`;
