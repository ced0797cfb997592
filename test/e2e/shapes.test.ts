// Names and shapes that nobody designs for: long, of another script, hostile; no bots and very many; clusters of one shard and of 512.
import t, { type Test } from 'tap';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { post, serve, type TestServer } from '../harness.js';
import { axeFindings, noBrowser, openBrowser, visit } from './browser.js';

interface Shape {
  what: string;
  bots: [key: string, shards: number, name?: string][];
  /** Shards of the first bot that its clusters host, one cluster after another. */
  clusters?: number[][];
  /** Of the first bot. */
  down?: number[];
}

const upTo = (count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => from + i);

const shapes: Shape[] = [
  { what: 'no bot', bots: [] },
  { what: 'a name of 64 characters without a blank', bots: [['main', 32, 'W'.repeat(64)]], down: [3] },
  { what: 'a name from right to left', bots: [['main', 32, 'بوت الموسيقى والترفيه']], down: [3] },
  { what: 'a name of emoji', bots: [['main', 32, '🎉👩‍🚀🏳️‍🌈'.repeat(5)]], down: [3] },
  { what: 'a bot called <script>', bots: [['main', 32, '<script>alert(1)</script>']], down: [3] },
  { what: '64 bots', bots: upTo(64).map((n) => [`bot_${n}`, 1 + (n % 3) * 8, `Bot number ${n}`]), down: [0] },
  {
    what: 'clusters of one shard and of 512',
    bots: [['main', 514]],
    clusters: [[0], upTo(512, 1), [513]],
    down: [0],
  },
  {
    what: 'clusters whose ids have gaps',
    bots: [['main', 96]],
    clusters: [
      [0, 2, 4, 80],
      [1, 3, 95],
    ],
    down: [2, 95],
  },
  { what: '16,384 shards', bots: [['main', 16_384]], down: [5, 16_383] },
];

const views: [string, BrowserContextOptions, fontSize?: string][] = [
  ['at 320 px', { viewport: { width: 320, height: 640 } }],
  ['at 360 px in type of twice the size', { viewport: { width: 360, height: 740 } }, '200%'],
  ['at 1280 px in forced colours', { viewport: { width: 1280, height: 900 }, forcedColors: 'active' }],
];

async function report(server: TestServer, { bots, clusters, down = [] }: Shape): Promise<void> {
  for (const [index, [key, count]] of bots.entries()) {
    const parts = index === 0 && clusters ? clusters : [upTo(count)];
    for (const [n, ids] of parts.entries()) {
      const identity = `${key}-${n}`;
      const registered = await post(`${server.base}/fleet/register`, { identity, fleet: 'asia', bot: key });
      if (!registered.ok) throw new Error(await registered.text());
      const state = (id: number): string => (index === 0 && down.includes(id) ? 'offline' : 'online');
      const shards = ids.map((id) => ({ id, state: state(id) }));
      await post(`${server.base}/api/bots/${key}/shards`, { identity, shards });
    }
  }
}

/** Blocks that lie over each other, and what stands beyond the edge of the window. */
const misplaced = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const nameOf = (element: Element): string =>
      `${element.tagName} ${element.id || element.className}: ${element.textContent.slice(0, 40)}`;
    const boxes = (selector: string): [Element, DOMRect][] =>
      [...document.querySelectorAll(selector)]
        .map((element): [Element, DOMRect] => [element, element.getBoundingClientRect()])
        .filter(([, { width, height }]) => width > 0 && height > 0);
    const found: string[] = [];
    const blocks = boxes('.top, #verdict > div, #start, .lookup, #latest, .bot, .foot');
    for (const [i, [one, a]] of blocks.entries())
      for (const [other, b] of blocks.slice(i + 1)) {
        const isOver =
          a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
        if (isOver) found.push(`${nameOf(one)} lies over ${nameOf(other)}`);
      }
    /** In a box that scrolls, or folded away. */
    const isAway = (element: Element): boolean =>
      element.closest('pre') !== null ||
      (element.closest('summary') === null && element.closest('details:not([open])') !== null);
    for (const [element, { left, right }] of boxes('body *:not(.skip)'))
      if ((left < -1 || right > innerWidth + 1) && !isAway(element))
        found.push(`${nameOf(element)} is beyond the edge`);
    if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
    return found.slice(0, 5);
  });

/** What is cut off with three dots and cannot be read by opening it. */
const cutOff = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('body *')]
      .filter((element) => element.scrollWidth > element.clientWidth + 1)
      .filter((element) => getComputedStyle(element).textOverflow === 'ellipsis')
      .filter((element) => element.closest('li')?.querySelector('details') === null)
      .map((element) => element.textContent),
  );

/** "What never appears": a counter of nothing, and what spins. */
const neverThere = async (page: Page): Promise<string[]> => {
  const counters = await page.locator('.counts button:visible, .counts li:visible').allInnerTexts();
  const zeros = counters.filter((text) => /^\D*0\b/.test(text.trim()));
  const spinners = await page.locator('[aria-busy=true], .spinner, .skeleton').count();
  return [...zeros, ...(spinners > 0 ? ['a spinner'] : [])];
};

async function look(t: Test, browser: Browser, base: string, isLarge: boolean): Promise<void> {
  for (const [index, [how, options, fontSize]] of views.entries()) {
    const page = await visit(t, browser, base, options);
    await page.locator('html[data-link=live]').waitFor();
    if (fontSize) await page.evaluate((size) => (document.documentElement.style.fontSize = size), fontSize);
    t.same(await misplaced(page), [], `${how}: nothing overlaps or scrolls sideways`);
    t.same(await cutOff(page), [], `${how}: nothing is cut without a way to read it`);
    t.same(await neverThere(page), [], `${how}: no counter of nothing, no spinner`);
    if (index === 0 && !isLarge) t.same(await axeFindings(page), [], `${how}: axe`);
    await page.context().close();
  }
}

void t.test('any shape of names, bots and clusters', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  for (const shape of shapes)
    await t.test(shape.what, async (t) => {
      const bots = shape.bots.map((bot) => bot.filter((part) => part !== undefined).join(':')).join(';');
      const server = await serve(
        t,
        bots === '' ? {} : { SHARDLIGHT_BOTS: bots, SHARDLIGHT_REGISTER_BURST: '100' },
      );
      await report(server, shape);
      await look(
        t,
        browser,
        server.base,
        shape.bots.some(([, shards]) => shards > 1_000),
      );
    });
});
