// The table of a fleet in a real browser: sorted, filtered, by keyboard, and long.
import t from 'tap';
import type { Page } from 'playwright-core';
import { noBrowser, openBrowser } from './browser.js';
import { beat, queryOf, serveFleet, signedIn } from './operators.js';

const CLUSTERS = 150;

const identities = (page: Page): Promise<string[]> =>
  page.locator('.clusters-table tbody tr:not(.spacer) td:nth-child(2)').allInnerTexts();
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.closest('tr')?.querySelector('td')?.textContent ?? '');

void t.test('the table of a fleet', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const server = await serveFleet(t);
  for (let i = 0; i < CLUSTERS; i++)
    await beat(server, i, '', { fleet: 'big', latencySeconds: (10 + i) / 1_000 });

  await t.test('sorts by a column, the other way, and not', async (t) => {
    const page = await signedIn(t, browser, server, 'fleet=big');
    t.same((await identities(page)).slice(0, 2), ['big-0', 'big-1'], 'in order where nothing is worse');
    const latency = page.locator('th', { hasText: 'Latency' });
    await latency.getByRole('button').click();
    t.equal(await latency.getAttribute('aria-sort'), 'descending');
    t.same((await identities(page)).slice(0, 2), [`big-${CLUSTERS - 1}`, `big-${CLUSTERS - 2}`]);
    t.equal(queryOf(page), '?fleet=big&sort=-latency');
    await latency.getByRole('button').click();
    t.equal(await latency.getAttribute('aria-sort'), 'ascending');
    t.same((await identities(page)).slice(0, 2), ['big-0', 'big-1']);
    await page.reload();
    await page.locator('tbody tr').first().waitFor();
    t.equal(await latency.getAttribute('aria-sort'), 'ascending', 'it is in the address');
    await page.getByRole('button', { name: 'Worst first' }).click();
    t.equal(queryOf(page), '?fleet=big');
    for (const head of await page.locator('th button').all()) await head.click();
    t.match(queryOf(page), 'version');
  });

  await t.test('filters as one types, and says how many are left', async (t) => {
    const page = await signedIn(t, browser, server, 'fleet=big');
    await page.locator('#filter').fill('big-14');
    await page.getByText(`11 of ${CLUSTERS} clusters`).waitFor();
    t.equal((await identities(page)).length, 11);
    t.equal(queryOf(page), '?fleet=big&find=big-14');
    await page.locator('#filter').fill('nothing');
    await page.getByText('No cluster matches.').waitFor();
    await page.locator('#filter').fill('');
    await page.getByText(`${CLUSTERS} clusters`, { exact: true }).waitFor();
    await page.goBack();
    t.notMatch(page.url(), 'find', 'typing leaves no trail to go back through');
  });

  await t.test('draws what is in sight, and is a table of all rows for who cannot see it', async (t) => {
    const page = await signedIn(t, browser, server, 'fleet=big', { viewport: { width: 1280, height: 800 } });
    const table = page.getByRole('table', { name: 'Clusters of big' });
    t.equal(await table.getAttribute('aria-rowcount'), `${CLUSTERS + 1}`);
    t.ok((await identities(page)).length < 60);
    await page.locator('.clusters-table').evaluate((host) => host.scrollTo(0, host.scrollHeight));
    await page.locator('tbody tr', { hasText: `big-${CLUSTERS - 1}` }).waitFor();
    t.equal(
      await page.locator('tbody tr', { hasText: `big-${CLUSTERS - 1}` }).getAttribute('aria-rowindex'),
      `${CLUSTERS + 1}`,
    );
    const { height, rows } = await page.locator('.clusters-table').evaluate((host) => ({
      height: host.scrollHeight,
      rows: host.querySelector('tbody tr:not(.spacer)')!.getBoundingClientRect().height,
    }));
    t.equal(Math.round(rows), 36, 'as high as the arithmetic says');
    t.equal(height, 36 * (CLUSTERS + 1));
  });

  await t.test('is one tab stop, and the keys walk it', async (t) => {
    const page = await signedIn(t, browser, server, 'fleet=big');
    t.equal(await page.locator('tbody a[tabindex="0"]').count(), 1);
    await page.locator('tbody a[tabindex="0"]').focus();
    const path: string[] = [];
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp', 'End', 'ArrowUp', 'Home']) {
      await page.keyboard.press(key);
      path.push(await focused(page));
    }
    t.same(path, ['big-1', 'big-2', 'big-1', `big-${CLUSTERS - 1}`, `big-${CLUSTERS - 2}`, 'big-0']);
    await page.keyboard.press('PageDown');
    t.match(await focused(page), /^big-\d\d$/);
    const there = await focused(page);
    await page.keyboard.press('Enter');
    await page.locator('.headline', { hasText: there }).waitFor();
    t.equal(queryOf(page), `?cluster=${there}`);
  });

  await t.test('a row opens where it is clicked', async (t) => {
    const page = await signedIn(t, browser, server, 'fleet=big');
    await page.locator('tbody tr', { hasText: 'big-3' }).first().locator('td').nth(5).click();
    await page.locator('h1', { hasText: 'big #4' }).waitFor();
  });
});
