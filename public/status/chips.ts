// The chips of a bot: one for each state that is not Online, each a button that narrows the grid to it.
import { shownCounts } from '../shared/counts.js';
import { countItem, countText, worstFirst } from '../shared/section.js';
import { nameOf } from '../shared/states.js';
import type { Voice } from '../shared/voice.js';
import type { BotView } from '../shared/wire.js';
import { setClass } from './touch.js';

/** In place: none moves another. A state that nothing is in any more keeps its place unseen, a new one takes the next free one. */
export function drawChips(list: HTMLElement, bot: BotView, voice: Voice): void {
  const counts = shownCounts(bot.counts);
  for (const name of worstFirst.map(nameOf)) {
    const chip = list.querySelector<HTMLElement>(`[data-state=${name}]`);
    if (chip) {
      setClass(chip, counts[name] === 0 ? 'none' : '');
      if (chip.querySelector('b')!.textContent !== voice.count(counts[name]))
        chip.querySelector('[data-room] > span')!.innerHTML = countText(name, bot, voice); // anew: the word would count as moved
    } else if (counts[name] > 0) addChip(list, countItem(name, bot, voice));
  }
}

/** What stands below keeps its place: a list that has no more room is scrolled. */
function addChip(list: HTMLElement, html: string): void {
  list.style.maxHeight ||= `${list.offsetHeight}px`;
  list.insertAdjacentHTML('beforeend', html);
  const chip = list.lastElementChild as HTMLElement;
  chip.style.setProperty('--late', `${list.children.length}`);
  makeButton(chip);
}

addEventListener('resize', () => {
  for (const list of document.querySelectorAll<HTMLElement>('.counts')) list.style.maxHeight = '';
});

/** The server's chips are none: without the script there is nothing to press. */
export function makeButton(chip: HTMLElement): HTMLButtonElement {
  const known = chip.querySelector('button');
  if (known) return known;
  chip.innerHTML = `<button type=button aria-pressed=false>${chip.innerHTML}</button>`;
  return chip.firstElementChild as HTMLButtonElement;
}
