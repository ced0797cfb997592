// Debian's Chromium, driven without a window: for the pictures in the README and for the browser tests.
import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { readEnvironment } from '../server/settings/read-config.js';

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

/** CHROMIUM names another one. The one that has no window to draw takes half the processor time. */
const places = [
  readEnvironment().environment['CHROMIUM'],
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
];

/** Undefined: there is none here. */
export const chromiumPath = places.find((path) => path && existsSync(path));

export const openChromium = (executablePath: string): Promise<Browser> =>
  chromium.launch({ executablePath, args: QUIETLY });
