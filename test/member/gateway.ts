// A small Discord gateway: what discord.js needs to log in, stay, resume and be thrown out, and a hand on each shard.
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

const [DISPATCH, HEARTBEAT, IDENTIFY, RESUME, INVALID_SESSION, HELLO, ACK] = [0, 1, 2, 6, 9, 10, 11];
const HEARTBEAT_MS = 400;

interface Frame {
  op: number;
  d?: unknown;
}

interface Connection {
  socket: WebSocket;
  isMute: boolean;
}

export interface GatewayOptions {
  shards: number;
  guildsPerShard?: number;
}

export class Gateway {
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #shards = new Map<number, Connection>();
  readonly #options: Required<GatewayOptions>;
  /** How often a shard began a new session. */
  identified = 0;
  resumed = 0;
  /** Shards that get neither READY nor RESUMED until they are released. */
  readonly #held = new Set<number>();
  readonly #resuming = new Set<number>();

  private constructor(http: Server, options: Required<GatewayOptions>) {
    this.#http = http;
    this.#options = options;
    this.#sockets = new WebSocketServer({ server: http });
    this.#sockets.on('connection', (socket) => this.#greet(socket));
    http.on('request', (request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(request.url?.endsWith('/gateway/bot') ? this.#information() : {}));
    });
  }

  static async start({ shards, guildsPerShard = 2 }: GatewayOptions): Promise<Gateway> {
    const http = createServer().listen(0, '127.0.0.1');
    await once(http, 'listening');
    return new Gateway(http, { shards, guildsPerShard });
  }

  get port(): number {
    return (this.#http.address() as AddressInfo).port;
  }

  /** Breaks a shard's connection with that code. */
  close(shard: number, code: number): void {
    this.#shards.get(shard)!.socket.close(code);
  }

  /** No heartbeat of that shard is answered from here on. */
  mute(shard: number): void {
    this.#shards.get(shard)!.isMute = true;
  }

  invalidate(shard: number, isResumable: boolean): void {
    send(this.#shards.get(shard)!.socket, { op: INVALID_SESSION, d: isResumable });
  }

  /** Sessions of that shard wait for their READY or RESUMED. */
  hold(shard: number): void {
    this.#held.add(shard);
  }

  release(shard: number): void {
    this.#held.delete(shard);
    if (this.#resuming.delete(shard)) dispatch(this.#shards.get(shard)!.socket, 'RESUMED', {});
    else this.#makeReady(shard);
  }

  /** The guilds of a shard arrive. */
  sendGuilds(shard: number): void {
    for (const id of this.#guildsOf(shard)) {
      const guild = { id, name: 'A guild', unavailable: false, member_count: 3, ...EMPTY_GUILD };
      dispatch(this.#shards.get(shard)!.socket, 'GUILD_CREATE', guild);
    }
  }

  async stop(): Promise<void> {
    for (const client of this.#sockets.clients) client.terminate();
    this.#sockets.close();
    this.#http.closeAllConnections();
    this.#http.close();
    await once(this.#http, 'close');
  }

  #information(): unknown {
    const limit = { total: 1_000, remaining: 1_000, reset_after: 1, max_concurrency: 16 };
    return { url: `ws://127.0.0.1:${this.port}`, shards: this.#options.shards, session_start_limit: limit };
  }

  #greet(socket: WebSocket): void {
    const connection: Connection = { socket, isMute: false };
    send(socket, { op: HELLO, d: { heartbeat_interval: HEARTBEAT_MS } });
    socket.on('message', (data: Buffer) => this.#hear(connection, JSON.parse(data.toString()) as Frame));
  }

  #hear(connection: Connection, { op, d }: Frame): void {
    const { socket } = connection;
    if (op === HEARTBEAT && !connection.isMute) send(socket, { op: ACK });
    if (op === IDENTIFY) {
      const [shard] = (d as { shard: [number, number] }).shard;
      this.identified++;
      this.#shards.set(shard, connection);
      if (!this.#held.has(shard)) this.#makeReady(shard);
    }
    if (op === RESUME) {
      const shard = Number((d as { session_id: string }).session_id.split('-')[1]);
      this.resumed++;
      this.#shards.set(shard, connection);
      if (this.#held.has(shard)) this.#resuming.add(shard);
      else dispatch(socket, 'RESUMED', {});
    }
  }

  #makeReady(shard: number): void {
    const { socket } = this.#shards.get(shard)!;
    dispatch(socket, 'READY', {
      v: 10,
      user: { id: '1', username: 'bot', discriminator: '0', avatar: null, bot: true },
      application: { id: '1', flags: 0 },
      guilds: this.#guildsOf(shard).map((id) => ({ id, unavailable: true })),
      session_id: `session-${shard}`,
      resume_gateway_url: `ws://127.0.0.1:${this.port}`,
      shard: [shard, this.#options.shards],
    });
  }

  #guildsOf(shard: number): string[] {
    const { guildsPerShard, shards } = this.#options;
    return Array.from({ length: guildsPerShard }, (_, i) => `${BigInt(shard + shards * (i + 1)) << 22n}`);
  }
}

const EMPTY_GUILD = {
  channels: [],
  members: [],
  roles: [],
  emojis: [],
  stickers: [],
  threads: [],
  features: [],
  presences: [],
  voice_states: [],
  stage_instances: [],
  guild_scheduled_events: [],
  owner_id: '2',
};

const send = (socket: WebSocket, frame: object): void => socket.send(JSON.stringify(frame));

let sequence = 0;
const dispatch = (socket: WebSocket, t: string, d: object): void =>
  send(socket, { op: DISPATCH, t, s: ++sequence, d });
