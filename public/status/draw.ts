// Brings the page from one view to the next: only what differs is touched.
import { shownCounts, shownStates } from '../shared/counts.js';
import { botSection, heardLine, legend, notOnlineItems } from '../shared/section.js';
import { isSilent } from '../shared/silence.js';
import { nameOf } from '../shared/states.js';
import { grid, tileText } from '../shared/tile.js';
import type { Voice } from '../shared/voice.js';
import type { BotView, PublicView } from '../shared/wire.js';
import { drawHeads, isMoved, noteDrawn, tilesOfBot } from './drawn.js';
import { knownAt, type Page } from './page.js';
import { sectionOf } from './read.js';
import { setClass, setText } from './touch.js';

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
  const [before, after] = [shownStates(old), shownStates(bot)];
  if (before !== after) drawTiles(before, after, bot, page.voice);
  if (before !== after || old.notReady !== bot.notReady) drawSummary(bot, page);
}

function drawTiles(before: string, after: string, bot: BotView, voice: Voice): void {
  const tiles = tilesOfBot(bot.key);
  const changed: number[] = [];
  for (let id = 0; id < tiles.length; id++) {
    if (before[id] === after[id]) continue;
    const state = Number(after[id]);
    const name = nameOf(state);
    tiles[id]!.classList.replace(nameOf(Number(before[id])), name);
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
  const shown = shownCounts(counts);
  section.querySelectorAll('.counts > li').forEach((item, index) => {
    const n = shown[legend[index]!];
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
