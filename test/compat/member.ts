// What tests say as an Argus member, and what they ask the server for.
import type { PublicView, ShardView } from '../../public/shared/wire.js';
import { post, type TestServer } from '../harness.js';
import { exchange, headOf, readAnswer, type RawAnswer } from '../http/raw.js';
import { recorded } from './recorded.js';

export const environment = { ARGUS_FLEET_TOKEN: 'shared-secret, tok', ARGUS_FLEET_HOST: '127.0.0.1' };
export const bearer = { authorization: 'Bearer shared-secret' };

/** Sends what was recorded, byte for byte, on a connection of its own. */
export async function replay({ port }: TestServer, name: string): Promise<RawAnswer> {
  const { line, headers, body } = recorded(name);
  const closing = headers.filter(([header]) => header !== 'Connection');
  return readAnswer(await exchange(port, headOf(line, [...closing, ['Connection', 'close']]), body));
}

export const send = ({ base }: TestServer, path: string, body: unknown, headers = {}): Promise<Response> =>
  post(`${base}/fleet/${path}`, body, { ...bearer, ...headers });

export interface Registered {
  number: number;
  lease: string;
}

export async function register(server: TestServer, identity: string, more: object = {}): Promise<Registered> {
  const response = await send(server, 'register', { identity, ...more });
  return (await response.json()) as Registered;
}

export async function beat(
  server: TestServer,
  identity: string,
  snapshot: unknown,
  more: object = {},
): Promise<number> {
  return (await send(server, 'heartbeat', { identity, snapshot, ...more })).status;
}

export const view = async ({ base }: TestServer): Promise<PublicView> =>
  (await (await fetch(`${base}/api/view`)).json()) as PublicView;

export const shard = async ({ base }: TestServer, id: number, bot = 'main'): Promise<ShardView> =>
  (await (await fetch(`${base}/api/bots/${bot}/shards/${id}`)).json()) as ShardView;

export interface Sample {
  name: string;
  labels?: unknown;
  value: unknown;
}

/** A snapshot as members make it, one family a metric. */
export const snapshotOf = (...samples: Sample[]): object => ({
  metrics: Object.fromEntries(samples.map((sample, i) => [`f${i}`, { type: 'gauge', samples: [sample] }])),
});
export const up = (id: unknown, value: unknown = 1): Sample => ({
  name: 'discord_shard_up',
  labels: { shard: id },
  value,
});
export const latency = (id: unknown, value: unknown): Sample => ({
  name: 'discord_shard_latency_seconds',
  labels: { shard: id },
  value,
});
