// The verdict where everybody sees it: the sentence on top, the tab's title and its icon.
import { groupColours } from '../shared/theme-color.js';
import type { Group } from '../shared/states.js';
import { verdictOf, verdictRoom } from '../shared/verdict.js';
import { isLost, knownAt, type Page } from './page.js';
import { setClass, isNewText, setText } from './touch.js';

/** The sentence on top, the tab's title and its icon. */
export function drawVerdict(page: Page): void {
  const { view, voice, link } = page;
  const { group, sentence, short } = verdictOf(view, voice, knownAt(page));
  const verdict = document.querySelector('#verdict')!;
  setClass(verdict, `verdict ${group}`);
  const heading = verdict.querySelector('h1')!;
  if (isNewText(heading, sentence)) {
    heading.textContent = sentence;
    const heard = verdict.querySelector('.heard')!;
    heard.replaceWith(heard.cloneNode(true)); // below a sentence of another length: the same node would count as moved
  }
  setText(document.querySelector('.site span')!, view.title);
  const lost = isLost(link);
  const title = `${lost ? voice.say('title.lost') : short} · ${view.title}`;
  if (document.title !== title) document.title = title;
  drawIcon(lost ? 'unknown' : group);
}

/** For other bots than the server wrote room for. */
export function makeRoom({ view, voice }: Page): void {
  document.querySelector<HTMLElement>('#verdict')!.dataset.room = verdictRoom(view, voice);
}

function drawIcon(group: Group): void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]')!;
  const href = iconOf(icon.href, group);
  if (icon.href !== href) icon.href = href;
  document.querySelector<HTMLMetaElement>('meta[name=theme-color]')!.content = groupColours[group];
}

/** While the server is down its icons cannot be had: the one for that is put into the cache before. */
export function keepLostIcon(): void {
  new Image().src = iconOf(document.querySelector<HTMLLinkElement>('link[rel=icon]')!.href, 'unknown');
}

const iconOf = (href: string, group: Group): string => href.replace(/[^/]+\.svg$/, `${group}.svg`);
