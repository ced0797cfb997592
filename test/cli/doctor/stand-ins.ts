// Servers that are none, and proxies that do something to what passes: what the doctor meets in the world.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';

type Teardown = { teardown: (stop: () => void) => unknown };

/** Listens until the end of the test; every connection is cut then. Gives its port. */
async function listening(t: Teardown, server: Server): Promise<number> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => undefined); // whoever left is no matter
    socket.on('close', () => open.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** Speaks HTTP as it is told to. */
export async function answering(t: Teardown, listener: http.RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listening(t, http.createServer(listener))}`;
}

/** Does with a connection whatever it is told to. */
export async function accepting(t: Teardown, take: (socket: Socket) => void): Promise<string> {
  return `http://127.0.0.1:${await listening(t, net.createServer(take))}`;
}

export interface Secured {
  key: string;
  cert: string;
  /** Where the certificate lies. */
  file: string;
}

export interface ProxyOptions {
  tls?: Secured;
  /** "/status": only what is below it is passed on, without it; the rest of the host is somebody else's page. */
  under?: string;
  /** What happens to the files that the page names. */
  files?: 'pass' | 'missing' | 'page' | 'text';
  /** What happens to upgrades: passed on, asked for plainly, never answered, answered and then silent, or cut after 100 ms. */
  upgrade?: 'pass' | 'drop' | 'swallow' | 'hold' | 'cut';
}

const SOMEBODYS = '<!doctype html><title>Welcome</title>';
const CUT_AFTER_MS = 100;

/** In front of `target`, a port of this machine. */
export async function proxy(t: Teardown, target: number, options: ProxyOptions = {}): Promise<string> {
  const { tls, upgrade = 'pass', under = '', files = 'pass' } = options;
  const pass: http.RequestListener = (req, res) => {
    const isFile = req.url!.includes('/assets/');
    if (!req.url!.startsWith(`${under}/`) || (isFile && files === 'page')) return void res.end(SOMEBODYS);
    if (isFile && files === 'missing') return void res.writeHead(404).end('not found');
    const headers = { ...req.headers };
    delete headers.connection;
    delete headers.upgrade;
    if (upgrade === 'drop') delete headers['sec-websocket-key']; // which is enough for uWebSockets.js
    const onward = http.request(
      { port: target, path: req.url!.slice(under.length), method: req.method, headers },
      (answer) => {
        if (isFile && files === 'text') answer.headers['content-type'] = 'text/plain';
        res.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(res);
      },
    );
    if (req.method === 'GET') onward.end();
    else req.pipe(onward);
  };
  const server = tls ? https.createServer(tls, pass) : http.createServer(pass);
  if (upgrade !== 'drop')
    server.on('upgrade', (req: http.IncomingMessage, socket: Duplex) => tunnel(req, socket, target, upgrade));
  return `${tls ? 'https' : 'http'}://127.0.0.1:${await listening(t, server)}`;
}

function tunnel(req: http.IncomingMessage, socket: Duplex, target: number, upgrade: string): void {
  if (upgrade === 'swallow') return;
  const onward = net.connect(target, '127.0.0.1');
  const lines = Object.entries(req.headers).map(([name, value]) => `${name}: ${String(value)}`);
  onward.write([`GET ${req.url} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
  let isHeld = false;
  onward.on('data', (chunk) => {
    const end = chunk.indexOf('\r\n\r\n');
    if (!isHeld) socket.write(upgrade === 'hold' ? chunk.subarray(0, end + 4) : chunk);
    isHeld = upgrade === 'hold';
  });
  socket.on('data', (chunk: Buffer) => onward.write(chunk));
  const end = (): void => {
    socket.destroy();
    onward.destroy();
  };
  for (const one of [socket, onward]) one.on('close', end).on('error', end);
  if (upgrade === 'cut') setTimeout(end, CUT_AFTER_MS);
}

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** A certificate of its own for localhost and 127.0.0.1, made in `folder`. Times like "20260101000000Z". */
export function secured(folder: string, name: string, from: string, to: string): Secured {
  const [key, request, cert, config] = ['key', 'csr', 'crt', 'cnf'].map((end) =>
    join(folder, `${name}.${end}`),
  );
  writeFileSync(config!, authorityOf(folder, name));
  writeFileSync(join(folder, `${name}.index`), '');
  writeFileSync(join(folder, `${name}.serial`), '01\n');
  const made = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-subj',
    '/CN=localhost',
  ];
  openssl('req', '-new', ...made, '-keyout', key!, '-out', request!);
  const dates = ['-startdate', from, '-enddate', to];
  openssl(
    'ca',
    '-batch',
    '-notext',
    '-config',
    config!,
    '-selfsign',
    '-keyfile',
    key!,
    '-in',
    request!,
    ...dates,
    '-out',
    cert!,
  );
  return { key: readFileSync(key!, 'utf8'), cert: readFileSync(cert!, 'utf8'), file: cert! };
}

const authorityOf = (folder: string, name: string): string => `[ca]
default_ca = own
[own]
database = ${join(folder, `${name}.index`)}
serial = ${join(folder, `${name}.serial`)}
new_certs_dir = ${folder}
default_md = sha256
policy = any
x509_extensions = names
[any]
commonName = supplied
[names]
subjectAltName = DNS:localhost,IP:127.0.0.1
`;

function openssl(...args: string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`);
}

/** As `openssl ca` takes times: so many days from now. */
export const inDays = (days: number): string =>
  `${new Date(Date.now() + days * 86_400_000).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`;
