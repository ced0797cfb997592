// Where this machine needs no token: programs of it report and read, and pages that its browser shows do not (RULES 34).
import t from 'tap';
import { listen, serve } from '../harness.js';
import { ask, type RawAnswer } from './raw.js';

type Headers = Record<string, string>;

const REPORT = JSON.stringify({ shard_count: 4, shards: [{ id: 0, state: 'online' }] });
const JSON_TYPE = { 'Content-Type': 'application/json' };
const TEXT = { 'Content-Type': 'text/plain' };
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

const reports: [line: string, body: string, status: number][] = [
  ['POST /api/bots/main/shards', REPORT, 200],
  ['POST /api/status/main/0/3', '', 204],
  ['POST /api/health/main/0', '', 204],
  ['POST /fleet/register', '{"identity":"a"}', 200],
  ['POST /fleet/heartbeat', '{"identity":"a"}', 204],
  ['POST /fleet/goodbye', '{"identity":"a"}', 204],
];

void t.test('bots, libraries and curl report as ever, whatever they call their bodies', async (t) => {
  const { port } = await serve(t, { SHARDLIGHT_BOTS: 'main:4' });
  for (const type of [{}, JSON_TYPE, TEXT, FORM])
    for (const [line, body, status] of reports)
      for (const Host of ['localhost', `127.0.0.1:${port}`, `[::1]:${port}`, 'bots.localhost:9190'])
        t.equal((await ask(port, line, { ...type, Host }, body)).status, status, `${line} ${Host}`);
});

void t.test('no page of elsewhere reports: not by a form, not by text/plain, not by its DNS', async (t) => {
  const { port, log } = await serve(t, { SHARDLIGHT_BOTS: 'main:4' });
  const pages: Headers[] = [
    { Origin: 'https://evil.example', ...TEXT },
    { Origin: 'https://evil.example' },
    { Origin: 'http://localhost:3000', Host: 'localhost:9190', ...JSON_TYPE },
    { Origin: 'null', ...FORM },
    { 'Sec-Fetch-Site': 'cross-site', ...TEXT },
    { 'Sec-Fetch-Site': 'same-site', ...JSON_TYPE },
    { Origin: 'http://evil.example:9190', Host: 'evil.example:9190', ...JSON_TYPE },
    { Host: 'evil.example:9190', ...JSON_TYPE },
    { Host: '127.0.0.1.evil.example', ...JSON_TYPE },
    { Host: 'a b', ...JSON_TYPE },
  ];
  for (const headers of pages)
    for (const [line, body] of reports)
      t.equal((await ask(port, line, headers, body)).status, 403, `${line} ${JSON.stringify(headers)}`);
  t.match(log.join('\n'), /POST \/api\/bots\/main\/shards refused to 127\.0\.0\.1 \(403\)/);
});

void t.test('a page of ours reports in JSON', async (t) => {
  const { port } = await serve(t, { SHARDLIGHT_BOTS: 'main:4' });
  const ours = { Origin: 'http://localhost:9190', Host: 'localhost:9190' };
  const status = async (headers: Headers): Promise<number> =>
    (await ask(port, 'POST /api/bots/main/shards', { ...ours, ...headers }, REPORT)).status;
  t.equal(await status(JSON_TYPE), 200);
  t.equal(await status(TEXT), 415);
  t.equal((await ask(port, 'POST /api/status/main/0/3', ours)).status, 204, 'what has no body has no type');
});

void t.test(
  'a name that DNS led here reads nothing that needs a role, and no socket opens for it',
  async (t) => {
    const { port } = await serve(t, { SHARDLIGHT_PUBLIC_URL: 'https://status.example.com' });
    const paths = [
      '/api/fleet/view',
      '/api/fleet/targets',
      '/api/config',
      '/metrics',
      '/api/operator/search?q=a',
    ];
    const read = (path: string, Host: string): Promise<RawAnswer> => ask(port, `GET ${path}`, { Host });
    for (const path of paths) {
      const no = await read(path, 'evil.example');
      t.equal(no.status, 403, path);
      t.match(no.body, 'no token is configured');
      t.match(no.body, 'evil.example');
      for (const Host of ['localhost', '127.0.0.1:9190', '192.168.1.5', 'status.example.com'])
        t.equal((await read(path, Host)).status, 200, `${path} ${Host}`);
    }
    await t.rejects(listen(`ws://127.0.0.1:${port}/live/operator`, { Host: 'evil.example' }), /403/);
    t.equal((await read('/plain', 'evil.example')).status, 200, 'what everybody may see stays open');
  },
);

void t.test('with a token there is nothing that a page could use', async (t) => {
  const { port } = await serve(t, {
    SHARDLIGHT_BOTS: 'main:4',
    SHARDLIGHT_HOST: '127.0.0.1',
    SHARDLIGHT_INGEST_TOKEN: 'bot',
  });
  const auth = {
    Authorization: 'Bearer bot',
    Host: 'status.example.com',
    Origin: 'https://a.example',
    ...TEXT,
  };
  for (const [line, body, status] of reports)
    t.equal((await ask(port, line, auth, body)).status, status, line);
});

void t.test('an insecure server, for tests, is asked by whatever name its network gives it', async (t) => {
  const { port } = await serve(t, { SHARDLIGHT_INSECURE: '1', SHARDLIGHT_HOST: '0.0.0.0' });
  const asked = (headers: Headers): Promise<RawAnswer> =>
    ask(port, 'POST /api/bots/main/shards', { Host: 'shardlight:9190', ...headers }, REPORT);
  t.equal((await asked(JSON_TYPE)).status, 200);
  t.equal((await asked({ Origin: 'https://evil.example', ...TEXT })).status, 403);
});
