// Debian's Chromium for tests that need a real browser; where there is none, the reason why they are skipped.
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const PLACES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const QUIETLY = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const browserPath = PLACES.find((path) => path !== undefined && existsSync(path));

/** A reason to skip, or false. */
export const noBrowser: string | false = browserPath
  ? false
  : 'no Chromium here: install the package "chromium", or name one with CHROMIUM';

export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: browserPath!, args: QUIETLY });
