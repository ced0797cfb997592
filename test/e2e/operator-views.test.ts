// The four views of the operator view: how one gets to them, what Now shows and does not, and what becomes of a script that does not come.
import t from 'tap';
import type { Page } from 'playwright-core';
import { testClock } from '../harness.js';
import { noBrowser, openBrowser } from './browser.js';
import { allWell, beat, heading, live, queryOf, report, serveFleet, signedIn } from './operators.js';

const PHONE = { viewport: { width: 360, height: 740 } };

/** Every view, with what stands in its heading. */
const views = [
  ['', ''],
  ['view=fleet', 'Fleet'],
  ['fleet=asia', 'asia'],
  ['bot=main', 'My Bot'],
  ['cluster=asia-1', 'asia #2'],
  ['bot=main&shard=17', 'Shard 17'],
  ['view=incidents', 'open'],
  ['view=settings', 'Settings'],
] as const;

/** What stands in the list of what is wrong, row by row. */
const wrong = (page: Page): Promise<string[]> => page.locator('.troubles .what').allInnerTexts();

void t.test('the views', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const clock = testClock();
  const server = await serveFleet(t, {}, clock);
  t.beforeEach(() => allWell(server));

  await t.test(
    'are links in one place, and the open one is marked; nothing is counted while nothing is wrong',
    async (t) => {
      const page = await signedIn(t, browser, server);
      const nav = page.getByRole('navigation', { name: 'Views' });
      for (const [name, query] of [
        ['Fleet', '?view=fleet'],
        ['Incidents', '?view=incidents'],
        ['Settings', '?view=settings'],
        ['Now', ''],
      ] as const) {
        await nav.getByRole('link', { name }).click();
        await page.locator('.views [aria-current=page]', { hasText: name }).waitFor();
        t.equal(await page.locator('.views [aria-current]').count(), 1);
        t.equal(queryOf(page), query);
      }
      t.same(await nav.getByRole('link').allInnerTexts(), ['Now', 'Fleet', 'Incidents', 'Settings']);
    },
  );

  await t.test('when all is well Now says so in a line, and shows what there is at once', async (t) => {
    const page = await signedIn(t, browser, server, '', { viewport: { width: 1280, height: 800 } });
    await heading(page, 'All 4 clusters and 68 shards are up.');
    t.equal(await page.locator('.trouble').count(), 0);
    const top = (await page.locator('.strip canvas').first().boundingBox())!.y;
    t.ok(top < 320, `the first strip is ${top} px down`);
    const text = await page.locator('#content').innerText();
    t.equal(text.match(/are up/g)?.length, 1, 'said once');
  });

  await t.test('a view’s script is fetched when the view is opened, once', async (t) => {
    const page = await signedIn(t, browser, server);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.getByRole('link', { name: 'Fleet' }).click();
    await heading(page, 'Fleet');
    const first = asked.filter((path) => path.startsWith('/assets/'));
    t.ok(
      first.length > 0 && first.every((path) => /^\/assets\/operator-(fleet|shared)-/.test(path)),
      first.join(' '),
    );
    await page.getByRole('link', { name: 'Now' }).click();
    await heading(page, 'are up.');
    await page.getByRole('link', { name: 'Fleet' }).click();
    await heading(page, 'Fleet');
    t.equal(asked.filter((path) => path.startsWith('/assets/')).length, first.length);
  });

  await t.test('a script that does not come is said, and can be asked for again', async (t) => {
    const page = await signedIn(t, browser, server);
    page.removeAllListeners('console'); // what cannot be fetched is an error on the console
    await page.route('**/assets/operator-incidents-*', (route) => route.abort());
    await page.getByRole('link', { name: 'Incidents' }).click();
    await heading(page, 'This view did not load');
    await page.unroute('**/assets/operator-incidents-*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await heading(page, 'No incident is open.');
  });

  await t.test('below a path of its own, the scripts are there as well', async (t) => {
    const below = await serveFleet(t, { SHARDLIGHT_PUBLIC_URL: 'http://127.0.0.1/status' });
    await allWell(below);
    const page = await signedIn(t, browser, { ...below, base: `${below.base}/status` }, 'view=settings');
    await heading(page, 'Settings');
    await page.getByRole('link', { name: 'Fleet' }).click();
    await heading(page, 'Fleet');
    t.match(page.url(), '/status/operator?view=fleet');
  });

  await t.test('incidents are listed while they go on, and when they are over', async (t) => {
    const page = await signedIn(t, browser, server, 'view=incidents');
    await heading(page, 'No incident is open.');
    await report(server, ['online', 'offline', 'offline', 'online']);
    await heading(page, '1 incident is open.');
    t.match(
      await page.locator('.open li').innerText(),
      /2 shards of Biscuit\s+2 shards are not working \(1–2\)\./,
    );
    await report(server, ['online', 'starting', 'starting', 'online']);
    await page.getByText('2 shards were affected, and all are starting again.').waitFor();
    t.equal(await page.locator('.open .mark.changing').count(), 1, 'no alarm: it is no row on Now');
    clock.advance(5_000);
    await allWell(server);
    await heading(page, 'No incident is open.');
    t.match(await page.locator('.ended tbody tr').first().innerText(), /2 shards of Biscuit/);
    await page.getByRole('link', { name: 'Now' }).click();
    await page.getByText(/^The last incident ended \d+s ago\.$/).waitFor();
  });

  await t.test('a bound that is reached is a row of the list, and the first', async (t) => {
    const full = await serveFleet(t, { SHARDLIGHT_MAX_CLUSTERS: '4' });
    await allWell(full);
    const page = await signedIn(t, browser, full);
    await heading(page, 'Nothing is down. 1 thing needs a look.');
    t.same(await wrong(page), ['SHARDLIGHT_MAX_CLUSTERS']);
    t.equal(await page.locator('.views .count.degraded').getAttribute('title'), '1 thing is wrong');
  });

  await t.test(
    'rows keep their places under the pointer and the focus, and change them once a second',
    async (t) => {
      const page = await signedIn(t, browser, server);
      await beat(server, 2, `2${'3'.repeat(15)}`);
      await beat(server, 1, undefined, { latencySeconds: 0.4 });
      await page.locator('.troubles li').nth(1).waitFor();
      t.same(await wrong(page), ['asia #3 of My Bot', 'asia #2 of My Bot']);
      const before = await wrong(page);
      /** Two seconds later, and the page knows it: what it says of shards that restart came with the time. */
      const later = async (restarting: number): Promise<void> => {
        clock.advance(2_000);
        await report(server, Array<string>(4).fill('online').fill('starting', 0, restarting));
        await page
          .getByText(
            new RegExp(`^${restarting} shards are restarting\\.$|\\. ${restarting} shards are restarting`),
          )
          .waitFor();
      };
      await page.locator('.troubles li').first().hover();
      await beat(server, 1, `222${'3'.repeat(13)}`, { latencySeconds: 0.4 }); // the worse one now
      await page.locator('.troubles li', { hasText: '3 of 16 shards' }).waitFor();
      await later(2);
      t.same(await wrong(page), before, 'under the pointer');
      await page.locator('.troubles a').first().focus();
      await page.mouse.move(5, 5);
      await later(3);
      t.same(await wrong(page), before, 'under the focus');
      await page.locator('h1').focus();
      await later(4);
      await page.locator('.troubles li:first-child', { hasText: 'asia #2' }).waitFor();
      await allWell(server);
      await heading(page, 'are up.');
    },
  );
});

