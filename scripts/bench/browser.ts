// All that needs a real browser; where there is none, the reason why its figures are missing.
import type { Browser } from 'playwright-core';
import { operatorPage, type OperatorPageResult } from './operator-page.js';
import { paints, type PaintResult } from './paint.js';
import { pixels, type PixelResult } from './pixel.js';

export interface BrowserResult {
  version: string;
  paints: PaintResult[];
  pixels: PixelResult[];
  operator: OperatorPageResult;
}

/** A string: why there are no figures. */
export async function inBrowser(viewers: number[]): Promise<BrowserResult | string> {
  const browser = await open();
  if (typeof browser === 'string') return browser;
  try {
    const painted = await paints(browser);
    const shown: PixelResult[] = [];
    for (const count of viewers) shown.push(await pixels(browser, count));
    const operator = await operatorPage(browser);
    return { version: browser.version(), paints: painted, pixels: shown, operator };
  } finally {
    await browser.close();
  }
}

/** playwright-core is for development only: it may not be installed. */
async function open(): Promise<Browser | string> {
  const found = await import('../chromium.js').catch(() => null);
  if (!found) return 'no playwright-core';
  const { chromiumPath, openChromium } = found;
  return chromiumPath ? openChromium(chromiumPath) : 'no Chromium';
}
