// Event → pixel: from the moment a bot reports to the moment a browser has shown it, alone and among many viewers.
import type { Browser, Page } from 'playwright-core';
import { startProduct, TOKEN } from './children.js';
import { watchFirstTile, whenSeen } from './in-page.js';
import { load } from './load.js';
import { median, percentile } from './statistics.js';
import { pause, storm } from './storm.js';
import { gatherViewers } from './viewers.js';
import { visit } from './visit.js';
import { reports } from './weight.js';

const SHARDS = 240;
const CHANGES = 30;
/** Longer than a tick, and never the same, so that no change keeps step with the server's. */
const QUIET_MS = 130;
const uneven = (i: number): number => (i * 37) % 50;

export interface PixelResult {
  /** Beside the browser that is measured. */
  viewers: number;
  /** From the report to the frame that shows it, ms. */
  quietP50Ms: number;
  quietP95Ms: number;
  /** While 200 other changes a second come in. */
  stormP50Ms: number;
  stormP95Ms: number;
}

export async function pixels(browser: Browser, viewers: number): Promise<PixelResult> {
  const { port, stop } = await startProduct({ SHARDLIGHT_BOTS: `main:${SHARDS}:My Bot` });
  await load(port, reports(SHARDS), 0);
  const others = viewers > 0 ? await gatherViewers(port, viewers) : null;
  const page = await visit(browser, port, false);
  const quiet = await changes(page, port);
  const stormy = await changesInStorm(page, port);
  await page.context().close();
  others?.leave();
  await stop();
  return {
    viewers,
    quietP50Ms: median(quiet),
    quietP95Ms: percentile(quiet, 0.95),
    stormP50Ms: median(stormy),
    stormP95Ms: percentile(stormy, 0.95),
  };
}

async function changesInStorm(page: Page, port: number): Promise<number[]> {
  let isOver = false;
  const blowing = storm(port, SHARDS, () => isOver);
  const latencies = await changes(page, port).finally(() => (isOver = true));
  await blowing;
  return latencies;
}

/** Shard 0 goes and comes. */
async function changes(page: Page, port: number): Promise<number[]> {
  const latencies: number[] = [];
  for (let i = 0; i < CHANGES; i++) {
    await pause(QUIET_MS + uneven(i));
    await page.evaluate(watchFirstTile);
    const sentAt = Date.now();
    await report(port, i % 2 === 0 ? 'offline' : 'online');
    latencies.push((await page.evaluate(whenSeen)) - sentAt);
  }
  return latencies;
}

async function report(port: number, state: string): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/bots/main/shards`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ shards: [{ id: 0, state }] }),
  });
  if (!answer.ok) throw new Error(`refused: ${answer.status} ${await answer.text()}`);
}
