// Both pages under a browser's translation: whatever happens to the fleet or the server, they say the same as a page that was just opened.
import type { Browser, Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { forget, freePort, post, startServer, testClock, until, type TestServer } from '../harness.js';
import { noBrowser, openBrowser, visit } from './browser.js';
import { allWell, beat, BOTS, live, report, signedIn, TOKENS } from './operators.js';
import { readable, translate, translated } from './translation.js';

const LEASE_MS = 45_000;
const GIVE_UP_MS = 180_000; // only where the test fails
const GUILD = '81384788765712384';

/** A server that can be stopped and come back at its address, on a clock that tests move. */
async function place(t: Test, environment: Record<string, string>) {
  const clock = testClock();
  const settings = { ...environment, SHARDLIGHT_PORT: `${await freePort()}` };
  let server = await startServer(settings, clock);
  t.teardown(() => server.stop().finally(() => forget(server)));
  return {
    clock,
    server: (): TestServer => server,
    restart: async () => {
      server = await startServer(settings, clock, server.statePath);
    },
  };
}

type Place = Awaited<ReturnType<typeof place>>;

async function same(
  t: Test,
  page: Page,
  fresh: Page,
  what: string,
  of = (text: string): string => text,
): Promise<void> {
  const since = Date.now();
  let [shown, right] = ['', ' '];
  await until(async () => {
    [shown, right] = [of(await readable(page)), of(await readable(fresh))];
    return shown === right || Date.now() - since > GIVE_UP_MS;
  });
  t.equal(shown, right, what);
}

const saying = (page: Page, selector: string, text: string): Promise<void> =>
  page.locator(selector, { hasText: text }).first().waitFor();

void t.test('the operator view', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const views: [what: string, query: string, before: string, after: string][] = [
    ['everything', '', 'are up', 'down'],
    ['a fleet', 'fleet=asia&sort=number', 'asia', 'down'],
    ['a cluster', 'cluster=asia-1', 'asia #2', 'Down'],
    ['a shard', 'bot=main&shard=17', 'online', 'responding'],
  ];
  for (const [what, query, before, after] of views)
    await t.test(what, async (t) => {
      const one = await place(t, { ...BOTS, ...TOKENS });
      await allWell(one.server());
      const page = await signedIn(t, browser, one.server(), query);
      await saying(page, '#content h1, #content .headline', before);
      await translate(page);
      t.ok((await translated(page)) > 10);

      one.clock.advance(LEASE_MS - 1_000);
      for (const index of [0, 2, 3]) await beat(one.server(), index, `2${'3'.repeat(15)}`);
      await report(one.server(), ['online', 'offline', 'online', 'online']);
      one.clock.advance(2_000);
      await saying(page, '#content', after);
      const fresh = await signedIn(t, browser, one.server(), query);
      await same(t, page, fresh, 'a cluster fell silent');

      await one.server().stop();
      await saying(page, '#connection', 'econnecting');
      await same(t, page, fresh, 'the server is away');
      await one.restart();
      await live(page);
      await live(fresh);
      await allWell(one.server());
      await saying(page, '#content', before);
      await same(t, page, fresh, 'it is back, and all is well');
    });
});

void t.test('the public page', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const one = await place(t, { SHARDLIGHT_BOTS: 'main:240:My Bot;demo:16:Biscuit' });
  const say = (bot: string, shards: unknown[]): Promise<unknown> =>
    post(`${one.server().base}/api/bots/${bot}/shards`, { shards });
  const all = (count: number): unknown[] =>
    Array.from({ length: count }, (_, id) => ({ id, state: 'online' }));
  const allOnline = async (): Promise<void> => {
    await say('main', all(240));
    await say('demo', all(16));
  };
  await allOnline();
  const page = await asked(t, browser, one);
  await translate(page);
  t.ok((await translated(page)) > 10);

  one.clock.advance(5_000);
  await say(
    'main',
    [178, 17].map((id) => ({ id, state: 'offline' })),
  );
  await page.locator('[data-bot=main] .tiles li.offline').first().waitFor();
  const fresh = await asked(t, browser, one);
  await same(t, page, fresh, 'two shards are down');

  await one.server().stop();
  await saying(page, '#connection', 'econnecting');
  await same(t, page, fresh, 'the server is away');
  await one.restart();
  await saying(page, '#connection', 'Live');
  await allOnline();
  await saying(page, 'h1', 'are online');
  await same(t, page, fresh, 'it is back, and all is well', withoutDetails);
});

/** What is asked for beside the view comes when it comes. */
const withoutDetails = (text: string): string => text.replace(/^online since .*\n+/gm, '');

/** The page with an answer, the detail of a tile and the list open. */
async function asked(t: Test, browser: Browser, one: Place): Promise<Page> {
  const page = await visit(t, browser, one.server().base);
  await saying(page, '#connection', 'Live');
  await page.locator('#guild').fill(GUILD);
  await page.keyboard.press('Enter');
  await saying(page, '#answer', '178');
  return page;
}
