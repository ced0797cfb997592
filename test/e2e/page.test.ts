// The public page in a real browser, against a real server: what a server owner does and sees.
import t from 'tap';
import type { Page } from 'playwright-core';
import { forget, freePort, post, serve, startServer, testClock, type TestServer } from '../harness.js';
import { axeFindings, noBrowser, openBrowser, openPage, PAGE_AGE_MS, visit } from './browser.js';

const GUILD = '81384788765712384'; // on shard 178 of 240
const BOTS = { SHARDLIGHT_BOTS: 'main:240:My Bot;demo:16:Biscuit' };

/** Who opens the page after it gets one that is drawn anew. */
async function report(server: TestServer, bot: string, shards: Record<string, unknown>[]): Promise<void> {
  await post(`${server.base}/api/bots/${bot}/shards`, { shards });
  server.clock.advance(PAGE_AGE_MS);
}

const all = (count: number, state: string): Record<string, unknown>[] =>
  Array.from({ length: count }, (_, id) => ({ id, state, latency_ms: 41.2 }));

async function allOnline(server: TestServer): Promise<void> {
  await report(server, 'main', all(240, 'online'));
  await report(server, 'demo', all(16, 'online'));
}

void t.test('the page in a browser', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const server = await serve(t, BOTS);
  t.beforeEach(() => allOnline(server));

  await t.test('says in one sentence that all is well, in the title and the icon too', async (t) => {
    const page = await visit(t, browser, server.base);
    t.equal(await page.locator('h1').innerText(), 'All 256 shards of 2 bots are online.');
    t.match(await page.title(), /^All 256 shards online · /);
    t.match(await favicon(page), /up\.svg$/);
    t.equal(await page.locator('[data-bot=main] li.online[class]').count(), 240);
    await page.locator('#connection', { hasText: 'Live' }).waitFor();
  });

  await t.test('shows a change without a reload: tile, counts, sentence, title, icon', async (t) => {
    const page = await visit(t, browser, server.base);
    await page.locator('#connection', { hasText: 'Live' }).waitFor();
    await report(server, 'main', [{ id: 17, state: 'offline' }]);
    await page.locator('[data-bot=main] .tiles li.offline').waitFor();
    t.match(await page.locator('[data-bot=main] .tiles li.offline').innerText(), /17/);
    t.match(
      await page.locator('h1').innerText(),
      /^1 of 240 shards of My Bot has been down since \d\d:\d\d\.$/,
    );
    t.match(await page.title(), /^1 of 240 shards down/);
    t.match(await favicon(page), /down\.svg$/);
    await report(server, 'main', [{ id: 17, state: 'online' }]);
    await page.locator('h1', { hasText: 'are online.' }).waitFor();
  });

  await t.test('tells a server owner their shard, marks it, and keeps the ID in the browser', async (t) => {
    const page = await visit(t, browser, server.base);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.keyboard.press('/');
    await page.keyboard.type(GUILD);
    await page.keyboard.press('Enter');
    const answer = page.locator('#answer');
    await answer.getByText('It is on shard 178 of 240 of My Bot.').waitFor();
    await answer.getByText('It is on shard 2 of 16 of Biscuit.').waitFor();
    await answer.getByText('latency 41').first().waitFor();
    t.equal(await page.locator('[data-bot=main] .marked').innerText(), '178');
    t.equal(await page.evaluate(() => scrollY), 0, 'the answer is read where it was asked for');
    await answer.getByText('Show in the grid').first().click();
    await inView(page, '[data-bot=main] .marked');
    t.notOk(
      asked.some((url) => url.includes(GUILD)),
      'no request carries the ID',
    );
    t.ok(
      asked.some((url) => url.endsWith('/api/bots/main/shards/178')),
      'the shard is asked about instead',
    );
  });

  await t.test('keeps the answer on a reload, in a link, and on the device if that is wanted', async (t) => {
    const page = await visit(t, browser, `${server.base}/?guild=1`, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const lead = page.locator('#answer', { hasText: 'Your server is not affected.' });
    const link = `${server.base}/#guild=${GUILD}`;
    await ask(page, `Server ID: \u200b${GUILD}`);
    await lead.waitFor();
    t.equal(page.url(), link);
    await page.reload();
    await lead.waitFor();
    t.equal(await page.locator('#guild').inputValue(), GUILD);

    await page.getByText('Copy link').click();
    await page.getByText('Link copied').waitFor();
    t.equal(await page.evaluate(() => navigator.clipboard.readText()), link);

    await page.getByText('Remember on this device').click();
    await page.getByText('Forget it').waitFor();
    await page.locator('#answer .close').click();
    t.equal(page.url(), `${server.base}/`);
    await page.reload();
    await lead.waitFor();
    t.equal(page.url(), `${server.base}/`, 'it asked by itself');
    await page.getByText('Forget it').click();
    await page.getByText('Remember on this device').waitFor();
    await page.reload();
    await page.locator('#connection', { hasText: 'Live' }).waitFor();
    t.equal(await page.locator('#answer').innerHTML(), '');
  });

  await t.test('puts the link where it can be copied by hand, if there is no clipboard', async (t) => {
    const page = await visit(t, browser, server.base);
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await ask(page, '@me');
    await page.locator('#answer', { hasText: 'Direct messages are not affected.' }).waitFor();
    await page.getByText('Copy link').click();
    await page.getByText('The link is in the address bar').waitFor();
    t.equal(page.url(), `${server.base}/#guild=@me`);
  });

  await t.test('keeps the answer true while the shard changes', async (t) => {
    const page = await visit(t, browser, `${server.base}/#guild=${GUILD}`);
    await page.locator('#answer', { hasText: 'This shard is online.' }).waitFor();
    await report(server, 'main', [{ id: 178, state: 'resuming' }]);
    await page.locator('#answer', { hasText: 'has been reconnecting to Discord' }).waitFor();
  });

  await t.test('says while its servers are still loading, and stops when they have', async (t) => {
    const ready = (unavailable: number): Promise<void> =>
      report(server, 'main', [{ id: 178, state: 'online', guilds: 900, unavailable }]);
    await ready(12);
    const page = await openPage(t, browser);
    await page.route('**/api/bots/**', (route) => route.continue()); // an answer that the browser kept is not the point
    await page.goto(`${server.base}/#guild=${GUILD}`);
    await page.locator('#answer', { hasText: 'still loading its servers' }).waitFor();
    server.clock.advance(5_000); // the page asks again no sooner
    await ready(0);
    await report(server, 'main', [{ id: 3, state: 'starting' }]); // a change brings the page the time
    await page.locator('#answer', { hasText: 'still loading its servers' }).waitFor({ state: 'hidden' });
    await page.locator('#answer', { hasText: 'This shard is online.' }).waitFor();
  });

  await t.test('takes a pasted link, and direct messages', async (t) => {
    const page = await visit(t, browser, server.base);
    await ask(page, `https://discord.com/channels/${GUILD}/81384788765712385`);
    await page.locator('#answer', { hasText: 'shard 178 of 240' }).waitFor();
    await ask(page, '@me');
    await page.locator('#answer', { hasText: 'shard 0' }).waitFor();
  });

  await t.test('says kindly what is wrong with anything else', async (t) => {
    const page = await visit(t, browser, server.base);
    for (const [text, hint] of [
      ['<@81384788765712384>', 'a person'],
      ['18446744073709551616', 'too large'],
      ['123456789012345', '17 to 20 digits'],
      ['My Server', 'same name'],
    ] as const) {
      await ask(page, text);
      await page.locator('#answer', { hasText: hint }).waitFor();
    }
    t.equal(await page.locator('.marked').count(), 0);
  });

  await t.test('answers /?guild= on the server, without the ID in the page', async (t) => {
    const html = await (await fetch(`${server.base}/?guild=${GUILD}`)).text();
    t.match(html, 'It is on shard 178 of 240 of My Bot.');
    t.notMatch(html, GUILD);
  });

  await t.test('works without JavaScript', async (t) => {
    const page = await visit(t, browser, server.base, { javaScriptEnabled: false });
    t.equal(await page.locator('h1').innerText(), 'All 256 shards of 2 bots are online.');
    t.match(await page.locator('.heard').innerText(), /UTC/);
    await page.locator('#guild').fill(GUILD);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\?guild=/);
    await page.locator('#answer', { hasText: 'It is on shard 178 of 240' }).waitFor();
    t.equal(await page.locator('[data-bot=main] .marked').innerText(), '178');
    await page.locator('#guild').fill('"8138478876571"');
    await page.keyboard.press('Enter');
    await page.locator('#answer .refused').waitFor();
    t.equal(await page.locator('#guild').inputValue(), '"8138478876571"', 'what was refused can be mended');
  });

  await t.test('fits 360 pixels, and 320 without scrolling sideways', async (t) => {
    for (const width of [360, 320]) {
      const page = await visit(t, browser, `${server.base}/?guild=${GUILD}`, {
        viewport: { width, height: 700 },
      });
      t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width} px`);
    }
  });

  for (const colorScheme of ['dark', 'light'] as const)
    await t.test(`has nothing for axe to find, ${colorScheme}`, async (t) => {
      await report(server, 'main', stateMix());
      const page = await visit(t, browser, `${server.base}/?guild=${GUILD}`, { colorScheme });
      await page.locator('#connection', { hasText: 'Live' }).waitFor();
      t.same(await axeFindings(page), []);
    });
});

/** Longer than a lease: what was known before is not known any more. */
const LONG_MS = 60_000;

void t.test('the page and a restart of the server', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const here = { ...BOTS, SHARDLIGHT_PORT: `${await freePort()}` };
  const clock = testClock();
  const first = await startServer(here, clock);
  await allOnline(first);
  const page = await visit(t, browser, first.base);
  await page.locator('#connection', { hasText: 'Live' }).waitFor();
  await first.stop();
  await page.locator('#connection', { hasText: 'Reconnecting' }).waitFor();
  t.match(await page.title(), 'Reconnecting', 'the title says that what it shows may be old');
  clock.leap(LONG_MS);

  const second = await startServer(here, clock, first.statePath);
  t.teardown(async () => {
    await second.stop();
    await forget(second);
  });
  await page.locator('#connection', { hasText: 'Live' }).waitFor();
  await page.locator('[data-bot=main] .tiles li.unknown').first().waitFor();
  t.equal(
    await page.locator('[data-bot=main] .tiles li.unknown').count(),
    240,
    'nothing is shown as known that is not',
  );
  await allOnline(second);
  await page.locator('h1', { hasText: 'All 256 shards' }).waitFor();
});

void t.test('an outage on the page', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const here = { ...BOTS, SHARDLIGHT_PORT: `${await freePort()}` };
  const clock = testClock();
  const first = await startServer(here, clock);
  await allOnline(first);
  const page = await visit(t, browser, first.base);
  const list = page.locator('#latest');
  await list.getByText('No incidents so far.').waitFor();
  await report(first, 'main', [
    { id: 17, state: 'offline' },
    { id: 18, state: 'offline' },
  ]);
  await list.locator('li.down', { hasText: /2 shards.* are down.*Ongoing/s }).waitFor();
  t.match(await list.locator('li').innerText(), /2 shards are down|2 shards of .* are down/);
  await first.stop();
  clock.leap(LONG_MS);

  const second = await startServer(here, clock, first.statePath);
  t.teardown(async () => {
    await second.stop();
    await forget(second);
  });
  await page.locator('#connection', { hasText: 'Live' }).waitFor();
  await page.locator('[data-bot=main] .tiles li.unknown').first().waitFor();
  t.equal(await list.locator('li.down').count(), 1, 'a restart opens none and ends none');
  await allOnline(second);
  await list.locator('li.over', { hasText: /2 shards.* were down for .*Resolved/s }).waitFor();
  t.equal(await list.locator('li').count(), 1);
  const still = await visit(t, browser, second.base, { javaScriptEnabled: false });
  await still.locator('#latest summary').click();
  t.match(await still.locator('#latest li').innerText(), /2 shards.* were down[^]*UTC[^]*17–18/);
});

void t.test('a new install', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const server = await serve(t, {});
  const page = await visit(t, browser, server.base);
  const curl = await page.getByLabel('curl').innerText();
  t.match(
    curl,
    `${server.base}/api/bots/main/shards`,
    'shows how to light up the first shard, with its own address',
  );
  const body = /-d '(.*)'/s.exec(curl)![1]!;
  t.equal((await post(`${server.base}/api/bots/main/shards`, body)).status, 200, 'the shown report is taken');
  await page.locator('h1', { hasText: 'This bot is online.' }).waitFor();
  await page.locator('#start').waitFor({ state: 'detached' });
  t.ok(await page.locator('#latest').isVisible());
  t.equal(
    await page.locator('.lookup:visible, .counts, .tiles').count(),
    0,
    'a bot of one shard needs no more',
  );
});

const favicon = async (page: Page): Promise<string> =>
  (await page.locator('link[rel=icon]').getAttribute('href')) ?? '';

async function ask(page: Page, text: string): Promise<void> {
  await page.locator('#guild').fill(text);
  await page.keyboard.press('Enter');
}

const inView = (page: Page, selector: string): Promise<unknown> =>
  page.waitForFunction((wanted) => {
    const box = document.querySelector(wanted)?.getBoundingClientRect();
    return box && box.top >= 0 && box.bottom <= innerHeight;
  }, selector);

/** Every state there is. */
const stateMix = (): Record<string, unknown>[] =>
  [0, 1, 2, 3, 4, 5, 6].map((state) => ({ id: 20 + state, state }));
