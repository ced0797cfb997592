// Brings the page from one view to the next: only what differs is touched.
import { botSection, heardLine, legend, notOnlineItems } from '../shared/section.js';
import { isSilent } from '../shared/silence.js';
import { nameOf, type Group } from '../shared/states.js';
import { grid, tileText } from '../shared/tile.js';
import { groupColours } from '../shared/theme-color.js';
import { verdictOf } from '../shared/verdict.js';
import type { Voice } from '../shared/voice.js';
import type { BotView, PublicView } from '../shared/wire.js';
import { drawHeads, isMoved, noteDrawn, tilesOfBot } from './drawn.js';
import { isLost, knownAt, type Page } from './page.js';
import { sectionOf } from './read.js';

/** Draws what changed from `before` to the page's view. True when whole sections were drawn anew. */
export function drawChanges(before: PublicView, page: Page): boolean {
  const known = new Map(before.bots.map((bot) => [bot.key, bot]));
  let renewed = false;
  for (const bot of page.view.bots) {
    const old = known.get(bot.key);
    known.delete(bot.key);
    if (old === bot) continue;
    if (old && isSameShape(old, bot)) drawBot(old, bot, page);
    else renewed = drawSection(bot, page);
  }
  for (const bot of known.values()) renewed = removeSection(bot);
  if (page.view.bots.some((bot) => bot.heardAt !== null)) document.querySelector('#start')?.remove();
  return renewed;
}

const isSameShape = (a: BotView, b: BotView): boolean =>
  a.shardCount === b.shardCount &&
  a.states.length === b.states.length &&
  a.name === b.name &&
  a.certain === b.certain;

function drawBot(old: BotView, bot: BotView, page: Page): void {
  if (old.states !== bot.states) drawTiles(old.states, bot, page.voice);
  if (old.states !== bot.states || old.notReady !== bot.notReady) drawSummary(bot, page);
}

function drawTiles(old: string, bot: BotView, voice: Voice): void {
  const tiles = tilesOfBot(bot.key);
  const changed: number[] = [];
  for (let id = 0; id < tiles.length; id++) {
    if (old[id] === bot.states[id]) continue;
    const state = Number(bot.states[id]);
    const name = nameOf(state);
    tiles[id]!.classList.replace(nameOf(Number(old[id])), name);
    tiles[id]!.innerHTML = tileText(id, state, voice.say(`state.${name}`));
    changed.push(id);
  }
  drawHeads(changed, bot, voice);
}

/** Counts and the list of what is not online; the list is drawn when somebody opens it, and while it is open. */
export function drawSummary(bot: BotView, { voice, now }: Page): void {
  const section = sectionOf(bot.key);
  if (!section) return;
  drawCounts(section, bot, voice);
  const details = section.querySelector<HTMLDetailsElement>('.notonline')!;
  details.hidden = bot.counts.online === bot.states.length;
  if (details.open) details.querySelector('ul')!.innerHTML = notOnlineItems(bot, voice, now());
}

/** In place: each is a button by now, and may have the focus. */
function drawCounts(section: HTMLElement, { counts }: BotView, { count }: Voice): void {
  section.querySelectorAll('.counts > li').forEach((item, index) => {
    const n = counts[legend[index]!];
    item.className = n === 0 ? 'none' : '';
    setText(item.querySelector('b')!, count(n));
  });
}

function drawSection(bot: BotView, { voice, now }: Page): true {
  const template = document.createElement('template');
  template.innerHTML = botSection(bot, voice, { now: now(), ticking: true });
  const old = sectionOf(bot.key);
  if (old) old.replaceWith(template.content);
  else document.querySelector('#bots')!.append(template.content);
  noteDrawn(bot);
  return true;
}

/** Brings shards to the clusters that have them now. Not with every frame: clusters that start come one by one. */
export function regroup({ view, voice }: Page): boolean {
  const moved = view.bots.filter(isMoved);
  for (const bot of moved) {
    sectionOf(bot.key)!.querySelector('.grid')!.outerHTML = grid(bot, voice);
    noteDrawn(bot);
  }
  return moved.length > 0;
}

function removeSection(bot: BotView): true {
  sectionOf(bot.key)?.remove();
  noteDrawn(bot);
  return true;
}

/** The sentence on top, the tab's title and its icon. */
export function drawVerdict(page: Page): void {
  const { view, voice, link } = page;
  const { group, sentence, short } = verdictOf(view, voice, knownAt(page));
  const verdict = document.querySelector('#verdict')!;
  setClass(verdict, `verdict ${group}`);
  setText(verdict.querySelector('h1')!, sentence);
  setText(document.querySelector('.site span')!, view.title);
  const lost = isLost(link);
  const title = `${lost ? voice.say('title.lost') : short} · ${view.title}`;
  if (document.title !== title) document.title = title;
  drawIcon(lost ? 'unknown' : group);
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

/** When each bot was last heard; a silent one is grey. Runs every second. */
export function drawFreshness(page: Page): void {
  const { view, voice, link } = page;
  const moment = { now: knownAt(page), ticking: link === 'live' };
  for (const bot of view.bots) {
    const section = sectionOf(bot.key);
    if (!section) continue;
    const { text, silent } = heardLine(bot, voice, moment);
    const heard = section.querySelector<HTMLTimeElement>('.heard')!;
    setText(heard, text);
    setClass(heard, silent ? 'heard silent' : 'heard');
    setClass(section, isSilent(bot, moment.now) ? 'bot silent' : 'bot');
    if (bot.heardAt !== null) heard.dateTime = new Date(bot.heardAt).toISOString();
  }
}

/** Unchanged text is left alone: screen readers announce what is written. */
function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function setClass(element: Element, name: string): void {
  if (element.className !== name) element.className = name;
}
