// Brings the page from one view to the next: only what differs is touched.
import { isOneShard } from '../shared/bots.js';
import { shownStates } from '../shared/counts.js';
import { grid } from '../shared/grid.js';
import { heardOnPage } from '../shared/heard.js';
import { botSection, onlineLine, rowHtml } from '../shared/section.js';
import { isSilent } from '../shared/silence.js';
import { nameOf } from '../shared/states.js';
import { tileText } from '../shared/tile.js';
import type { Voice } from '../shared/voice.js';
import type { BotView, PublicView } from '../shared/wire.js';
import { drawChips } from './chips.js';
import { drawHeads, isMoved, noteDrawn, standingOf, tilesOfBot } from './drawn.js';
import { fill } from './fill.js';
import { onlyShardOf } from './only-shard.js';
import { knownAt, type Page } from './page.js';
import { sectionOf } from './read.js';
import { setClass, setText } from './touch.js';

/** Draws what changed from `before` to the page's view. True when whole sections were drawn anew. */
export function drawChanges(before: PublicView, page: Page): boolean {
  const known = new Map(before.bots.map((bot) => [bot.key, bot]));
  let renewed = false;
  const isOther = (before.bots.length === 1) !== (page.view.bots.length === 1);
  for (const bot of page.view.bots) {
    const old = known.get(bot.key);
    known.delete(bot.key);
    if (old === bot && !isOther) continue;
    if (old && !isOther && isSameShape(old, bot)) drawBot(old, bot, page);
    else renewed = drawSection(bot, page);
  }
  for (const bot of known.values()) renewed = removeSection(bot);
  drawKind(page.view);
  return renewed;
}

/** What the page has no use for until bots report, or have more than one shard. */
function drawKind({ bots }: PublicView): void {
  if (bots.some((bot) => bot.heardAt !== null)) {
    document.querySelector('#start')?.remove();
    document.querySelector('main')!.classList.remove('unheard');
  }
  const isPointless = bots.length > 0 && bots.every(isOneShard);
  document.querySelector<HTMLElement>('.lookup')!.hidden =
    isPointless && document.querySelector('#answer')!.textContent === '';
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

/** How many are online, the chips, and the line that a bot is among others. */
export function drawSummary(bot: BotView, { view, voice, now }: Page): void {
  const section = sectionOf(bot.key);
  const chips = section?.querySelector<HTMLElement>('.counts');
  if (chips) drawChips(chips, bot, voice);
  const size = section?.querySelector('header > .size');
  if (size) setText(size, onlineLine(bot, view.bots.length > 1, voice));
  const row = section?.querySelector('.row > summary, div.row');
  if (row) fill(row, rowHtml(bot, voice, now(), onlyShardOf(bot)));
}

function drawSection(bot: BotView, { view, voice, now }: Page): true {
  const old = sectionOf(bot.key);
  const opened = document.querySelector('.opened')!;
  const isOpen = old ? opened.contains(old) : !isOneShard(bot) && !opened.querySelector('.bot');
  const standing = view.bots.length === 1 ? 'alone' : isOpen ? 'open' : 'line';
  const template = document.createElement('template');
  template.innerHTML = botSection(bot, voice, { now: now(), ticking: true }, { standing });
  if (old) old.replaceWith(template.content);
  else (isOpen ? opened : document.querySelector('#bots')!).append(template.content);
  noteDrawn(bot);
  return true;
}

/** Brings shards to the clusters that have them now. Not with every frame: clusters that start come one by one. */
export function regroup({ view, voice }: Page): boolean {
  const moved = view.bots.filter(isMoved);
  for (const bot of moved) {
    const old = sectionOf(bot.key)!.querySelector('.grid')!;
    old.outerHTML = grid(bot, voice, standingOf(bot.key));
    noteDrawn(bot);
  }
  return moved.length > 0;
}

function removeSection(bot: BotView): true {
  sectionOf(bot.key)?.remove();
  noteDrawn(bot);
  return true;
}

/** When the bots were last heard; a silent one is grey. Runs every second. */
export function drawFreshness(page: Page): void {
  const { view, voice, link } = page;
  const moment = { now: knownAt(page), ticking: link === 'live' };
  const { text, silent } = heardOnPage(view.bots, onlyShardOf(view.bots[0]), voice, moment);
  const heard = document.querySelector('#verdict .heard')!;
  setText(heard, text);
  setClass(heard, silent ? 'heard silent' : 'heard');
  for (const bot of view.bots) {
    const section = sectionOf(bot.key);
    if (section) setClass(section, isSilent(bot, moment.now) ? 'bot silent' : 'bot');
    if (section && isOneShard(bot)) drawSummary(bot, page);
  }
}
