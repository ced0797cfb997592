// The operator view in a browser, at its full size: how busy its main thread is, and how soon a beat is on the screen.
import { connect } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { startProduct, TOKEN } from './children.js';
import {
  beat,
  benchFleet,
  identityOf,
  recordedSnapshot,
  registration,
  withShardDown,
} from './fleet-requests.js';
import { load } from './load.js';
import { BEATS_PER_SECOND, Beats, CLUSTERS, SETTLE_MS } from './operator.js';
import { median, percentile } from './statistics.js';
import { pause } from './storm.js';

const WINDOW_MS = 10_000;
const CHANGES = 40;
/** Never the same, so that no change keeps step with the server's ticks. */
const QUIET_MS = 130;
const uneven = (i: number): number => (i * 37) % 250;

export interface OperatorPageResult {
  clusters: number;
  /** Of the main thread. */
  busyGlobal: number;
  /** With a fifth of all clusters in the table. */
  busyFleet: number;
  /** From the report to the row of its shard, ms. */
  p50Ms: number;
  p95Ms: number;
}

export async function operatorPage(browser: Browser): Promise<OperatorPageResult> {
  const fleet = benchFleet(CLUSTERS);
  const child = await startProduct({
    SHARDLIGHT_MAX_CLUSTERS: '100000',
    SHARDLIGHT_HEARTBEAT_INTERVAL: '15',
    SHARDLIGHT_SHARD_LEASE: '45',
  });
  await load(child.port, fleet.map(registration), 0);
  const beats = new Beats(child.port, fleet.slice(0, -1)); // the last one's reports are those whose way is measured
  void beats.run();
  await pause(SETTLE_MS + (CLUSTERS / BEATS_PER_SECOND) * 1_000); // until each was heard once
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await open(page, child.port, `token=${TOKEN}`);
  const busyGlobal = await busy(page);
  await open(page, child.port, `fleet=${fleet[0]!.bot}&sort=-latency`);
  const busyFleet = await busy(page);
  const latencies = await changes(page, child.port);
  await context.close();
  beats.stop();
  await child.stop();
  return {
    clusters: CLUSTERS,
    busyGlobal,
    busyFleet,
    p50Ms: median(latencies),
    p95Ms: percentile(latencies, 0.95),
  };
}

async function open(page: Page, port: number, query: string): Promise<void> {
  await page.goto(`http://127.0.0.1:${port}/operator?${query}`);
  await page.locator('#connection', { hasText: 'Live' }).waitFor();
  await page.locator('#content h1').waitFor();
}

async function busy(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const read = async (): Promise<{ task: number; at: number }> => {
    const { metrics } = await session.send('Performance.getMetrics');
    const valueOf = (name: string): number => metrics.find((one) => one.name === name)!.value;
    return { task: valueOf('TaskDuration'), at: valueOf('Timestamp') };
  };
  const before = await read();
  await pause(WINDOW_MS);
  const after = await read();
  await session.detach();
  return (after.task - before.task) / (after.at - before.at);
}

/** A shard of the last cluster goes down and comes back, while its cluster is looked at. */
async function changes(page: Page, port: number): Promise<number[]> {
  const cluster = benchFleet(CLUSTERS).at(-1)!;
  const snapshot = recordedSnapshot('mid');
  const requests = [beat(cluster, withShardDown(snapshot)), beat(cluster, snapshot)];
  await load(port, [requests[1]!], 0);
  await open(page, port, `cluster=${identityOf(cluster)}`);
  const reporter = connect(port, '127.0.0.1').setNoDelay(true).resume();
  const latencies: number[] = [];
  for (let i = 0; i < CHANGES; i++) {
    await pause(QUIET_MS + uneven(i));
    const sentAt = Date.now();
    const shown = page.evaluate(whenShown, i % 2 === 0);
    reporter.write(requests[i % 2]!);
    latencies.push((await shown) - sentAt);
  }
  reporter.destroy();
  return latencies;
}

/** In the page: when the frame begins that has a shard down, or none. */
const whenShown = (isDown: boolean): Promise<number> =>
  new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('the page did not show a change within 10 s')), 10_000);
    const look = (): void => {
      const hasDown = document.querySelector('.shards-table .swatch.offline') !== null;
      if (hasDown === isDown) resolve(Date.now());
      else requestAnimationFrame(look);
    };
    look();
  });
