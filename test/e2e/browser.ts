// The browser of the tests that need a real one; where there is none, the reason why they are skipped.
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Test } from 'tap';
import { chromiumPath, openChromium } from '../../scripts/chromium.js';
import { TEST_STARTS_AT } from '../harness.js';

/** A reason to skip, or false. */
export const noBrowser: string | false = chromiumPath
  ? false
  : 'no Chromium here: install the package "chromium", or name one with CHROMIUM';

export const openBrowser = (): Promise<Browser> => openChromium(chromiumPath!);

/** Nobody waits that long for what comes: this only ends waits for what never does. */
const GIVE_UP_AFTER_MS = 180_000;

/** An hour behind the clock of the test servers: pages count with the server's time. */
const READERS_TIME = TEST_STARTS_AT - 3_600_000;

/** How far a server's clock has to move for a page that is drawn anew. */
export const PAGE_AGE_MS = 1_000;

/** The reader's clock stands still, and no request is given up: what a page shows depends on no machine's speed. */
const stopTime = (at: number): void => {
  Date.now = () => at;
  AbortSignal.timeout = () => new AbortController().signal;
};

/** A page of its own, with a clock that stands still, in a context that ends with the test. */
export async function openPage(
  t: Test,
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ timezoneId: 'UTC', locale: 'en-GB', ...options });
  t.teardown(() => context.close());
  context.setDefaultTimeout(GIVE_UP_AFTER_MS);
  await context.addInitScript(stopTime, READERS_TIME);
  return context.newPage();
}

/** A page that fails the test by whatever it complains of: console errors, violations of the CSP, exceptions. */
export async function visit(
  t: Test,
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const page = await openPage(t, browser, options);
  page.on('pageerror', (error) => t.fail(error.stack ?? error.message));
  page.on('console', (message) => {
    const isOutage = /WebSocket|ERR_CONNECTION_REFUSED/.test(message.text()); // a stopped server, not a mistake
    if (message.type() === 'error' && !isOutage) t.fail(message.text());
  });
  await page.goto(url);
  return page;
}

/** What axe finds on the page as it stands: "rule: help: element". */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(readFileSync(`${process.cwd()}/node_modules/axe-core/axe.min.js`, 'utf8'));
  const { violations } = await page.evaluate(() =>
    (
      globalThis as unknown as {
        axe: { run(): Promise<{ violations: { id: string; help: string; nodes: { html: string }[] }[] }> };
      }
    ).axe.run(),
  );
  return violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html}`);
}
