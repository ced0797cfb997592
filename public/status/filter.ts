// The chips as a filter: each is a button that leaves only the shards of its state in sight.
import { shownOf, type ShownName } from '../shared/states.js';
import type { PublicView } from '../shared/wire.js';
import { makeButton } from './chips.js';
import { sectionOf } from './read.js';

export class Filter {
  /** By bot. */
  readonly #only = new Map<string, ShownName>();
  readonly #changed: () => void;

  /** `changed` is told after tiles came into sight or left it. */
  constructor(changed: () => void) {
    this.#changed = changed;
    document.querySelector('#bots')!.addEventListener('click', ({ target }) => this.#click(target));
  }

  get isOn(): boolean {
    return this.#only.size > 0;
  }

  /** What a bot's grid is narrowed to. */
  onlyOf(bot: string): number | undefined {
    return shownOf(this.#only.get(bot));
  }

  /** Makes buttons of the chips that are none yet, and hides what does not match now. */
  apply({ bots }: PublicView): void {
    for (const { key } of bots) {
      const section = sectionOf(key);
      if (section) this.#narrow(section, this.#only.get(key));
      else this.#only.delete(key);
    }
  }

  /** True when something had been narrowed. */
  clear(view: PublicView): boolean {
    if (!this.isOn) return false;
    this.#only.clear();
    this.apply(view);
    this.#changed();
    return true;
  }

  #click(target: EventTarget | null): void {
    const chip = target instanceof Element ? target.closest<HTMLElement>('.counts > li') : null;
    const section = chip?.closest<HTMLElement>('[data-bot]');
    if (!chip || !section) return;
    const key = section.dataset.bot!;
    const state = chip.dataset.state as ShownName;
    if (this.#only.get(key) === state) this.#only.delete(key);
    else this.#only.set(key, state);
    this.#narrow(section, this.#only.get(key));
    this.#changed();
  }

  #narrow(section: HTMLElement, only: ShownName | undefined): void {
    for (const chip of section.querySelectorAll<HTMLElement>('.counts > li'))
      makeButton(chip).ariaPressed = `${chip.dataset.state === only}`;
    if (only === undefined && section.dataset.only === undefined) return;
    if (only) section.dataset.only = only;
    else delete section.dataset.only;
    hideEmpty(section, only);
  }
}

/** Lists and clusters without a match take no room; those with one open. Tiles keep their places: style hides them. */
function hideEmpty(section: HTMLElement, only: ShownName | undefined): void {
  for (const list of section.querySelectorAll<HTMLElement>('.tiles, .cluster')) {
    list.hidden = only !== undefined && !list.querySelector(`:scope > .${only}, .tiles > .${only}`);
    if (list instanceof HTMLDetailsElement) openFor(list, only !== undefined && !list.hidden);
  }
}

/** What was folded before is folded again. */
function openFor(fold: HTMLDetailsElement, isFiltered: boolean): void {
  if (isFiltered === fold.open) return;
  if (isFiltered) fold.dataset.was = 'folded';
  else if (fold.dataset.was !== 'folded') return;
  else delete fold.dataset.was;
  fold.open = isFiltered;
}
