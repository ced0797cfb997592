// Brings the page from one view to the next: only what differs is touched.
import { botSection, countItems, heardLine, notOnlineItems } from '../shared/section.js';
import { nameOf } from '../shared/states.js';
import { tileText } from '../shared/tile.js';
import { verdictOf } from '../shared/verdict.js';
import type { Voice } from '../shared/voice.js';
import type { BotView, PublicView } from '../shared/wire.js';
import { isLost, type Page } from './page.js';
import { sectionOf, tilesOf } from './read.js';

const tilesByBot = new Map<string, HTMLLIElement[]>();

/** The tiles of a bot by shard id; empty for a bot that is not on the page. */
export function tilesOfBot(key: string): HTMLLIElement[] {
  const known = tilesByBot.get(key);
  if (known) return known;
  const section = sectionOf(key);
  const tiles = section ? tilesOf(section) : [];
  if (section) tilesByBot.set(key, tiles);
  return tiles;
}

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
  for (const key of known.keys()) renewed = removeSection(key);
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

function drawTiles(old: string, bot: BotView, { say }: Voice): void {
  const tiles = tilesOfBot(bot.key);
  for (let id = 0; id < tiles.length; id++) {
    if (old[id] === bot.states[id]) continue;
    const state = Number(bot.states[id]);
    const name = nameOf(state);
    tiles[id]!.classList.replace(nameOf(Number(old[id])), name);
    tiles[id]!.innerHTML = tileText(id, state, say(`state.${name}`));
  }
}

/** Counts and the list of what is not online; a list that was opened stays open. */
export function drawSummary(bot: BotView, { voice, now }: Page): void {
  const section = sectionOf(bot.key);
  if (!section) return;
  section.querySelector('.counts')!.innerHTML = countItems(bot, voice);
  const details = section.querySelector<HTMLDetailsElement>('.notonline')!;
  details.hidden = bot.counts.online === bot.states.length;
  details.querySelector('ul')!.innerHTML = notOnlineItems(bot, voice, now());
}

function drawSection(bot: BotView, { voice, now }: Page): true {
  const template = document.createElement('template');
  template.innerHTML = botSection(bot, voice, { now: now(), ticking: true });
  const old = sectionOf(bot.key);
  if (old) old.replaceWith(template.content);
  else document.querySelector('#bots')!.append(template.content);
  tilesByBot.delete(bot.key);
  return true;
}

function removeSection(key: string): true {
  sectionOf(key)?.remove();
  tilesByBot.delete(key);
  return true;
}

/** The sentence on top, the tab's title and its icon. */
export function drawVerdict({ view, voice, now, link }: Page): void {
  const { group, sentence, short } = verdictOf(view, voice, now());
  const verdict = document.querySelector('#verdict')!;
  verdict.className = `verdict ${group}`;
  setText(verdict.querySelector('h1')!, sentence);
  setText(document.querySelector('.site')!, view.title);
  const lost = isLost(link);
  document.title = `${lost ? voice.say('title.lost') : short} · ${view.title}`;
  const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]')!;
  const href = icon.href.replace(/[^/]+\.svg$/, `${lost ? 'unknown' : group}.svg`);
  if (icon.href !== href) icon.href = href;
}

/** When each bot was last heard; runs every second. */
export function drawFreshness({ view, voice, now, link }: Page): void {
  for (const bot of view.bots) {
    const element = sectionOf(bot.key)?.querySelector<HTMLTimeElement>('.heard');
    if (!element) continue;
    const { text, silent } = heardLine(bot, voice, { now: now(), ticking: link === 'live' });
    setText(element, text);
    element.classList.toggle('silent', silent);
    if (bot.heardAt !== null) element.dateTime = new Date(bot.heardAt).toISOString();
  }
}

/** Unchanged text is left alone: screen readers announce what is written. */
function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
