// The browser of the tests that need a real one; where there is none, the reason why they are skipped.
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Test } from 'tap';
import { chromiumPath, openChromium } from '../../scripts/chromium.js';

/** A reason to skip, or false. */
export const noBrowser: string | false = chromiumPath
  ? false
  : 'no Chromium here: install the package "chromium", or name one with CHROMIUM';

export const openBrowser = (): Promise<Browser> => openChromium(chromiumPath!);

/** A page that fails the test by whatever it complains of: console errors, violations of the CSP, exceptions. */
export async function visit(
  t: Test,
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({ timezoneId: 'UTC', locale: 'en-GB', ...options });
  t.teardown(() => context.close());
  const page = await context.newPage();
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
