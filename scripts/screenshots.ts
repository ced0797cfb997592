// `npm run screenshots [folder]`: pictures of the page and of the operator view for the README, of a real server with a pretend fleet, in Chromium.
import { mkdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { chromiumPath, openChromium } from './chromium.js';
import { membersOf, picturedBots } from './demo/fleet.js';
import { play } from './demo/play.js';
import { openStage, stepsTo, type Stage } from './demo/stage.js';
import { momentsMs, PICTURE_AT_MS, stillLife } from './demo/still-life.js';
import { isTold } from './demo/told.js';
import { takeOperatorPictures } from './operator-pictures.js';
import { until } from './until.js';

/** On shard 178 of Aurora, which is resuming in the picture. */
const GUILD = '81384788765712384';
const MAX_BYTES = 150 * 1024;

interface Picture {
  name: string;
  width: number;
  height: number;
  colorScheme: 'dark' | 'light';
}

const pictures: Picture[] = [
  { name: 'page-1280-dark', width: 1280, height: 960, colorScheme: 'dark' },
  { name: 'page-1280-light', width: 1280, height: 960, colorScheme: 'light' },
  { name: 'page-360-light', width: 360, height: 740, colorScheme: 'light' },
];

const folder = process.argv[2] ?? '.github/screenshots';
const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** A story has a past: the server's clock is moved through it, and runs on from the picture's moment. */
async function openStory(): Promise<Stage> {
  let atMs = momentsMs[0]!;
  let runsSince = Infinity;
  const elapsedMs = (): number => atMs + Math.max(0, Date.now() - runsSince);
  const begunAt = Date.now() - PICTURE_AT_MS;
  const stage = await openStage({
    port: 0,
    bots: picturedBots,
    log: say,
    wall: () => begunAt + elapsedMs(),
    changes: {
      SHARDLIGHT_TITLE: 'Aurora & friends',
      SHARDLIGHT_HEARTBEAT_INTERVAL: '3600',
      SHARDLIGHT_TTL_FACTOR: '3',
      SHARDLIGHT_SHARD_LEASE: '86400',
    },
  });
  const fleet = membersOf(picturedBots);
  play({ origin: stage.origin, fleet, stateDir: stage.folder, scenario: stillLife, elapsedMs, log: say });
  for (const moment of momentsMs) {
    for (atMs of stepsTo(atMs, moment)) stage.passTime();
    await until('the fleet of the picture', () => isTold(stage.origin, fleet, stillLife, moment));
  }
  runsSince = Date.now();
  return stage;
}

async function take(browser: Browser, { origin }: Stage, picture: Picture): Promise<void> {
  const { name, width, height, colorScheme } = picture;
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme,
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  });
  await page.goto(origin);
  await page.locator('#connection', { hasText: 'Live' }).waitFor();
  await page.locator('#guild').fill(GUILD);
  await page.locator('#guild').press('Enter');
  await page.locator('#answer', { hasText: 'shard 178' }).waitFor();
  await page.locator('#guild').blur();
  await page.evaluate(() => scrollTo(0, 0));
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled' });
  await page.close();
  await weigh(path);
}

async function weigh(path: string): Promise<void> {
  const { size } = await stat(path);
  if (size > MAX_BYTES) throw new Error(`${path} has ${size} bytes, more than ${MAX_BYTES}`);
  say(`${path} (${Math.round(size / 1024)} KB)`);
}

function findBrowser(): string {
  if (chromiumPath !== undefined) return chromiumPath;
  say('There is no Chromium here: install the package "chromium", or name one with CHROMIUM.');
  process.exit(1);
}

const browser = await openChromium(findBrowser());
mkdirSync(folder, { recursive: true });
const stage = await openStory();
for (const picture of pictures) await take(browser, stage, picture);
for (const path of await takeOperatorPictures(browser, folder, say)) await weigh(path);
await browser.close();
process.exit(0);
