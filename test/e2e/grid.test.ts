// The grid in a real browser: by cluster, by keyboard, filtered, as a list, large, and honest when nothing is known.
import t from 'tap';
import type { Page } from 'playwright-core';
import { forget, freePort, post, startServer, testClock, until, type TestServer } from '../harness.js';
import { axeFindings, noBrowser, openBrowser, openPage, PAGE_AGE_MS, visit } from './browser.js';
import { shiftsOf, watchShifts } from './shifts.js';

const BOTS = { SHARDLIGHT_BOTS: 'main:64:My Bot' };

const quit = async (server: TestServer): Promise<void> => {
  await server.stop();
  await forget(server);
};

/** A cluster of 16 says how its shards are. */
async function beat(
  { base, clock }: TestServer,
  index: number,
  states: string,
  shardCount = 64,
): Promise<void> {
  const identity = `asia-${index}`;
  await post(`${base}/fleet/register`, { identity, fleet: 'asia' });
  const shards = Array.from(states, (state, i) => ({
    id: index * 16 + i,
    state: Number(state),
    latency_ms: 41.2,
  }));
  await post(`${base}/fleet/heartbeat`, { identity, bot: 'main', shard_count: shardCount, shards });
  clock.advance(PAGE_AGE_MS); // who opens the page now gets one that is drawn anew
}

const UP = '3'.repeat(16);
const MIX = '0123456' + '3'.repeat(9);

async function fourClusters(server: TestServer): Promise<void> {
  for (const index of [0, 1, 2, 3]) await beat(server, index, UP);
}

const live = (page: Page): Promise<void> => page.locator('#connection', { hasText: 'Live' }).waitFor();
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.firstChild?.nodeValue ?? '');

