// What the first visit costs in a real browser: requests, strangers, and how much moves while it loads and lives.
import t from 'tap';
import type { Page } from 'playwright-core';
import { post, serve, type TestServer } from '../harness.js';
import { noBrowser, openBrowser } from './browser.js';

const GUILD = '81384788765712384';

interface Shift {
  value: number;
  hadRecentInput: boolean;
  sources: { node: Element | null; previousRect: DOMRect; currentRect: DOMRect }[];
}

/** Collected in the page from its first moment on, in words: what moved, from where to where. */
const watchShifts = (): void => {
  const shifts: string[] = [];
  Object.assign(globalThis, { shifts });
  const placeOf = ({ x, y, width, height }: DOMRect): string =>
    [x, y, width, height].map(Math.round).join(' ');
  const observer = new PerformanceObserver((list) => {
    for (const { hadRecentInput, sources } of list.getEntries() as unknown as Shift[])
      for (const { node, previousRect, currentRect } of hadRecentInput ? [] : sources)
        shifts.push(
          `${node?.parentElement?.className} ${node?.nodeName}: ${placeOf(previousRect)} to ${placeOf(currentRect)}`,
        );
  });
  observer.observe({ type: 'layout-shift', buffered: true });
};

const shiftsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => (globalThis as unknown as { shifts: string[] }).shifts);

const report = (server: TestServer, ids: number[], state: string): Promise<Response> =>
  post(`${server.base}/api/bots/main/shards`, { shards: ids.map((id) => ({ id, state, latency_ms: 41 })) });

/** What a shard goes through, and the colour that an answer has then. */
const passing = [
  ['offline', 'down'],
  ['unhealthy', 'degraded'],
  ['resuming', 'changing'],
  ['online', 'up'],
] as const;

const ready = (page: Page): Promise<void> => page.locator('#connection', { hasText: 'Live' }).waitFor();

for (const [count, widths] of [
  [240, [320, 360, 1280]],
  [3_584, [360]],
] as const)
  void t.test(`the first visit to ${count} shards`, { skip: noBrowser }, async (t) => {
    const browser = await openBrowser();
    t.teardown(() => browser.close());
    const found = Number((BigInt(GUILD) >> 22n) % BigInt(count));
    const server = await serve(t, { SHARDLIGHT_BOTS: `main:${count}:My Bot` });
    await report(server, [...Array(count).keys()], 'online');

    await t.test('is four requests, none to strangers', async (t) => {
      const page = await browser.newPage();
      t.teardown(() => page.close());
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      page.on('websocket', (socket) => asked.push(socket.url()));
      await page.goto(server.base);
      await ready(page);
      await page.waitForLoadState('networkidle');
      t.ok(asked.length <= 4, asked.join(' '));
      t.same(
        asked.filter((url) => new URL(url).host !== new URL(server.base).host),
        [],
      );
      t.same(await page.context().cookies(), []);
    });

    for (const width of widths)
      for (const path of ['/', `/?guild=${GUILD}`, `/#guild=${GUILD}`])
        await t.test(`moves nothing: ${path} at ${width} px`, async (t) => {
          const page = await browser.newPage({ viewport: { width, height: 700 }, locale: 'en-GB' });
          t.teardown(() => page.close());
          await page.addInitScript(watchShifts);
          await page.goto(server.base + path);
          await ready(page);
          if (path !== '/') await page.locator('#answer', { hasText: 'latency' }).waitFor();
          t.equal(await page.locator('.foot').isVisible(), true, 'what waits for an answer is shown again');
          for (const [state, group] of passing) {
            await report(server, [1, 2, 3, found], state);
            await page.locator(`.tiles .${state}`).nth(3).waitFor({ state: 'attached' });
            if (path !== '/') await page.locator(`#answer .${group}`).waitFor();
          }
          await page.locator('h1', { hasText: 'are online' }).waitFor();
          t.same(await shiftsOf(page), []);
        });
  });
