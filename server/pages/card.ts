// The card that chats show under a link, as SVG: the verdict, the counts and a small grid, on the dark theme's colours.
import { shownCounts, shownStates } from '../../public/shared/counts.js';
import { escapeHtml } from '../../public/shared/escape.js';
import { groupOf, nameOf, shownNames, STOPPED, type Group } from '../../public/shared/states.js';
import { verdictOf } from '../../public/shared/verdict.js';
import type { PageVoice } from '../../public/shared/voice.js';
import type { PublicView } from '../../public/shared/wire.js';
import { cardColours, cardGrid } from './card-grid.js';
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
];
const WORST_FIRST = [3, 2, 1, 6, 4, 5, 0, STOPPED];
const SHOWN_COUNTS = 5;

/** Whether the card's font can draw what a language writes; where not, the card is in English. */
export const speaks = ({ say }: PageVoice): boolean => drawable(say('state.online')) === say('state.online');

export function cardSvg(shown: PublicView, voice: PageVoice, now: number): string {
  const view = withDrawableNames(shown);
  const { group, sentence } = verdictOf(view, voice, now);
  const text = fit(sentence, INNER, SENTENCE_SIZES);
  const top = 176;
  const free = Math.round(top + text.lines.length * text.size * 1.16 + 84);
  const states = view.bots.map(shownStates).join('');
  const grid = cardGrid(states, {
    x: MARGIN,
    width: INNER,
    bottom: CARD_HEIGHT - 56,
    height: CARD_HEIGHT - 56 - free,
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${CARD_WIDTH}" height="${CARD_HEIGHT}" font-family="Inter">
<rect width="100%" height="100%" fill="#0b1220"/><rect width="14" height="100%" fill="${cardColours[group]}"/>
${header(view.title, voice.say('embed.asOf', { clock: voice.clock(view.at, 0) }), group)}
${sentenceLines(text.lines, text.size, top)}
${counts(view, voice, grid.top - 38)}
${grid.svg}
${grid.each > 1 ? small(voice.say('card.squares', { n: grid.each })) : ''}
</svg>`;
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

/** The worst few states by number; Online comes first, as on the page. */
function counts({ bots }: PublicView, voice: PageVoice, y: number): string {
  const shownOf = bots.map((bot) => shownCounts(bot.counts));
  const sums = shownNames.map((name) => shownOf.reduce((sum, one) => sum + one[name], 0));
  const shown = WORST_FIRST.filter((state) => sums[state]! > 0).slice(0, SHOWN_COUNTS);
  let x = MARGIN;
  const drawn = shown.map((state) => {
    const text = `${voice.count(sums[state]!)} ${voice.say(`state.${nameOf(state)}`)}`;
    const dot = `<rect x="${x}" y="${y - 20}" width="22" height="22" rx="5" fill="${cardColours[groupOf[state]!]}"/>`;
    const label = line(text, { x: x + 34, y, size: 26, fill: '#eef2f9' });
    x += 34 + widthOf(text, 26) + 28;
    return x > CARD_WIDTH ? '' : dot + label;
  });
  return drawn.join('');
}

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