void t.test('the grid in a browser', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const server = await startServer(BOTS);
  t.teardown(() => quit(server));
  t.beforeEach(() => fourClusters(server));

  await t.test(
    'shows clusters by name with how many of their shards are up, and a restart as one',
    async (t) => {
      const page = await visit(t, browser, server.base);
      await live(page);
      const head = page.locator('.cluster h3').nth(1);
      t.match(await head.innerText(), /asia #2\s+16–31/);
      await beat(server, 1, '3'.repeat(13) + '456');
      await head.getByText('restarting, 13 of 16 online').waitFor();
      t.match(
        await page.locator('h1').innerText(),
        '3 of 64 shards of My Bot are restarting. This is normal.',
      );
      t.equal(await head.locator('progress').getAttribute('value'), '13');
      await beat(server, 1, '3'.repeat(15) + '2');
      await head.getByText('15 of 16 online', { exact: true }).waitFor();
    },
  );

  await t.test('brings shards to the cluster that has them now, and keeps focus and marks', async (t) => {
    const page = await visit(t, browser, server.base);
    await live(page);
    await page.locator('#guild').fill('81384788765712384');
    await page.keyboard.press('Enter');
    await page.locator('.marked').click();
    const shard = await focused(page);
    t.match(shard, /^\d+$/);
    const identity = 'asia-9';
    await post(`${server.base}/fleet/register`, { identity, fleet: 'asia' });
    await post(`${server.base}/fleet/heartbeat`, {
      identity,
      bot: 'main',
      shard_count: 64,
      shards: [{ id: 0, state: 'online' }],
    });
    await page.locator('.cluster').nth(4).waitFor();
    t.equal(await page.locator('.cluster').first().locator('li').innerText(), '0', 'by lowest shard');
    t.equal(await page.locator('.marked').count(), 1);
    t.equal(await focused(page), shard);
    t.equal(await page.locator('.tiles > li').count(), 64);
    await post(`${server.base}/fleet/heartbeat`, { identity, bot: 'main', shard_count: 64, shards: [] });
    await beat(server, 0, UP);
    await page.waitForFunction(() => document.querySelectorAll('.cluster').length === 4);
  });

  await t.test('is one tab stop; arrows, Home, End, Enter and Esc do the rest', async (t) => {
    const page = await visit(t, browser, server.base, { viewport: { width: 1280, height: 800 } });
    await live(page);
    t.equal(await page.locator('.tiles [tabindex="0"]').count(), 1);
    await page.locator('.tiles [tabindex="0"]').focus();
    t.equal(await focused(page), '0');
    const path: string[] = [];
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'End', 'ArrowUp', 'Home']) {
      await page.keyboard.press(key);
      path.push(await focused(page));
    }
    t.same(path, ['1', '9', '8', '63', '55', '0']);
    const detail = page.locator('#detail');
    t.match(await detail.innerText(), /Shard 0/);
    await page.keyboard.press('Enter');
    await detail.getByText('latency 41').waitFor();
    t.match(await detail.innerText(), /asia #1/);
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'hidden' });
    t.equal(await focused(page), '0', 'the focus stays');
    await page.keyboard.press('Shift+Tab');
    t.equal(await page.evaluate(() => document.activeElement?.tagName), 'INPUT', 'the switch before it');
  });

  await t.test('the detail can be pointed at, stays, and goes on Esc or a tap elsewhere', async (t) => {
    const page = await visit(t, browser, server.base, { hasTouch: true });
    await live(page);
    const detail = page.locator('#detail');
    await page.locator('.tiles > li').nth(3).hover();
    await detail.waitFor();
    const box = (await detail.boundingBox())!;
    const tile = (await page.locator('.tiles > li').nth(3).boundingBox())!;
    await page.mouse.move(tile.x + tile.width / 2, box.y + 4, { steps: 12 });
    t.match(await detail.innerText(), /Shard 3/, 'the way over touches no other tile');
    await page.mouse.down();
    await page.mouse.up();
    t.ok(await detail.isVisible());
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'hidden' });
    await page.locator('.tiles > li').nth(5).tap();
    await detail.getByText('Shard 5').waitFor();
    await page.locator('.size').tap();
    await detail.waitFor({ state: 'hidden' });
  });

  await t.test('the legend narrows the grid to a state; a second click or Esc ends it', async (t) => {
    await beat(server, 2, MIX);
    const page = await visit(t, browser, server.base);
    await live(page);
    const offline = page.locator('.counts button', { hasText: 'Offline' });
    await offline.click();
    t.equal(await offline.getAttribute('aria-pressed'), 'true');
    t.equal(await page.locator('.cluster:visible').count(), 1);
    t.equal(await page.locator('.tiles > li:visible').count(), 1);
    await page.keyboard.press('Tab');
    while (!/^\d+$/.test(await focused(page))) await page.keyboard.press('Tab');
    t.equal(await focused(page), '34');
    await page.keyboard.press('ArrowRight');
    t.equal(await focused(page), '34', 'arrows stay within what is shown');
    await beat(server, 3, '2' + '3'.repeat(15));
    await page.waitForFunction(() => document.querySelectorAll('.cluster:not([hidden])').length === 2);
    await page.keyboard.press('ArrowRight');
    t.equal(await focused(page), '48');
    await page.keyboard.press('Escape'); // the detail
    await page.keyboard.press('Escape');
    t.equal(await page.locator('.tiles > li:visible').count(), 64);
    await offline.click();
    await offline.click();
    t.equal(await offline.getAttribute('aria-pressed'), 'false');
    t.equal(await page.locator('.cluster:visible').count(), 4);
  });

  await t.test('the list says the same for reading, and is remembered', async (t) => {
    await beat(server, 2, MIX);
    const page = await visit(t, browser, server.base);
    await live(page);
    await page.getByText('List', { exact: true }).click();
    const list = page.locator('.list');
    await list.getByRole('heading', { name: 'Offline 1' }).waitFor();
    t.match(
      await list.locator('.offline li').innerText(),
      /asia #3\s+34\s+since \d\d:\d\d \(less than a minute\)/,
    );
    t.equal(await page.locator('.grid:visible').count(), 0);
    await beat(server, 1, '3'.repeat(14) + '22');
    await list.getByText('30–31').waitFor();
    await page.reload();
    await list.getByText('30–31').waitFor();
    await page.locator('#guild').fill('81384788765712384');
    await page.keyboard.press('Enter');
    await page.getByText('Show in the grid').click();
    t.ok(await page.locator('.marked').isVisible());
  });

  for (const colorScheme of ['dark', 'light'] as const)
    await t.test(`axe finds nothing in any state of the grid, ${colorScheme}`, async (t) => {
      await beat(server, 2, MIX);
      const page = await visit(t, browser, server.base, { colorScheme });
      await live(page);
      await page.locator('.tiles > li').nth(33).click();
      await page.locator('#detail').getByText('asia #3').waitFor();
      t.same(await axeFindings(page), [], 'detail open');
      await page.locator('.counts button', { hasText: 'Offline' }).click();
      t.same(await axeFindings(page), [], 'filter on');
      await page.getByText('List', { exact: true }).click();
      t.same(await axeFindings(page), [], 'list and filter');
      await page.keyboard.press('Escape');
      t.same(await axeFindings(page), [], 'list');
      await page.locator('#guild').fill('81384788765712384');
      await page.keyboard.press('Enter');
      t.same(await axeFindings(page), [], 'answer');
      await page.getByText('Grid', { exact: true }).click();
      await page.evaluate(() => (document.documentElement.dataset.link = 'lost'));
      t.same(await axeFindings(page), [], 'reconnecting');
    });

  await t.test(
    'reflows at 320 pixels and 200 % zoom, grid and list, with targets of 24 pixels',
    async (t) => {
      for (const options of [
        { viewport: { width: 320, height: 640 } },
        { viewport: { width: 320, height: 400 }, deviceScaleFactor: 2 },
      ]) {
        const page = await visit(t, browser, server.base, options);
        await live(page);
        const isNarrow = (): Promise<boolean> =>
          page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
        t.ok(await isNarrow(), 'grid');
        const small = await page.evaluate(() =>
          [...document.querySelectorAll('.tiles > li, button, summary, .views label')]
            .filter((element) => {
              const { width, height } = element.getBoundingClientRect();
              return width > 0 && (width < 24 || height < 24);
            })
            .map((element) => element.outerHTML),
        );
        t.same(small, []);
        await page.getByText('List', { exact: true }).click();
        t.ok(await isNarrow(), 'list');
      }
    },
  );

  await t.test('nothing moves for who asked for calm', async (t) => {
    await beat(server, 2, '4'.repeat(16));
    const page = await visit(t, browser, server.base, { reducedMotion: 'reduce' });
    await live(page);
    t.equal(await page.evaluate(() => document.getAnimations().length), 0);
    const other = await visit(t, browser, server.base);
    await other.waitForFunction(() => document.getAnimations().length > 0); // others see that work is in progress
  });

  await t.test('tiles say their state to who cannot see it', async (t) => {
    await beat(server, 2, MIX);
    const page = await visit(t, browser, server.base);
    const spoken = await page.locator('.cluster .tiles').nth(2).ariaSnapshot();
    t.match(spoken, /listitem: 34 Offline/);
    t.match(spoken, /listitem: "40"/);
  });

  await t.test('states keep their borders in forced colours', async (t) => {
    await beat(server, 2, MIX);
    const page = await visit(t, browser, server.base, { forcedColors: 'active' });
    await live(page);
    const borders = await page.evaluate(() =>
      ['online', 'offline', 'unhealthy', 'unknown'].map((state) => {
        const { borderTopStyle, borderTopWidth } = getComputedStyle(
          document.querySelector(`.tiles > .${state}`)!,
        );
        return `${borderTopStyle} ${borderTopWidth}`;
      }),
    );
    t.equal(new Set(borders).size, 4);
  });
});