void t.test('much that is wrong', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const clock = testClock();
  const server = await serveFleet(t, {}, clock);
  await allWell(server);
  for (let i = 4; i < 17; i++) await beat(server, i, '', { latencySeconds: 0.5 });
  clock.advance(60_000);
  await beat(server, 0, '0123456333333333', { latencySeconds: 1.2 });
  for (const index of [2, 3]) await beat(server, index);
  for (let i = 4; i < 17; i++) await beat(server, i, '', { latencySeconds: 0.5 });
  await report(server, ['online', 'offline', 'resuming', 'starting']);

  await t.test('is twelve rows, and the rest a click away', async (t) => {
    const page = await signedIn(t, browser, server);
    await page.locator('.troubles li').nth(11).waitFor();
    t.equal(await page.locator('.troubles li').count(), 12);
    const all = page.getByRole('button', { name: /^Show all \d+$/ });
    const count = Number(/\d+/.exec(await all.innerText())![0]);
    t.equal(await page.locator('.views .count [aria-hidden]').innerText(), `${count}`);
    await all.click();
    t.equal(await page.locator('.troubles li').count(), count);
    t.equal(await all.count(), 0);
  });

  await t.test(
    'no view has a counter of nothing, an alarm that is no row of Now, or a spinner',
    async (t) => {
      const page = await signedIn(t, browser, server);
      await page.locator('.troubles li').nth(11).waitFor();
      await page.getByRole('button', { name: /^Show all/ }).click();
      const rows = (await wrong(page)).join('\n');
      for (const [query, text] of views) {
        await page.goto(`${server.base}/operator?${query}`);
        await live(page);
        await heading(page, text);
        const counters = page.locator('.count, .total dd, .not-online b, .plain-table .number, #content b');
        for (const counter of await counters.allInnerTexts())
          t.notMatch(counter, /^0(?![.,]?\d)/, `${query}: ${counter}`);
        t.equal(await page.locator('progress, meter, .spinner, .skeleton, [aria-busy=true]').count(), 0);
        for (const row of await page.locator('tr', { has: page.locator('.warn, .bad') }).allInnerTexts())
          t.match(rows, `asia ${/#\d+/.exec(row)![0]} `, `${query}: ${row}`);
      }
    },
  );

  for (const width of [320, 360])
    await t.test(`in type of twice the size nothing is beyond the edge of ${width} px`, async (t) => {
      const page = await signedIn(t, browser, server, '', { viewport: { width, height: 740 } });
      for (const [query, text] of views) {
        await page.goto(`${server.base}/operator?${query}`);
        await heading(page, text);
        await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        t.ok(wide <= width, `${query}: ${wide}`);
      }
    });

  await t.test(
    'on a phone the head has two rows, tables stack, and what one taps is 44 px high',
    async (t) => {
      const page = await signedIn(t, browser, server, '', PHONE);
      const boxOf = async (selector: string): Promise<{ y: number; height: number }> =>
        (await page.locator(selector).first().boundingBox())!;
      t.ok((await boxOf('.bar')).height <= 116);
      const rows = await Promise.all(['.site', '.find', '.role', '.views'].map(boxOf));
      const middles = rows.map(({ y, height }) => Math.round((y + height / 2) / 10));
      t.ok(
        middles[0] === middles[1] && middles[1] === middles[2] && middles[2]! < middles[3]!,
        middles.join(),
      );
      for (const [query, text] of views) {
        await page.goto(`${server.base}/operator?${query}`);
        await heading(page, text);
        for (const target of await page
          .locator(
            '.views a, .find input, #content button:not(.plain-table button), #content :is(input, select)',
          )
          .all()) {
          const box = (await target.boundingBox())!;
          t.ok(box.height >= 43.9, `${query}: ${await target.innerText()} is ${box.height} px`);
        }
        const tables = await page
          .locator('.table, .plain-table')
          .evaluateAll((all) => all.map((one) => one.scrollWidth - one.clientWidth));
        t.ok(
          tables.every((beyond) => beyond <= 0),
          `${query}: ${tables.join()}`,
        );
      }
    },
  );
});
