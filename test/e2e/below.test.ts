// The page and the operator view below a path, behind a real nginx that passes the path on or takes it off, in a real browser.
import t from 'tap';
import type { Test } from 'tap';
import type { Browser } from 'playwright-core';
import { whySkipped } from '../deploy/program.js';
import { nginx, type Below } from '../deploy/standing.js';
import { freePort, type TestServer } from '../harness.js';
import { noBrowser, openBrowser, visit } from './browser.js';
import { allWell, heading, live, report, serveFleet } from './operators.js';

const BASE = '/status';
const takesOff = (site: string): string =>
  site.replace('proxy_pass http://shardlight;', 'proxy_pass http://shardlight/;');

void t.test('below a path', { skip: noBrowser || whySkipped('nginx', 'nginx-light') }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const modes: [name: string, below: Below][] = [
    ['that nginx passes on', { base: BASE }],
    ['that nginx takes off', { base: BASE, rewrite: takesOff }],
  ];
  for (const [name, below] of modes)
    await t.test(name, async (t) => {
      const port = await freePort();
      const site = `http://127.0.0.1:${port}${BASE}`;
      const server = await serveFleet(t, {
        SHARDLIGHT_PUBLIC_URL: site,
        SHARDLIGHT_TRUSTED_PROXY: '127.0.0.1',
      });
      await allWell(server);
      await nginx(t, port, `127.0.0.1:${server.port}`, below);
      await publicPage(t, browser, server, site);
      await operatorView(t, browser, site);
    });
});

async function publicPage(t: Test, browser: Browser, server: TestServer, site: string): Promise<void> {
  const page = await visit(t, browser, site);
  t.equal(page.url(), `${site}/`);
  await report(server, ['online', 'offline', 'online', 'online']);
  await page.locator('h1', { hasText: '1' }).waitFor(); // the change came by the socket
  await page.locator('#guild').fill('81384788765712384');
  const asked = page.waitForResponse((response) => response.url().includes('/api/bots/'));
  await page.keyboard.press('Enter');
  t.equal((await asked).url().startsWith(`${site}/api/bots/`), true);
  await page
    .locator('#answer')
    .getByText('demo')
    .or(page.locator('#answer').getByText('Biscuit'))
    .first()
    .waitFor();
  await page.goto(`${site}/?lang=de`);
  await page.locator('html[lang=de]').waitFor();
  await page.locator('a.site').click();
  t.equal(page.url().startsWith(`${site}/`), true);
}

async function operatorView(t: Test, browser: Browser, site: string): Promise<void> {
  const page = await visit(t, browser, `${site}/?token=act`);
  await live(page);
  t.equal(page.url(), `${site}/operator`);
  await page.getByRole('link', { name: 'Fleet' }).click();
  await page.getByRole('link', { name: 'asia', exact: true }).first().click();
  await heading(page, 'asia');
  t.equal(page.url(), `${site}/operator?fleet=asia`);
  await page.reload();
  await heading(page, 'asia');
  await page.goBack();
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByText(`ARGUS_FLEET_URL=${site}`).first().waitFor();
  await page.getByText(`metrics_path: ${BASE}/metrics`).first().waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You are signed out.').waitFor();
  t.same(await page.context().cookies(), []);
}
