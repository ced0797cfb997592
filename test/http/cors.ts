// Pages of other origins: any may read what is public, those on the list all else, refusals included.
import t from 'tap';
import { serve } from '../harness.js';
import { ask, type RawAnswer } from './raw.js';

const LISTED = 'https://ops.example.com';
const environment = {
  SHARDLIGHT_BOTS: 'main:4',
  SHARDLIGHT_HOST: '127.0.0.1',
  SHARDLIGHT_INGEST_TOKEN: 'bot',
  SHARDLIGHT_MAX_BODY_BYTES: '1024',
  SHARDLIGHT_CORS_ORIGINS: `${LISTED}, http://localhost:5173`,
};
const auth = { Authorization: 'Bearer bot' };
const allowed = ({ headers }: RawAnswer): string | undefined => headers.get('access-control-allow-origin');

void t.test('each answer, refusals included, may be read by whom it may', async (t) => {
  const { port } = await serve(t, environment);
  const cases: [
    line: string,
    headers: Record<string, string>,
    body: string,
    status: number,
    isPublic: boolean,
  ][] = [
    ['GET /api/view', {}, '', 200, true],
    ['GET /api/lookup?guild=x', {}, '', 400, true],
    ['GET /card.png', {}, '', 200, true],
    ['GET /live', {}, '', 400, true],
    ['PUT /api/view', {}, '', 405, false],
    ['GET /', {}, '', 200, false],
    ['GET /nope', {}, '', 404, false],
    ['GET /nope', { Accept: 'text/html' }, '', 404, false],
    ['POST /fleet/register', {}, '', 401, false],
    ['PUT /fleet/register', auth, '', 405, false],
    ['POST /fleet/register', auth, 'x'.repeat(1_025), 413, false],
    ['POST /fleet/heartbeat', auth, 'x'.repeat(1_025), 413, false],
    ['POST /fleet/register', auth, '{', 400, false],
    ['POST /fleet/register', auth, '{"identity":"a"}', 200, false],
    ['POST /fleet/heartbeat', auth, '{"identity":"a"}', 204, false],
    ['POST /api/bots/main/shards', auth, '{"shards":[]}', 200, false],
    ['POST /api/status/main/9/3', auth, '', 400, false],
  ];
  for (const [line, headers, body, status, isPublic] of cases)
    for (const origin of [
      LISTED,
      LISTED.toUpperCase(),
      'http://localhost:5173',
      'https://evil.example',
      'null',
      '',
    ]) {
      const answer = await ask(port, line, { ...headers, ...(origin && { Origin: origin }) }, body);
      const isListed = environment.SHARDLIGHT_CORS_ORIGINS.includes(origin.toLowerCase()) && origin !== '';
      t.equal(answer.status, status, `${line} from ${origin}`);
      t.equal(allowed(answer), isPublic ? '*' : isListed ? origin : undefined, `${line} from ${origin}`);
      t.notOk(answer.headers.has('access-control-allow-credentials'));
      if (isPublic) continue;
      t.equal((answer.headers.get('vary') ?? '').includes('origin'), isListed, 'a cache keeps them apart');
      t.equal(
        answer.headers.get('access-control-allow-headers'),
        isListed ? 'Authorization, Content-Type' : undefined,
      );
    }
});

void t.test('a browser may always ask first, without a token', async (t) => {
  const { port } = await serve(t, environment);
  for (const path of ['/fleet/register', '/api/bots/main/shards', '/nope', '/']) {
    const answer = await ask(port, `OPTIONS ${path}`, { Origin: LISTED });
    t.same([answer.status, allowed(answer)], [204, LISTED], path);
    t.equal(answer.headers.get('access-control-allow-methods'), 'GET, POST, OPTIONS');
    t.equal(answer.headers.get('vary'), 'origin');
    const stranger = await ask(port, `OPTIONS ${path}`, { Origin: 'https://evil.example' });
    t.same([stranger.status, allowed(stranger)], [204, undefined], path);
  }
  const open = await ask(port, 'OPTIONS /api/view', { Origin: 'https://anybody.example' });
  t.same([open.status, allowed(open)], [204, '*']);
  t.equal(
    (await ask(port, 'OPTIONS /fleet/register')).status,
    401,
    'without an Origin it is a method like any',
  );
  t.equal((await ask(port, 'OPTIONS /api/view')).status, 405);
});

void t.test('without a list nobody is on it', async (t) => {
  const { port } = await serve(t, { ...environment, SHARDLIGHT_CORS_ORIGINS: '' });
  t.equal((await ask(port, 'OPTIONS /fleet/register', { Origin: LISTED })).status, 401);
  const report = await ask(port, 'POST /fleet/register', { ...auth, Origin: LISTED }, '{"identity":"a"}');
  t.same([report.status, allowed(report)], [200, undefined]);
  t.equal(allowed(await ask(port, 'GET /api/view', { Origin: LISTED })), '*');
});
