// What a visitor feels: how soon something is seen, what moves unasked, how long an input waits, in calm and in storm.
import type { Browser, Page } from 'playwright-core';
import { startProduct } from './children.js';
import { firstPaint, watched } from './in-page.js';
import { load } from './load.js';
import { median } from './statistics.js';
import { pause, storm } from './storm.js';
import { visit } from './visit.js';
import { reports, SIZES } from './weight.js';

const VISITS = 3;
/** What moves within half a second of an input counts as asked for: so hands stay off at first. */
const HANDS_OFF_MS = 1_500;
const STORM_MS = 3_000;
const BETWEEN_INPUTS_MS = 100;
const KEYS = ['ArrowRight', 'ArrowDown', 'ArrowRight', 'ArrowUp', 'End', 'Home'];
/** Until the page has scrolled to the answer's tile. */
const SCROLL_MS = 1_000;
const GUILD = '81384788765712384';

export interface PaintResult {
  shards: number;
  /** Slow 4G and a quarter of the CPU. */
  isSlow: boolean;
  /** First contentful paint, the median over the visits. */
  firstPaintMs: number;
  /** All that moved unasked, from the first moment to the end of the storm, the scrolling to a lookup's tile included. */
  layoutShift: number;
  /** From an input in the storm to the next frame, the slowest; 0: every one under 16 ms. Browsers round to 8. */
  slowestInputMs: number;
}

export async function paints(browser: Browser): Promise<PaintResult[]> {
  const results: PaintResult[] = [];
  for (const shards of SIZES) {
    const { port, stop } = await startProduct({ SHARDLIGHT_BOTS: `main:${shards}:My Bot` });
    await load(port, reports(shards), 0);
    await leave(await visit(browser, port, false));
    for (const isSlow of [false, true]) results.push(await paint(browser, port, shards, isSlow));
    await stop();
  }
  return results;
}

async function paint(browser: Browser, port: number, shards: number, isSlow: boolean): Promise<PaintResult> {
  const painted: number[] = [];
  for (let i = 1; i < VISITS; i++) {
    const page = await visit(browser, port, isSlow);
    painted.push(await page.evaluate(firstPaint));
    await leave(page);
  }
  const page = await visit(browser, port, isSlow);
  painted.push(await page.evaluate(firstPaint));
  await useInStorm(page, port, shards);
  const { layoutShift, slowestInputMs } = await page.evaluate(watched);
  await leave(page);
  return { shards, isSlow, firstPaintMs: median(painted), layoutShift, slowestInputMs };
}

async function useInStorm(page: Page, port: number, shards: number): Promise<void> {
  const beganAt = performance.now();
  let isUsing = true;
  const blowing = storm(port, shards, () => !isUsing && performance.now() - beganAt >= STORM_MS);
  await pause(HANDS_OFF_MS);
  await use(page).finally(() => (isUsing = false));
  await blowing;
}

/** A tap on a tile, keys on the grid, a lookup. */
async function use(page: Page): Promise<void> {
  await page.locator('.tiles > li').nth(20).click();
  for (const key of KEYS) {
    await pause(BETWEEN_INPUTS_MS);
    await page.keyboard.press(key);
  }
  await page.locator('#guild').fill(GUILD);
  await page.keyboard.press('Enter');
  await page.locator('#answer', { hasText: 'shard' }).waitFor();
  await pause(SCROLL_MS);
}

const leave = (page: Page): Promise<void> => page.context().close();
