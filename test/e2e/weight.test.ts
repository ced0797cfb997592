// What the first visit costs in a real browser: requests, strangers, and how much moves while it loads and lives.
import t from 'tap';
import type { Page } from 'playwright-core';
import { post, serve, type TestServer } from '../harness.js';
import { noBrowser, openBrowser, openPage } from './browser.js';
import { shiftsOf, watchShifts } from './shifts.js';

const GUILD = '81384788765712384';

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

/** Another language is another page, on which nothing moves either. */
async function switchLanguage(page: Page): Promise<void> {
  await page.locator('.languages summary').click();
  await page.getByText('Deutsch').click();
  await page.locator('html[lang=de][data-link=live]').waitFor();
}

for (const [count, widths, paths] of [
  [1, [360, 1280], ['/']],
  [16, [360, 1280], ['/']],
  [240, [320, 360, 1280], ['/', `/?guild=${GUILD}`, `/#guild=${GUILD}`]],
  [3_584, [360, 1280], ['/', `/#guild=${GUILD}`]],
] as const)
  void t.test(`the first visit to ${count} shards`, { skip: noBrowser }, async (t) => {
    const browser = await openBrowser();
    t.teardown(() => browser.close());
    const found = Number((BigInt(GUILD) >> 22n) % BigInt(count));
    const server = await serve(t, { SHARDLIGHT_BOTS: `main:${count}:My Bot` });
    await report(server, [...Array(count).keys()], 'online');

    await t.test('is four requests, none to strangers', async (t) => {
      const page = await openPage(t, browser);
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
      for (const path of paths)
        await t.test(`moves nothing: ${path} at ${width} px`, async (t) => {
          const page = await openPage(t, browser, { viewport: { width, height: 700 } });
          await watchShifts(page);
          await page.goto(server.base + path);
          await ready(page);
          if (path !== '/') await page.locator('#answer', { hasText: 'latency' }).waitFor();
          t.equal(await page.locator('.foot').isVisible(), true, 'what waits for an answer is shown again');
          for (const [state, group] of passing) {
            await report(server, count === 1 ? [0] : [1, 2, 3, found], state);
            await page.locator(`#verdict.${group}`).waitFor();
            if (group === 'down') await page.locator('#latest .down').waitFor();
            if (group === 'up') await page.locator('#latest .calm').waitFor();
            if (path !== '/') await page.locator(`#answer .${group}`).waitFor();
          }
          t.same(await shiftsOf(page), []);
          if (path !== '/') return;
          await switchLanguage(page);
          t.same(await shiftsOf(page), [], 'in another language');
        });
  });
