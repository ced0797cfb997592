// The operator view for the README: a real server whose clock is moved through a quarter of an hour of a pretend fleet.
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { membersOf, picturedBots } from './demo/fleet.js';
import { beatsMs, ON_CALL_AT_MS, onCall, SILENT } from './demo/on-call.js';
import { play } from './demo/play.js';
import { openStage, stepsTo, type Stage } from './demo/stage.js';
import { until } from './until.js';

interface Picture {
  name: string;
  /** What the address says beside the page. */
  query: string;
  width: number;
  height: number;
  colorScheme: 'dark' | 'light';
}

const CLUSTER = '?cluster=aurora-europe-7';

const pictures: Picture[] = [
  { name: 'operator-1280-dark', query: '', width: 1280, height: 800, colorScheme: 'dark' },
  { name: 'operator-1280-light', query: '', width: 1280, height: 800, colorScheme: 'light' },
  { name: 'operator-cluster-1280-dark', query: CLUSTER, width: 1280, height: 800, colorScheme: 'dark' },
  { name: 'operator-cluster-1280-light', query: CLUSTER, width: 1280, height: 800, colorScheme: 'light' },
  { name: 'operator-360-dark', query: '', width: 360, height: 740, colorScheme: 'dark' },
];

/** The paths of the pictures, written into the folder. */
export async function takeOperatorPictures(
  browser: Browser,
  folder: string,
  say: (line: string) => void,
): Promise<string[]> {
  const stage = await openQuarterOfAnHour(say);
  const paths: string[] = [];
  for (const picture of pictures) paths.push(await take(browser, stage, picture, folder));
  return paths;
}

async function openQuarterOfAnHour(log: (line: string) => void): Promise<Stage> {
  let atMs = 0;
  let runsSince = Infinity;
  const elapsedMs = (): number => atMs + Math.max(0, Date.now() - runsSince);
  const begunAt = Date.now() - ON_CALL_AT_MS;
  const stage = await openStage({
    port: 0,
    bots: picturedBots,
    log,
    wall: () => begunAt + elapsedMs(),
    changes: {
      SHARDLIGHT_TITLE: 'Aurora & friends',
      SHARDLIGHT_HEARTBEAT_INTERVAL: '15',
      SHARDLIGHT_TTL_FACTOR: '3',
      SHARDLIGHT_SHARD_LEASE: '45',
      SHARDLIGHT_READ_BURST: '100000',
      SHARDLIGHT_VIEW_CACHE_MS: '0',
    },
  });
  const fleet = membersOf(picturedBots);
  play({ origin: stage.origin, fleet, stateDir: stage.folder, scenario: onCall, elapsedMs, log });
  for (const beatMs of beatsMs) {
    for (atMs of stepsTo(atMs, beatMs)) stage.passTime();
    await until('a beat of the pretend fleet', () => isHeard(stage, beatMs, begunAt));
  }
  runsSince = Date.now();
  return stage;
}

interface Heard {
  fleets: { clusters: { identity: string; last_seen: string }[] }[];
}

/** Whether every cluster that speaks has spoken at that time. */
async function isHeard({ origin }: Stage, atMs: number, begunAt: number): Promise<boolean> {
  const { fleets } = (await (await fetch(`${origin}/api/fleet/view`)).json()) as Heard;
  const seenAt = new Map(
    fleets.flatMap(({ clusters }) => clusters.map((one) => [one.identity, Date.parse(one.last_seen)])),
  );
  return membersOf(picturedBots)
    .filter(({ fleet, identity }) => fleet !== '' && !(identity === SILENT.identity && atMs >= SILENT.fromMs))
    .every(({ identity }) => (seenAt.get(identity) ?? 0) >= begunAt + atMs - 1);
}

async function take(browser: Browser, { origin }: Stage, picture: Picture, folder: string): Promise<string> {
  const { name, query, width, height, colorScheme } = picture;
  const look = {
    viewport: { width, height },
    colorScheme,
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
  } as const;
  const page = await browser.newPage(look);
  await page.goto(`${origin}/operator${query}`);
  await page.locator('#connection', { hasText: 'Live' }).waitFor();
  await page.locator('#content h1').waitFor();
  await page.locator('.flips li').first().waitFor();
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled' });
  await page.close();
  return path;
}
