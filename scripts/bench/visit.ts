// One visit to the measured page: on a desk's line, or on slow 4G with a quarter of the CPU.
import type { Browser, Page } from 'playwright-core';
import { watch } from './in-page.js';

const SLOW_CPU_RATE = 4;
const BYTES_PER_MBIT = 1_000_000 / 8;
/** Slow 4G, as Lighthouse has it. */
const SLOW_4G = {
  offline: false,
  latency: 150,
  downloadThroughput: 1.6 * BYTES_PER_MBIT,
  uploadThroughput: 0.75 * BYTES_PER_MBIT,
};

/** With nothing cached; resolves once the page is live. Closing its context ends it. */
export async function visit(browser: Browser, port: number, isSlow: boolean): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.addInitScript(watch);
  if (isSlow) await slowDown(page);
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.locator('#connection', { hasText: 'Live' }).waitFor();
  return page;
}

async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', SLOW_4G);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOW_CPU_RATE });
}
