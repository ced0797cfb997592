// Makes the server's page live: reads it, opens the socket, and tells each part what changed.
import type { LiveFrame, PublicView } from '../shared/wire.js';
import { drawConnection } from './connection.js';
import { drawChanges, drawFreshness, drawSummary, drawVerdict } from './draw.js';
import { applyFrame } from './frames.js';
import { Grid } from './grid.js';
import { Live, type Link } from './live.js';
import { Lookup } from './lookup.js';
import { readersVoice, type Page } from './page.js';
import { readView } from './read.js';
import { showThemeSwitch } from './theme-switch.js';

const TICK_MS = 1_000;

function start(): void {
  let aheadMs = 0; // how far the server's clock is ahead of the reader's
  const view = readView();
  const now = (): number => Date.now() + aheadMs;
  const page: Page = { view, link: 'connecting', freshAt: view.at, now, voice: readersVoice() };
  showThemeSwitch();
  toLocalTime(page);
  const lookup = new Lookup(page);
  const grid = new Grid(page);
  const live = new Live({ resume: () => page.view, receive, tell });

  function receive(frame: LiveFrame): boolean {
    const next = applyFrame(page.view, frame);
    if (next === 'gap') return false;
    if (frame.op !== 'snapshot') aheadMs = frame.at - Date.now();
    change(next);
    return true;
  }

  function change(next: PublicView): void {
    const before = page.view;
    page.view = next;
    page.freshAt = now();
    if (drawChanges(before, page)) {
      lookup.renew();
      grid.arm();
    }
    if (before.version !== next.version) drawVerdict(page);
    tick();
  }

  function tell(link: Link): void {
    page.link = link;
    if (link === 'live') page.freshAt = now();
    drawConnection(page);
    drawVerdict(page);
    drawFreshness(page);
  }

  function tick(): void {
    drawFreshness(page);
    lookup.refresh();
    grid.refresh();
  }

  live.open();
  setInterval(() => {
    live.watch();
    if (page.link !== 'live') drawConnection(page);
    tick();
  }, TICK_MS);
}

/** The server wrote UTC; readers get their own clock. */
function toLocalTime(page: Page): void {
  drawVerdict(page);
  drawConnection(page);
  for (const bot of page.view.bots) drawSummary(bot, page);
}

start();
