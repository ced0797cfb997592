// The head of a response: security headers on each, and no value that could become a header of its own.
import fc from 'fast-check';
import t from 'tap';
import { createHeadText } from '../../server/http/head-text.js';
import { holds } from '../holds.js';
import { serve } from '../harness.js';
import { ask } from './raw.js';

void t.test('every answer of ours carries the security headers, errors included', async (t) => {
  const server = await serve(t, {
    SHARDLIGHT_BOTS: 'main:4',
    SHARDLIGHT_HOST: '127.0.0.1',
    SHARDLIGHT_TOKEN: 'bot',
    SHARDLIGHT_MAX_BODY_BYTES: '1024',
    SHARDLIGHT_PUBLIC_URL: 'https://status.example.com',
  });
  const auth = { Authorization: 'Bearer bot' };
  await ask(server.port, 'POST /fleet/register', auth, '{"identity":"a"}');
  const cases: [line: string, status: number, headers?: Record<string, string>, body?: string][] = [
    ['GET /', 200],
    ['GET /plain', 200],
    ['HEAD /', 200],
    ['GET /card.png', 200],
    ['GET /favicon.ico', 302],
    ['GET /api/view', 200],
    ['GET /nope', 404],
    ['GET /nope', 404, { Accept: 'text/html' }],
    ['GET /live', 400],
    ['PUT /', 405],
    ['OPTIONS /api/view', 204, { Origin: 'https://other.example' }],
    ['POST /fleet/heartbeat', 204, auth, '{"identity":"a"}'],
    ['POST /fleet/heartbeat', 401],
    ['POST /fleet/heartbeat', 400, auth, '{'],
    ['POST /fleet/heartbeat', 404, auth, '{"identity":"b"}'],
    ['POST /fleet/heartbeat', 413, auth, 'x'.repeat(2_000)],
    ['POST /api/status/main/0/3', 204, auth],
    ['POST /api/bots/main/shards', 200, auth, '{"shards":[]}'],
    ['DELETE /api/session', 204],
    ['GET /?token=bot', 303],
  ];
  for (const [line, status, headers = {}, body] of cases) {
    const answer = await ask(server.port, line, headers, body);
    const what = `${line} ${status}`;
    t.equal(answer.status, status, what);
    t.equal(answer.headers.get('x-content-type-options'), 'nosniff', what);
    t.equal(answer.headers.get('referrer-policy'), 'no-referrer', what);
    t.equal(answer.headers.get('x-frame-options'), 'DENY', what);
    t.equal(answer.headers.get('strict-transport-security'), 'max-age=31536000', what);
    t.match(
      answer.headers.get('content-security-policy'),
      /default-src 'none'.*frame-ancestors 'none'/,
      what,
    );
    t.notOk(answer.headers.has('server') || answer.headers.has('uwebsockets'), 'and no banner');
  }
});

void t.test("a heartbeat's 204 has neither type nor length", async (t) => {
  const { port } = await serve(t, {});
  await ask(port, 'POST /fleet/register', {}, '{"identity":"a"}');
  const { status, headers, body } = await ask(port, 'POST /fleet/heartbeat', {}, '{"identity":"a"}');
  t.same([status, body], [204, '']);
  t.notOk(headers.has('content-type') || headers.has('content-length'));
});

void t.test('no value breaks out of its line', (t) => {
  const head = createHeadText(false);
  holds(
    t,
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const lines = head({ status: 200, headers: { location: value } }).split(/[\r\n]+/);
      return lines.length === 6 && lines[5]!.startsWith('location: ');
    }),
    500,
  );
  t.end();
});

void t.test('frozen headers are written once, others each time', (t) => {
  const head = createHeadText(false);
  const frozen = Object.freeze({ a: '1' });
  t.equal(head({ status: 200, headers: frozen }), head({ status: 200, headers: frozen }));
  t.match(head({ status: 404, headers: frozen }), /^404 Not Found\r\n/, 'by status');
  t.match(head({ status: 200, headers: frozen }), /^200 OK\r\n/);
  const growing: Record<string, string> = { a: '1' };
  head({ status: 200, headers: growing });
  growing['b'] = '2';
  t.match(head({ status: 200, headers: growing }), /\r\nb: 2$/);
  t.match(head({ status: 204 }), /^204 No Content\r\n/);
  t.equal(head({ status: 204 }), head({ status: 204 }));
  const own = head({ status: 200, headers: { 'content-security-policy': "default-src 'self'" } });
  t.equal(own.match(/content-security-policy/g)?.length, 1);
  t.end();
});