void t.test('a bot that grows or shrinks keeps the focus in its grid', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const server = await startServer({});
  t.teardown(() => quit(server));
  const resize = (count: number): Promise<Response> =>
    post(`${server.base}/api/bots/main/shards`, {
      shard_count: count,
      shards: Array.from({ length: count }, (_, id) => ({ id, state: 'online' })),
    });
  await resize(32);
  const page = await visit(t, browser, server.base);
  await live(page);
  await page.locator('.tiles > li').nth(20).click();
  t.equal(await focused(page), '20');
  for (const [count, shard] of [
    [48, '20'],
    [16, '15'],
  ] as const) {
    await resize(count);
    await page.waitForFunction((n) => document.querySelectorAll('.tiles > li').length === n, count);
    t.equal(await focused(page), shard);
    t.equal(await page.locator('.tiles [tabindex="0"]').innerText(), shard, 'Tab leads back to it');
  }
  await page.keyboard.press('ArrowLeft');
  t.equal(await focused(page), '14', 'the keys go on from there');
});

void t.test(
  'a bot that fell silent is grey, and so are the sentence and the icon',
  { skip: noBrowser },
  async (t) => {
    const browser = await openBrowser();
    t.teardown(() => browser.close());
    const clock = testClock();
    const environment = { ...BOTS, SHARDLIGHT_SHARD_LEASE: '3600', SHARDLIGHT_HEARTBEAT_INTERVAL: '3600' };
    const server = await startServer(environment, clock);
    t.teardown(() => quit(server));
    const shards = Array.from({ length: 64 }, (_, id) => ({ id, state: 'online' }));
    await post(`${server.base}/api/bots/main/shards`, { shards });
    clock.advance(100_000);
    for (const javaScriptEnabled of [false, true]) {
      const page = await visit(t, browser, server.base, { javaScriptEnabled });
      if (javaScriptEnabled) await live(page);
      await page.locator('h1', { hasText: 'My Bot has been silent since' }).waitFor();
      t.match(await page.locator('link[rel=icon]').getAttribute('href'), /unknown/);
      const [tile, root] = await page.evaluate(() =>
        ['.tiles > .online', '.verdict'].map((which) =>
          getComputedStyle(document.querySelector(which)!).getPropertyValue('--up'),
        ),
      );
      t.not(tile, root, 'its tiles are not green');
    }
  },
);

