// Where a proxy or a network lets no socket through: the page asks instead, and the operator view says what is in the way.
import type { Page } from 'playwright-core';
import t from 'tap';
import { post, serve } from '../harness.js';
import { noBrowser, openBrowser, openPage } from './browser.js';
import { allWell, serveFleet, TOKENS } from './operators.js';

/** Sockets end before they open, until `isFree` is set on the page. */
function blockSockets(): void {
  const Real = WebSocket;
  const world = window as unknown as { isFree?: boolean; WebSocket: unknown };
  world.WebSocket = function (address: string): unknown {
    if (world.isFree) return new Real(address);
    const ended = {
      readyState: Real.CLOSED,
      onclose: null as ((event: object) => void) | null,
      send: () => undefined,
      close: () => undefined,
    };
    setTimeout(() => ended.onclose?.({ code: 1006, reason: '' }));
    return ended;
  };
}

const free = (page: Page): Promise<void> =>
  page.evaluate(() => void ((window as unknown as { isFree: boolean }).isFree = true));

void t.test(
  'the public page asks every few seconds, and stops when a socket works',
  { skip: noBrowser },
  async (t) => {
    const browser = await openBrowser();
    t.teardown(() => browser.close());
    const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4:My Bot' });
    const say = (state: string): Promise<Response> =>
      post(`${server.base}/api/bots/main/shards`, { shards: [0, 1, 2, 3].map((id) => ({ id, state })) });
    await say('online');
    server.clock.advance(1_000);
    const page = await openPage(t, browser);
    await page.addInitScript(blockSockets);
    const asked: string[] = [];
    page.on('request', (request) => request.url().endsWith('/api/view') && asked.push(request.url()));
    await page.goto(server.base);
    await page.locator('#connection', { hasText: 'Live updates are blocked here' }).waitFor();
    await page.locator('h1', { hasText: 'All 4 shards' }).waitFor();
    t.equal(
      await page.evaluate(() => document.documentElement.dataset['link']),
      'polling',
      'it is not greyed',
    );

    await say('offline');
    server.clock.advance(1_000);
    await page.locator('h1', { hasText: 'All 4 shards of My Bot have been down' }).waitFor();

    await free(page);
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await page.locator('#connection', { hasText: 'Live' }).filter({ hasNotText: 'blocked' }).waitFor();
    const before = asked.length;
    t.ok(before > 0);
    await say('online');
    await page.locator('h1', { hasText: 'All 4 shards of My Bot are online' }).waitFor();
    t.equal(asked.length, before, 'the socket said so');
  },
);

void t.test('the operator view says what is in the way, until it is not', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const server = await serveFleet(t);
  await allWell(server);
  const page = await openPage(t, browser);
  await page.addInitScript(blockSockets);
  await page.goto(`${server.base}/operator?token=${TOKENS.SHARDLIGHT_OPERATOR_TOKEN}`);
  const notice = page.getByRole('alert');
  await notice.getByText('a proxy or network in between blocks WebSockets').waitFor();
  t.equal(await notice.getByRole('link').getAttribute('href'), '/plain');
  await free(page);
  await page.locator('h1', { hasText: 'All 4 clusters' }).waitFor();
  await notice.waitFor({ state: 'detached' });
});
