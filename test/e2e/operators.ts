// A server with a fleet on it, and browsers signed in to its operator view: the stage of the operator tests.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Test } from 'tap';
import type { Environment } from '../../server/config.js';
import { forget, post, startServer, testClock, type TestServer } from '../harness.js';
import { visit } from './browser.js';

export const TOKENS = {
  SHARDLIGHT_INGEST_TOKEN: 'report',
  SHARDLIGHT_VIEWER_TOKEN: 'look',
  SHARDLIGHT_OPERATOR_TOKEN: 'act',
};

export const BOTS = { SHARDLIGHT_BOTS: 'main:64:My Bot;demo:4:Biscuit', SHARDLIGHT_REGISTER_BURST: '10000' };

export async function serveFleet(
  t: Test,
  environment: Environment = {},
  clock = testClock(),
): Promise<TestServer> {
  const server = await startServer({ ...BOTS, ...TOKENS, ...environment }, clock);
  t.teardown(() => server.stop().finally(() => forget(server)));
  return server;
}

const BOT_AUTH = { authorization: 'Bearer report' };

/** Lease by identity, as real processes keep it. */
const leases = new Map<string, string>();

/** A process of 16 shards: registers and says how they are, one state character each. */
export async function beat(
  { base }: TestServer,
  index: number,
  states = '3'.repeat(16),
  { fleet = 'asia', latencySeconds = 0.04 } = {},
): Promise<string> {
  const identity = `${fleet}-${index}`;
  const lease = leases.get(base + identity);
  const about = { identity, fleet, version: '0.4.2', host: 'node-7.internal', ...(lease ? { lease } : {}) };
  const registered = await post(`${base}/fleet/register`, about, BOT_AUTH);
  leases.set(base + identity, ((await registered.json()) as { lease: string }).lease);
  const shards = Array.from(states, (state, i) => ({
    id: index * 16 + i,
    state: Number(state),
    latency_ms: latencySeconds * 1_000,
    guilds: 1_000 + i,
  }));
  const body = {
    identity,
    bot: 'main',
    shard_count: 64,
    lease: leases.get(base + identity),
    shards,
    snapshot: snapshotOf(latencySeconds),
  };
  await post(`${base}/fleet/heartbeat`, body, BOT_AUTH);
  return identity;
}

/** The process stops on purpose. */
export const goodbye = ({ base }: TestServer, identity: string): Promise<Response> =>
  post(`${base}/fleet/goodbye`, { identity, lease: leases.get(base + identity) }, BOT_AUTH);

const gauge = (name: string, value: number, labels: Record<string, string> = {}): [string, unknown] => [
  name,
  { type: 'gauge', samples: [{ name, labels, value }] },
];

const snapshotOf = (latencySeconds: number): unknown => ({
  metrics: Object.fromEntries([
    gauge('discord_shard_latency_seconds', latencySeconds, { shard: '0' }),
    gauge('discord_shards_connected', 16),
    gauge('discord_guilds', 16_000),
    gauge('discord_cached_users', 900_000),
    gauge('discord_uptime_seconds', 3_600),
  ]),
});

export const report = (server: TestServer, states: string[]): Promise<Response> =>
  post(
    `${server.base}/api/bots/demo/shards`,
    { shards: states.map((state, id) => ({ id, state })) },
    BOT_AUTH,
  );

/** Four clusters of one fleet, and a bot without clusters: all is well. */
export async function allWell(server: TestServer): Promise<void> {
  for (const index of [0, 1, 2, 3]) await beat(server, index);
  await report(server, ['online', 'online', 'online', 'online']);
}

/** What a browser keeps that is signed in, by server and token: sign-ins are counted. */
const cookies = new Map<string, string>();

async function cookieFor({ base }: TestServer, token: string): Promise<string> {
  const known = cookies.get(base + token);
  if (known !== undefined) return known;
  const answer = await post(`${base}/api/session`, { token });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  cookies.set(base + token, cookie);
  return cookie;
}

/** A browser that is signed in, at an address of the operator view. */
export async function signedIn(
  t: Test,
  browser: Browser,
  server: TestServer,
  query = '',
  { token = 'act', ...options }: BrowserContextOptions & { token?: string } = {},
): Promise<Page> {
  const [name = '', value = ''] = (await cookieFor(server, token)).split('=');
  const kept = { name, value, domain: '127.0.0.1', path: '/', expires: -1, httpOnly: true, secure: false };
  const storageState = { cookies: [{ ...kept, sameSite: 'Strict' as const }], origins: [] };
  const page = await visit(t, browser, `${server.base}/operator?${query}`, { ...options, storageState });
  await live(page);
  return page;
}

/** Connected, and what is shown has its script and its rows. */
export async function live(page: Page): Promise<void> {
  await page.locator('#connection', { hasText: 'Live' }).waitFor();
  await page.locator('.loading').waitFor({ state: 'detached' });
}

export const heading = (page: Page, text: string): Promise<void> =>
  page.locator('h1', { hasText: text }).waitFor();

/** What the address says beside the page. */
export const queryOf = (page: Page): string =>
  decodeURIComponent(new URL(page.url()).search.replaceAll('+', ' '));
