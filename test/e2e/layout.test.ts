// Where things stand on the page: on a phone with thousands of shards, with one shard, with several bots, and in large type.
import t from 'tap';
import type { Page } from 'playwright-core';
import { post, serve, type TestServer } from '../harness.js';
import { languageCodes } from '../../public/shared/languages.js';
import { axeFindings, noBrowser, openBrowser, openPage, visit } from './browser.js';
import { shiftsOf, watchShifts } from './shifts.js';

const GUILD = '81384788765712384'; // on shard 2,098 of 3,584
const SHARD = Number((BigInt(GUILD) >> 22n) % 3_584n);
const PHONE = { viewport: { width: 360, height: 740 } };

const report = (server: TestServer, bot: string, ids: number[], state: string): Promise<Response> =>
  post(`${server.base}/api/bots/${bot}/shards`, { shards: ids.map((id) => ({ id, state, latency_ms: 41 })) });

const upTo = (count: number): number[] => [...Array(count).keys()];
const live = (page: Page): Promise<void> => page.locator('#connection', { hasText: 'Live' }).waitFor();
const topOf = async (page: Page, selector: string): Promise<number> =>
  (await page.locator(selector).first().boundingBox())!.y;
const isNarrow = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

void t.test('3,584 shards on a phone', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:3584:My Bot' });
  await report(server, 'main', upTo(3_584), 'online');
  await report(server, 'main', [70, 71], 'offline');

  await t.test(
    'incidents come before the grid, what is wrong first, and what is well is folded',
    async (t) => {
      const page = await visit(t, browser, server.base, PHONE);
      await live(page);
      t.ok((await topOf(page, '#latest')) < (await topOf(page, '.tiles')));
      t.ok((await topOf(page, '.tiles .offline')) < 1_000, 'on the second screen');
      t.ok((await page.evaluate(() => document.documentElement.scrollHeight)) < 5_000);
      t.equal(await page.locator('.folds > details:not([open])').count(), 55);
      t.same(await axeFindings(page), []);
    },
  );

  await t.test(
    'an answer scrolls nowhere; "Show in the grid" opens the fold and leads to the tile',
    async (t) => {
      const page = await visit(t, browser, server.base, PHONE);
      await live(page);
      await page.locator('#guild').fill(GUILD);
      await page.keyboard.press('Enter');
      await page.locator('#answer .found').waitFor();
      t.equal(await page.evaluate(() => scrollY), 0);
      t.equal(await page.locator('.marked:visible').count(), 0, 'its fold is closed');
      await page.getByText('Show in the grid').click();
      await page.locator('.marked:visible', { hasText: `${SHARD}` }).waitFor();
      t.equal(await page.evaluate(() => document.activeElement?.firstChild?.nodeValue), `${SHARD}`);
      await page.keyboard.press('ArrowRight');
      t.equal(await page.evaluate(() => document.activeElement?.firstChild?.nodeValue), `${SHARD + 1}`);
    },
  );

  await t.test('a fold says live what becomes of it, and a chip opens those it is about', async (t) => {
    const page = await visit(t, browser, server.base, PHONE);
    await live(page);
    const fold = page.locator('.folds > details').first();
    t.equal(await fold.locator('summary').innerText(), '0–63');
    await report(server, 'main', [5], 'starting');
    await fold.locator('summary', { hasText: '63 of 64 online' }).waitFor();
    t.notOk(await fold.evaluate((element) => (element as HTMLDetailsElement).open), 'it stays folded');
    const chip = page.locator('.counts button', { hasText: 'starting' });
    await chip.click();
    await fold.locator('.starting').waitFor();
    t.equal(await page.locator('.cluster:visible').count(), 1);
    await chip.click();
    t.notOk(await fold.evaluate((element) => (element as HTMLDetailsElement).open), 'as it was before');
    await report(server, 'main', [5], 'online');
  });

  await t.test('works without JavaScript: folds open, and the asked one is', async (t) => {
    const page = await visit(t, browser, `${server.base}/?guild=${GUILD}`, {
      ...PHONE,
      javaScriptEnabled: false,
    });
    t.ok(await page.locator('.marked').isVisible());
    await page.locator('.folds summary').first().click();
    t.ok(await page.getByText('17', { exact: true }).isVisible());
  });
});

