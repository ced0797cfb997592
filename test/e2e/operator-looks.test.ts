// Every view of the operator view as it looks and loads in a real browser: what axe finds, on phones, and what it costs.
import t from 'tap';
import { testClock } from '../harness.js';
import { noBrowser, openBrowser, axeFindings, visit } from './browser.js';
import { allWell, beat, heading, report, serveFleet, signedIn } from './operators.js';

/** Every view, with what stands in its heading. */
const views = [
  ['', 'cluster is down'],
  ['view=fleet', 'Fleet'],
  ['fleet=asia', 'asia'],
  ['fleet=asia&find=nothing', 'asia'],
  ['bot=main', 'My Bot'],
  ['cluster=asia-0', 'asia #1'],
  ['cluster=asia-1', 'asia #2'],
  ['bot=main&shard=17', 'Shard 17'],
  ['view=incidents', 'incidents are open'],
  ['view=settings', 'Settings'],
  ['cluster=nobody', 'Not here'],
] as const;

void t.test('the looks of the operator view', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const clock = testClock();
  const server = await serveFleet(t, {}, clock);
  // A little of everything: a cluster that is down, double claims, strained values, every state.
  await allWell(server);
  clock.advance(60_000);
  await beat(server, 0, '0123456333333333', { latencySeconds: 1.2 });
  for (const index of [2, 3]) await beat(server, index);
  await report(server, ['online', 'offline', 'resuming', 'starting']);

  for (const colorScheme of ['dark', 'light'] as const)
    await t.test(`axe finds nothing in any view, ${colorScheme}`, async (t) => {
      const page = await signedIn(t, browser, server, '', { colorScheme });
      for (const [query, text] of views) {
        await page.goto(`${server.base}/operator?${query}`);
        await heading(page, text);
        t.same(await axeFindings(page), [], query);
      }
      await page.goto(`${server.base}/operator?cluster=asia-1`);
      await page.getByRole('button', { name: 'Forget' }).click();
      t.same(await axeFindings(page), [], 'a dialog');
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      t.same(await axeFindings(page), [], 'the keys');
      await page.keyboard.press('Escape');
      await page.keyboard.press('/');
      await page.keyboard.type('asia');
      await page.locator('#found li').first().waitFor();
      t.same(await axeFindings(page), [], 'the search');
      await page.evaluate(() => (document.documentElement.dataset.link = 'lost'));
      t.same(await axeFindings(page), [], 'reconnecting');
      const outside = await visit(t, browser, `${server.base}/operator`, { colorScheme });
      await heading(outside, 'Sign in');
      t.same(await axeFindings(outside), [], 'the sign-in form');
    });

  for (const width of [360, 320])
    await t.test(`fits ${width} pixels without scrolling sideways`, async (t) => {
      const page = await signedIn(t, browser, server, '', { viewport: { width, height: 700 } });
      for (const [query, text] of views) {
        await page.goto(`${server.base}/operator?${query}`);
        await heading(page, text);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        t.ok(wide <= width, `${query}: ${wide}`);
      }
    });

  await t.test('nothing moves for who asked for calm, and all is there in forced colours', async (t) => {
    const page = await signedIn(t, browser, server, '', { reducedMotion: 'reduce', forcedColors: 'active' });
    await heading(page, 'cluster is down');
    t.equal(await page.evaluate(() => document.getAnimations().length), 0);
    const marks = page.locator('.mark.down').first();
    t.not(await marks.evaluate((mark) => getComputedStyle(mark).backgroundColor), 'rgba(0, 0, 0, 0)');
  });

  await t.test('says what the strips show to who cannot see them', async (t) => {
    const page = await signedIn(t, browser, server);
    const strip = page.getByRole('img', { name: /^Biscuit: / });
    await strip.waitFor();
    t.equal(
      await strip.getAttribute('aria-label'),
      'Biscuit: 1 online, 1 offline (1), 1 starting (3), 1 resuming (2)',
    );
    await page
      .locator('.bot', { hasText: 'My Bot' })
      .locator('canvas')
      .click({ position: { x: 4, y: 4 } });
    await heading(page, 'Shard 0 of My Bot');
  });

  await t.test('without JavaScript it says what else there is', async (t) => {
    const page = await visit(t, browser, `${server.base}/operator`, { javaScriptEnabled: false });
    t.match(await page.locator('body').innerText(), /needs JavaScript/);
  });

  await t.test('its script is loaded here and nowhere else', async (t) => {
    const asked: string[] = [];
    const page = await visit(t, browser, server.base);
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.reload();
    await page.waitForLoadState('networkidle');
    t.notOk(asked.some((path) => path.includes('operator')));
    asked.length = 0;
    await page.goto(`${server.base}/operator`);
    await heading(page, 'Sign in');
    t.same(
      asked.filter((path) => path.startsWith('/assets/')).map((path) => path.split('-')[0]),
      ['/assets/operator', '/assets/operator'],
      'the page’s own, and the form’s',
    );
    t.notOk(asked.includes('/live/operator'), 'nobody is signed in yet');
  });
});
