// The legend as a filter: each count is a button that leaves only the shards of its state in sight.
import { legend } from '../shared/section.js';
import { shownOf, type ShownName } from '../shared/states.js';
import type { PublicView } from '../shared/wire.js';
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

  /** Makes buttons of the counts that are none yet, and hides what does not match now. */
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
    const button = target instanceof Element ? target.closest('.counts button') : null;
    const section = button?.closest<HTMLElement>('[data-bot]');
    if (!button || !section) return;
    const key = section.dataset.bot!;
    const state = legend[[...section.querySelectorAll('.counts button')].indexOf(button)]!;
    if (this.#only.get(key) === state) this.#only.delete(key);
    else this.#only.set(key, state);
    this.#narrow(section, this.#only.get(key));
    this.#changed();
  }

  #narrow(section: HTMLElement, only: ShownName | undefined): void {
    section.querySelectorAll('.counts > li').forEach((item, index) => {
      if (!item.querySelector('button')) item.innerHTML = `<button type=button>${item.innerHTML}</button>`;
      item.firstElementChild!.setAttribute('aria-pressed', `${legend[index] === only}`);
    });
    if (only === undefined && section.dataset.only === undefined) return;
    if (only) section.dataset.only = only;
    else delete section.dataset.only;
    hideEmpty(section, only);
  }
}

/** Lists and clusters without a match take no room. Tiles keep their places: style hides them. */
function hideEmpty(section: HTMLElement, only: ShownName | undefined): void {
  for (const list of section.querySelectorAll<HTMLElement>('.tiles, .cluster'))
    list.hidden = only !== undefined && !list.querySelector(`.tiles > .${only}`);
}