const LARGE = 3_584;

/** A bot of many shards, in clusters of 16. */
async function largeServer(): Promise<TestServer> {
  const server = await startServer({
    SHARDLIGHT_BOTS: `main:${LARGE}:My Bot`,
    SHARDLIGHT_REGISTER_BURST: '1000', // all clusters come from one address
    SHARDLIGHT_HEARTBEAT_INTERVAL: '3600', // none beats more than once or twice
  });
  for (let index = 0; index < LARGE / 16; index++) await beat(server, index, UP, LARGE);
  return server;
}

void t.test('3,584 shards with 200 changes a second', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const server = await largeServer();
  t.teardown(() => quit(server));
  for (const width of [1280, 360]) {
    const page = await openPage(t, browser, { viewport: { width, height: 800 } });
    await watchShifts(page);
    let patches = 0;
    page.on('websocket', (socket) => socket.on('framereceived', () => void patches++));
    await page.goto(server.base);
    await live(page);
    t.equal(await page.locator('.cluster').count(), LARGE / 16);
    const states = new Map<number, number>();
    for (let round = 0; round < 20; round++) {
      const state = [6, 2, 4, 5][(round + (width === 360 ? 1 : 0)) % 4]!; // each a change, at both widths
      const before = patches;
      // Only its cluster's word changes a shard that it holds: ten shards each of two clusters, ten times a second,
      // which is how often patches come.
      const changes = [0, 1].map((i) => {
        const index = ((round * 2 + i) * 37) % (LARGE / 16);
        for (let shard = 0; shard < 10; shard++) states.set(index * 16 + shard, state);
        return beat(server, index, `${state}`.repeat(10) + '3'.repeat(6), LARGE);
      });
      await Promise.all(changes);
      await until(() => patches > before);
    }
    const view = (await (await fetch(`${server.base}/api/view`)).json()) as {
      version: number;
      bots: { states: string }[];
    };
    const wanted = view.bots[0]!.states;
    const classes = ['unknown', 'unhealthy', 'offline', 'online', 'starting', 'stopping', 'resuming'];
    await page.waitForFunction(
      ({ wanted, classes }) =>
        [...document.querySelectorAll('.tiles > li')].every((tile) => {
          const id = Number.parseInt(tile.textContent, 10);
          return tile.classList.contains(classes[Number(wanted[id])]!);
        }),
      { wanted, classes },
    );
    t.ok(
      [...states].every(([id, state]) => wanted[id] === `${state}`),
      'every change arrived',
    );
    t.same(await shiftsOf(page), [], `nothing moved, ${width} px`);
  }
});

void t.test(
  'a page that was cut off resumes with what it missed, without a snapshot',
  { skip: noBrowser },
  async (t) => {
    const browser = await openBrowser();
    t.teardown(() => browser.close());
    const server = await startServer({ ...BOTS, SHARDLIGHT_PORT: `${await freePort()}` });
    t.teardown(() => quit(server));
    await fourClusters(server);
    const page = await openPage(t, browser);
    const sockets: string[][] = [];
    page.on('websocket', (socket) => {
      const frames: string[] = [];
      sockets.push(frames);
      socket.on('framereceived', ({ payload }) => void frames.push(String(payload)));
    });
    await page.addInitScript(() => {
      const here = globalThis as unknown as { cut: () => void };
      globalThis.WebSocket = class extends WebSocket {
        constructor(url: string | URL) {
          super(url);
          here.cut = () => this.close();
        }
      };
    });
    await page.goto(server.base);
    await live(page);
    await page.evaluate(() => (globalThis as unknown as { cut: () => void }).cut());
    await page.locator('#connection', { hasText: 'Reconnecting' }).waitFor();
    t.match(await page.title(), 'Reconnecting');
    await beat(server, 1, '2' + '3'.repeat(15));
    await page.locator('.tiles > .offline').waitFor();
    await live(page);
    t.equal(sockets.length, 2);
    const ops = sockets.flat().map((frame) => (JSON.parse(frame) as { op: string }).op);
    t.ok(ops.includes('patch'));
    t.notOk(ops.includes('snapshot'), 'the HTML was the snapshot');
  },
);

void t.test(
  'the icon for a lost server is there before the server is lost',
  { skip: noBrowser },
  async (t) => {
    const browser = await openBrowser();
    t.teardown(() => browser.close());
    const server = await startServer(BOTS);
    t.teardown(() => quit(server));
    await fourClusters(server);
    const page = await visit(t, browser, server.base);
    const response = await page.waitForResponse(/favicon\/unknown/);
    t.equal(response.status(), 200);
    t.match(response.headers()['cache-control'], /max-age=\d{4,}/);
  },
);
