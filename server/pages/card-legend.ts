// What the colours and signs on the card mean: every state that occurs, and how many shards are in it.
import { shownCounts } from '../../public/shared/counts.js';
import { groupOf, nameOf, shownNames, STOPPED, type State } from '../../public/shared/states.js';
import type { PageVoice } from '../../public/shared/voice.js';
import type { BotView } from '../../public/shared/wire.js';
import { cardColours, inkOn, stateStrokes } from './card-grid.js';
import { widthOf } from './card-text.js';

/** Online comes first, then the worst. */
const ORDER: readonly State[] = [3, 2, 1, 6, 4, 5, 0, STOPPED];
const SIZE = 26;
const SIGN = 26;
const GAP = 28;
export const LEGEND_LINE = 40;

interface Entry {
  state: State;
  text: string;
  width: number;
}

/** In lines that fit. */
export function legendLines(bots: readonly BotView[], voice: PageVoice, width: number): Entry[][] {
  const counts = bots.map((bot) => shownCounts(bot.counts));
  const sums = shownNames.map((name) => counts.reduce((sum, one) => sum + one[name], 0));
  const entries = ORDER.filter((state) => sums[state]! > 0).map((state) => {
    const text = `${voice.count(sums[state]!)} ${voice.say(`state.${nameOf(state)}`)}`;
    return { state, text, width: SIGN + 10 + widthOf(text, SIZE) + GAP };
  });
  const lines: Entry[][] = [[]];
  let used = 0;
  for (const entry of entries) {
    if (used + entry.width - GAP > width && used > 0) {
      lines.push([]);
      used = 0;
    }
    lines.at(-1)!.push(entry);
    used += entry.width;
  }
  return lines;
}

/** `line` draws a text: its place, size and words. */
export function drawLegend(
  lines: Entry[][],
  at: { x: number; bottom: number },
  line: (text: string, place: { x: number; y: number; size: number; fill: string }) => string,
): string {
  return lines
    .map((entries, index) => {
      const y = at.bottom - (lines.length - 1 - index) * LEGEND_LINE;
      let x = at.x;
      return entries.map(({ state, text, width }) => {
        const drawn = sign(state, x, y) + line(text, { x: x + SIGN + 10, y, size: SIZE, fill: '#eef2f9' });
        x += width;
        return drawn;
      });
    })
    .flat()
    .join('');
}

function sign(state: State, x: number, y: number): string {
  const group = groupOf[state]!;
  return `<g transform="translate(${x} ${y - 22}) scale(${SIGN / 32})"><rect width="32" height="32" rx="7" fill="${cardColours[group]}"/><path d="${stateStrokes[state]}" fill="none" stroke="${inkOn(group)}" stroke-width="3.6" stroke-linecap="round" stroke-linejoin="round"/></g>`;
}
