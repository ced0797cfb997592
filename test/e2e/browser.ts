// The browser of the tests that need a real one; where there is none, the reason why they are skipped.
import type { Browser } from 'playwright-core';
import { chromiumPath, openChromium } from '../../scripts/chromium.js';

/** A reason to skip, or false. */
export const noBrowser: string | false = chromiumPath
  ? false
  : 'no Chromium here: install the package "chromium", or name one with CHROMIUM';

export const openBrowser = (): Promise<Browser> => openChromium(chromiumPath!);
