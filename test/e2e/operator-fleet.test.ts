// The operator view in a real browser, against a real server and fleet: where one goes, and what one sees happen.
import t from 'tap';
import type { Page } from 'playwright-core';
import type { PublicView } from '../../public/shared/wire.js';
import { forget, freePort, startServer, testClock, until } from '../harness.js';
import { noBrowser, openBrowser } from './browser.js';
import {
  allWell,
  beat,
  BOTS,
  goodbye,
  heading,
  live,
  queryOf,
  report,
  serveFleet,
  signedIn,
  TOKENS,
} from './operators.js';

const GUILD = '81384788765712384';

const LOOK = { headers: { authorization: 'Bearer look' } };

const favicon = (page: Page): Promise<string | null> => page.locator('link[rel=icon]').getAttribute('href');
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.textContent ?? '');

void t.test('the operator view', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const clock = testClock();
  const server = await serveFleet(t, {}, clock);
  t.beforeEach(() => allWell(server));

  await t.test(
    'leads from everything to a fleet, a cluster, a shard, and back; each has its address',
    async (t) => {
      const page = await signedIn(t, browser, server);
      await heading(page, 'All 4 clusters and 68 shards are up.');
      t.match(await page.title(), /^All up/);
      await page.getByRole('navigation').getByRole('link', { name: 'Fleet' }).click();
      await heading(page, 'Fleet');
      t.equal(queryOf(page), '?view=fleet');
      await page.getByRole('link', { name: 'asia', exact: true }).click();
      await heading(page, 'asia');
      t.equal(queryOf(page), '?fleet=asia');
      t.match(await focused(page), /^asia/, 'the focus goes along');
      await page.getByRole('link', { name: 'asia #2' }).click();
      await heading(page, 'asia #2');
      t.equal(queryOf(page), '?cluster=asia-1');
      await page.locator('.shards-table tbody a', { hasText: '17' }).click();
      await heading(page, 'Shard 17 of My Bot');
      t.equal(queryOf(page), '?bot=main&shard=17');
      t.match(await page.locator('.claims').innerText(), /asia #2 asia-1\s+Online/);
      await page.keyboard.press('u');
      await heading(page, 'asia #2');
      t.equal(await page.getByRole('link', { name: 'Fleet' }).first().getAttribute('aria-current'), 'page');
      await page.goBack();
      await heading(page, 'Shard 17');
      await page.goBack();
      await page.goBack();
      await heading(page, 'asia');
      await page.goForward();
      await heading(page, 'asia #2');
      t.match(await page.title(), /^asia #2: Up/);
    },
  );

  await t.test('opens at any address, and says when nothing is there', async (t) => {
    for (const [query, text] of [
      ['fleet=asia&sort=-latency&find=asia-2', 'asia'],
      ['bot=demo&shard=3', 'Shard 3 of Biscuit'],
      ['bot=main&find=asia-2', 'My Bot'],
      ['view=fleet', 'Fleet'],
      ['view=incidents', 'No incident is open.'],
      ['view=settings', 'Settings'],
      ['view=connect', 'Settings'],
      ['cluster=nobody', 'Not here'],
      ['fleet=nowhere', 'Not here'],
      ['bot=nobody', 'Not here'],
      ['bot=main&shard=999', 'Not here'],
    ] as const) {
      const page = await signedIn(t, browser, server, query);
      await heading(page, text);
      t.equal(queryOf(page), `?${query}`);
      await page.close();
    }
  });

  await t.test('a cluster that is not here yet is shown when it comes', async (t) => {
    const page = await signedIn(t, browser, server, 'cluster=asia-40');
    await heading(page, 'Not here');
    await beat(server, 40, '');
    await heading(page, 'asia #');
  });

  await t.test('a cluster dies and comes back before one’s eyes, in every view', async (t) => {
    const pages = new Map<string, Page>();
    for (const query of ['', 'fleet=asia', 'cluster=asia-1', 'bot=main&shard=17'])
      pages.set(query, await signedIn(t, browser, server, query));
    const [all, fleet, cluster, shard] = [...pages.values()] as [Page, Page, Page, Page];
    // In steps shorter than a lease: a sweep between them must find only the silent one out of time.
    for (let silentMs = 0; silentMs < 60_000; silentMs += 20_000) {
      clock.advance(20_000);
      for (const index of [0, 2, 3]) await beat(server, index);
      await report(server, ['online', 'online', 'online', 'online']);
    }
    await all.locator('h1', { hasText: /^\d clusters? (is|are) down\.$/ }).waitFor();
    t.match(
      await all.locator('.headline p').innerText(),
      /^16 of 68 shards are not working since \d\d:\d\d \(.+\)\.$/,
    );
    t.match(await all.title(), /^\d clusters? (is|are) down ·/);
    t.equal(await favicon(all), '/favicon/down.svg');
    const first = all.locator('.troubles li').first();
    t.match(
      await first.innerText(),
      /asia #2 of My Bot\s+Silent since \d\d:\d\d\. 16 of 64 shards with it \(16–31\)\./,
    );
    await all.locator('.flips li', { hasText: 'asia #2 went silent 16–31' }).waitFor();
    t.match(await all.locator('.not-online').innerText(), /16\s+Not responding\s+16–31/);
    for (const page of pages.values())
      t.match(await page.locator('.views .count.down').getAttribute('title'), /^\d things? (is|are) wrong$/);
    await fleet.locator('tbody tr.down', { hasText: 'asia-1' }).waitFor();
    clock.advance(1_000); // rows change places once a second
    await beat(server, 0);
    await fleet.locator('tbody tr:first-child', { hasText: 'asia-1' }).waitFor(); // the worst is on top
    await cluster.locator('h1', { hasText: 'Down' }).waitFor();
    await cluster.locator('.shards-table', { hasText: 'Not responding' }).waitFor();
    await shard.locator('h1', { hasText: 'Not responding' }).waitFor();
    t.match(await shard.title(), /^Not responding/);

    await allWell(server);
    await shard.locator('h1', { hasText: 'Online' }).waitFor();
    await cluster.locator('h1', { hasText: 'Up' }).waitFor();
    await fleet.locator('tbody tr.up', { hasText: 'asia-1' }).waitFor();
    await all.locator('.flips li', { hasText: '16 shards of My Bot came back' }).first().waitFor();
    await all.locator('.not-online').waitFor({ state: 'detached' });
    for (const page of pages.values()) await page.close();
  });

  await t.test('what has no cluster is in the one list, and restarting is not', async (t) => {
    const page = await signedIn(t, browser, server);
    await beat(server, 40, '');
    await goodbye(server, 'asia-40'); // of an earlier test, and would be down
    await report(server, ['online', 'offline', 'resuming', 'online']);
    await page.locator('h1', { hasText: /^1 of 68 shards is not working\.$/ }).waitFor();
    const rows = page.locator('.troubles li');
    t.equal(await rows.count(), 1);
    t.match(await rows.innerText(), /Shard 1 of Biscuit\s+1 of 4 shards is not working \(1\)\./);
    await page.getByText('1 shard is restarting.').waitFor();
    await rows.getByRole('link').click();
    await heading(page, 'Shard 1 of Biscuit');
    await page.goBack();
    await report(server, ['online', 'online', 'resuming', 'online']);
    await page.locator('h1', { hasText: 'Nothing is wrong. 1 shard is restarting.' }).waitFor();
    t.equal(await rows.count(), 0);
    t.equal(await page.locator('.views .count').count(), 0);
    t.equal(await page.getByText('is restarting').count(), 1, 'once');
  });

  await t.test('what was stopped on purpose is told in one wording, and is nowhere wrong', async (t) => {
    const page = await signedIn(t, browser, server);
    t.equal((await goodbye(server, 'asia-3')).status, 204);
    for (let silentMs = 0; silentMs < 60_000; silentMs += 20_000) {
      clock.advance(20_000);
      for (const index of [0, 1, 2]) await beat(server, index);
      await report(server, ['online', 'online', 'online', 'online']);
    }
    await page.locator('h1', { hasText: '52 shards are up, 16 shards stopped on purpose.' }).waitFor();
    t.equal(await page.locator('.troubles').count(), 0);
    const fleet = await signedIn(t, browser, server, 'fleet=asia');
    t.match(await fleet.locator('.headline').innerText(), /2 clusters stopped on purpose at \d\d:\d\d/);
    const cluster = await signedIn(t, browser, server, 'cluster=asia-3');
    await cluster.locator('.headline', { hasText: /Stopped on purpose at \d\d:\d\d ·/ }).waitFor();
    const shard = await signedIn(t, browser, server, 'bot=main&shard=50');
    await shard.locator('.headline', { hasText: /Stopped on purpose at \d\d:\d\d$/ }).waitFor();
    const view = (await (await fetch(`${server.base}/api/view`, LOOK)).json()) as PublicView;
    t.match(view.bots[0], { planned: '48-63', counts: { offline: 16, planned: 16 } });
    t.same(
      view.incidents.filter(({ endedAt }) => endedAt === null),
      [],
    );
    for (const one of [page, fleet, cluster, shard]) await one.close();
  });

  await t.test('what is strained is graded', async (t) => {
    await beat(server, 2, undefined, { latencySeconds: 1.2 });
    const page = await signedIn(t, browser, server, 'cluster=asia-2');
    t.match(await page.locator('.panel.bad').innerText(), /Gateway latency\s+1\.20\ss/);
    t.match(await page.title(), /^asia #3: Gateway latency 1\.20\ss, over 1\.00\ss ·/);
  });

  await t.test('charts say their values under the pointer and the arrows', async (t) => {
    for (let beats = 0; beats < 3; beats++) {
      clock.advance(15_000);
      await allWell(server);
    }
    const page = await signedIn(t, browser, server, 'cluster=asia-3');
    const chart = page.getByRole('slider', { name: 'Gateway latency' });
    await chart.focus();
    await page.keyboard.press('Home');
    t.match(await chart.getAttribute('aria-valuetext'), /^.*\d\d:\d\d:\d\d: \d+\sms$/);
    await page.keyboard.press('End');
    const last = await chart.getAttribute('aria-valuetext');
    t.match(last, /: 40\sms$/);
    await page.keyboard.press('ArrowLeft');
    t.not(await chart.getAttribute('aria-valuetext'), last);
    await chart.hover({ position: { x: 60, y: 40 } });
    t.equal(await page.locator('.pointed').count(), 9, 'all charts show the same moment');
    t.match(await chart.locator('text').first().textContent(), /^0$/, 'and what stands at the axes');
  });

  await t.test('/ searches everything, and guild IDs stay in the browser', async (t) => {
    const page = await signedIn(t, browser, server);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url() + (request.postData() ?? '')));
    const find = async (text: string): Promise<void> => {
      await page.keyboard.press('/');
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    };
    await find('main 17');
    await heading(page, 'Shard 17 of My Bot');
    await find('asia-2');
    await heading(page, 'asia #3');
    await find('#2');
    await heading(page, 'asia #2');
    await page.keyboard.press('/');
    await page.keyboard.type('asia');
    await page.locator('#found li').first().waitFor();
    await page.keyboard.press('ArrowDown');
    t.equal(await page.locator('#search').getAttribute('aria-activedescendant'), 'found-1');
    await page.keyboard.press('Escape');
    t.equal(await page.locator('#found').isVisible(), false);
    await page.keyboard.press('/');
    await page.keyboard.type('no such thing');
    await page.getByText('Nothing found.').waitFor();
    await page.keyboard.press('Escape');
    await find(`https://discord.com/channels/${GUILD}/1`);
    await heading(page, `Shard ${Number((BigInt(GUILD) >> 22n) % 64n)} of My Bot`);
    t.notOk(asked.some((request) => request.includes(GUILD)));
    t.ok(asked.some((request) => request.includes('q=main%2017')));
  });

  await t.test('? shows the keys, Esc closes them', async (t) => {
    const page = await signedIn(t, browser, server);
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Shortcuts' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.keyboard.press('/');
    await page.keyboard.type('?');
    t.equal(await dialog.count(), 0, 'not while typing');
    await page.locator('h1').focus();
    await page.keyboard.press('?');
    await dialog.waitFor();
    await page.evaluate(() => {
      const shown = document.querySelector('dialog')!;
      shown.close();
      shown.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true }));
    });
    t.equal(await page.evaluate(() => document.activeElement?.id), 'search', 'the key after Esc counts');
  });

  await t.test('the lines to connect are this server’s, and are copied', async (t) => {
    const page = await signedIn(t, browser, server, 'view=connect', {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    t.match(await page.locator('.discordjs').innerText(), `report(client, { url: '${server.base}'`);
    const argus = page.locator('.argus');
    t.match(await argus.innerText(), `ARGUS_FLEET_URL=${server.base}`);
    t.match(await argus.innerText(), 'ARGUS_FLEET_TOKEN=<ingest token>');
    await argus.getByRole('button').click();
    await argus.getByRole('button', { name: 'Copied' }).waitFor();
    t.match(await page.evaluate(() => navigator.clipboard.readText()), `ARGUS_FLEET_URL=${server.base}`);
    t.match(await page.locator('.prometheus').innerText(), `${server.base}/api/fleet/targets`);
  });

  await t.test('the theme is chosen, remembered, and the same as on the public page', async (t) => {
    const page = await signedIn(t, browser, server);
    await page.getByText('Light', { exact: true }).click();
    t.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
    await page.goto(server.base);
    t.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
  });
});

void t.test('a restart of the server', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const here = { ...BOTS, ...TOKENS, SHARDLIGHT_PORT: `${await freePort()}` };
  const clock = testClock();
  const first = await startServer(here, clock);
  await allWell(first);
  const page = await signedIn(t, browser, first, 'cluster=asia-1');
  await heading(page, 'asia #2');
  await first.stop();
  await page.locator('#connection', { hasText: 'Reconnecting… What you see is from' }).waitFor();
  t.match(await page.title(), /^Reconnecting/);
  t.match(await page.locator('h1').innerText(), 'asia #2', 'what was known stays in sight');

  const second = await startServer(here, clock, first.statePath);
  t.teardown(() => second.stop().finally(() => forget(second)));
  await live(page);
  await allWell(second);
  await page.locator('.shards-table tbody tr', { hasText: 'Online' }).first().waitFor();
  await page.goto(`${second.base}/operator`);
  await heading(page, 'are up.');
  await until(async () => /^All up/.test(await page.title()));
});
