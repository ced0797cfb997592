// A stand-in for Discord's API: what it says about a bot, as its documentation has it.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';

export const BOT_TOKEN = 'MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs';

export interface StandIn {
  /** Address of the API. */
  api: string;
  /** Paths that were asked for. */
  asked: string[];
}

type Answer = (response: ServerResponse) => void;

const json =
  (value: unknown, status = 200): Answer =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

export const unauthorized = json({ message: '401: Unauthorized', code: 0 }, 401);
export const gatewayOf = (shards: unknown): Answer =>
  json({
    url: 'wss://gateway.discord.gg',
    shards,
    session_start_limit: { total: 1000, remaining: 999, reset_after: 14400000, max_concurrency: 1 },
  });
export const applicationOf = (name: unknown): Answer =>
  json({ id: '172150183260323840', name, icon: null, description: '', bot_public: true });
export const text =
  (body: string, status = 200): Answer =>
  (response) =>
    response.writeHead(status).end(body);

/** Refuses whoever does not show the bot token. */
export async function standIn(t: Pick<Test, 'teardown'>, answers: Record<string, Answer>): Promise<StandIn> {
  const asked: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    asked.push(request.url!);
    const isKnown = request.headers.authorization === `Bot ${BOT_TOKEN}`;
    (isKnown ? (answers[request.url!] ?? json({ message: '404: Not Found' }, 404)) : unauthorized)(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { api: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