void t.test('bots of one shard, and several bots', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());

  await t.test('a bot of one shard has a sentence, its latency and its incidents', async (t) => {
    const server = await serve(t, { SHARDLIGHT_BOTS: 'main:1:Pico' });
    await report(server, 'main', [0], 'online');
    const page = await visit(t, browser, server.base);
    await live(page);
    t.match(
      await page.locator('#verdict').innerText(),
      /Pico is online\.\s+Last heard .* · latency 41 ms · online since/,
    );
    t.equal(await page.locator('.lookup:visible, .views:visible, .counts, .tiles, .bot').count(), 0);
    await report(server, 'main', [0], 'offline');
    await page.locator('h1', { hasText: 'Pico has been down since' }).waitFor();
    await page.locator('#latest .down', { hasText: 'Pico' }).waitFor();
    t.notMatch(await page.locator('.heard').innerText(), 'online');
    t.same(await axeFindings(page), []);
  });

  await t.test('of several the worst is open, each other is a line that opens', async (t) => {
    const server = await serve(t, { SHARDLIGHT_BOTS: 'a:16:Well;b:16:Ill;c:1:Pico' });
    await report(server, 'a', upTo(16), 'online');
    await report(server, 'b', upTo(16), 'online');
    await report(server, 'b', [3], 'offline');
    await report(server, 'c', [0], 'online');
    const page = await visit(t, browser, server.base);
    await live(page);
    t.same(await page.locator('.bot h2').allInnerTexts(), ['Ill', 'Well', 'Pico']);
    t.equal(await page.locator('.grid:visible').count(), 1);
    t.match(await page.locator('[data-bot=c]').innerText(), /Online · latency 41 ms/);
    await report(server, 'a', [0], 'offline');
    await page.locator('[data-bot=a] .size', { hasText: '1 of 16 shards down' }).waitFor();
    await page.locator('[data-bot=a] summary').click();
    t.equal(await page.locator('.grid:visible').count(), 2);
    t.ok(await page.locator('[data-bot=a] .counts button', { hasText: '1 offline' }).isVisible());
    t.same(await axeFindings(page), []);
  });

  await t.test('an answer of several is a row each, and an outage moves none', async (t) => {
    const server = await serve(t, { SHARDLIGHT_BOTS: 'a:1:Well;b:1:Ill;c:1:Pico' });
    for (const bot of ['a', 'b', 'c']) await report(server, bot, [0], 'online');
    const page = await visit(t, browser, `${server.base}/#guild=${GUILD}`);
    await live(page);
    const rows = page.locator('#answer .found');
    const heights = (): Promise<number[]> =>
      rows.evaluateAll((found) => found.map((row) => row.getBoundingClientRect().height));
    await rows.filter({ hasText: 'latency 41 ms' }).waitFor();
    const before = await heights();
    t.equal(before.length, 3);
    t.ok(Math.max(...before.slice(1)) < 120, `${before.join()} px`);
    await report(server, 'c', [0], 'offline');
    await rows.filter({ hasText: 'Pico: Your server is affected. Pico has been offline' }).waitFor();
    t.same(await heights(), before);
  });

  await t.test('the lines of other bots stand straight', async (t) => {
    const server = await serve(t, { SHARDLIGHT_BOTS: 'a:16:Well;b:16:Ill;c:1:Pico' });
    for (const bot of ['a', 'b']) await report(server, bot, upTo(16), 'online');
    await report(server, 'b', [3], 'offline');
    await report(server, 'c', [0], 'online');
    const page = await visit(t, browser, server.base);
    await live(page);
    for (const bot of ['a', 'c']) {
      const row = (await page.locator(`[data-bot=${bot}] :is(summary, div.row)`).boundingBox())!;
      const sign = (await page.locator(`[data-bot=${bot}] .row .swatch`).first().boundingBox())!;
      const line = (await page.locator(`[data-bot=${bot}] .size`).boundingBox())!;
      t.ok(
        Math.abs(row.y + row.height / 2 - (sign.y + sign.height / 2)) < 2,
        `${bot}: the sign is in the middle`,
      );
      t.ok(line.x > sign.x + sign.width, `${bot}: the text is beside it`);
    }
  });
});

void t.test('in type of twice the size nothing is cut off at the side', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const server = await serve(t, {
    SHARDLIGHT_BOTS: 'main:64:My Bot',
    SHARDLIGHT_LINK_SUPPORT: 'https://x.example',
  });
  const fresh = await serve(t, {});
  await report(server, 'main', upTo(64), 'online');
  for (const [id, state] of ['offline', 'unhealthy', 'starting', 'stopping', 'resuming', 'unknown'].entries())
    await report(server, 'main', [id], state);
  for (const base of [server.base, fresh.base])
    for (const lang of ['en', 'de', 'es', 'ru'])
      for (const width of [320, 360]) {
        const page = await visit(t, browser, `${base}/?lang=${lang}#guild=${GUILD}`, {
          viewport: { width, height: 740 },
        });
        await page.locator('html[data-link=live]').waitFor();
        await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
        await page.locator('.languages summary').click();
        t.ok(await isNarrow(page), `${lang}, ${width} px`);
        await page.context().close();
      }
});

/** As wide as fonts of phones get; each of these has digits of one width. */
const WIDE = "Verdana, 'DejaVu Sans', monospace";
const LONGEST = '18446744073709551615';

void t.test(
  'the lookup shows an ID of 20 digits whole on a phone, in every language',
  { skip: noBrowser },
  async (t) => {
    const browser = await openBrowser();
    t.teardown(() => browser.close());
    const server = await serve(t, { SHARDLIGHT_BOTS: 'main:64:My Bot' });
    await report(server, 'main', upTo(64), 'online');
    for (const lang of languageCodes) {
      const page = await openPage(t, browser, PHONE);
      await watchShifts(page);
      await page.goto(`${server.base}/?lang=${lang}`);
      const input = page.locator('#guild');
      const boxes = async (): Promise<unknown[]> => [
        await input.boundingBox(),
        await page.locator('.field button').boundingBox(),
      ];
      const isWhole = async (what: string): Promise<void> => {
        const before = await boxes();
        await input.fill(LONGEST);
        const hidden = await input.evaluate((field) => field.scrollWidth - field.clientWidth);
        t.equal(hidden, 0, `${lang}, ${what}: nothing of it is out of sight`);
        t.same(await boxes(), before, `${lang}, ${what}: field and button stay where they were`);
        t.ok(await isNarrow(page), `${lang}, ${what}: nothing is beyond the edge`);
        await input.fill('');
      };
      await page.locator('html[data-link=live]').waitFor();
      await isWhole('the font of this system');
      t.same(await shiftsOf(page), [], `${lang}: nothing moved on the way`);
      await page.evaluate((font) => document.documentElement.style.setProperty('--font', font), WIDE);
      await isWhole('a wide font');
      await page.context().close();
    }
  },
);
