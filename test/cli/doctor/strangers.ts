// The doctor at addresses where something else answers, or nothing: each is a line of words, and none ends it.
import t, { type Test } from 'tap';
import { freePort } from '../../harness.js';
import { diagnose, inState, said } from './diagnose.js';
import { accepting, answering } from './stand-ins.js';

const soon = { timeoutMs: 300 };

/** The only lines of a patient that cannot be reached. */
async function unreached(t: Test, base: string, what: RegExp, more = {}): Promise<void> {
  const lines = await diagnose({ base, more });
  t.match(lines[0], { name: 'reach', state: 'problem', what });
  t.not(lines[0]?.fix, '');
  t.equal(lines.length, /^cannot reach/.test(lines[0]?.what ?? '') ? 1 : 2, 'and nothing else is asked');
}

void t.test('nobody there', async (t) => {
  await unreached(
    t,
    `http://127.0.0.1:${await freePort()}`,
    /^cannot reach http:\/\/127\.0\.0\.1:\d+: nothing listens/,
  );
  await unreached(t, 'http://nowhere.invalid', /^cannot reach http:\/\/nowhere\.invalid: .*\(DNS\)$/);
});

void t.test('somebody who is silent, slow, endless, or speaks another language', async (t) => {
  await unreached(t, await accepting(t, () => undefined), /no answer within 0\.3 s/, soon);
  const dripping = await answering(t, (_req, res) => {
    const drip = setInterval(() => res.write('.'), 20);
    res.on('close', () => clearInterval(drip));
  });
  await unreached(t, dripping, /the answer was not complete after 0\.3 s/, soon);
  const endless = await answering(t, (_req, res) => {
    const pour = (): void => {
      while (res.write('x'.repeat(65_536)));
    };
    res.on('drain', pour);
    pour();
  });
  await unreached(t, endless, /the answer is longer than 262,144 bytes/);
  const ssh = await accepting(t, (socket) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
  await unreached(t, ssh, /does not speak HTTP/);
  await unreached(t, ssh.replace('http:', 'https:'), /does not speak TLS|was cut/);
  await unreached(t, await accepting(t, (socket) => void socket.destroy()), /was cut before an answer came/);
});

void t.test('a web page, a closed door, a proxy without Shardlight, a way elsewhere', async (t) => {
  const always = (status: number, body: string, headers = {}): Promise<string> =>
    answering(t, (_req, res) => void res.writeHead(status, headers).end(body));
  await unreached(
    t,
    await always(200, '<html>Welcome to nginx!</html>'),
    /-> 200: something other than Shardlight answered/,
  );
  await unreached(t, await always(404, 'not found'), /-> 404: something other than Shardlight answered/);
  await unreached(t, await always(401, 'password?'), /-> 401: something in front/);
  await unreached(t, await always(502, 'Bad Gateway'), /-> 502: a proxy answers/);
  const location = 'https://status.example.com/healthz';
  await unreached(
    t,
    await always(308, '', { location }),
    /-> 308: it sends everybody on to https:\/\/status\.example\.com/,
  );
});

/** Answers these paths so, and all else with a page. */
const half = (t: Test, answers: Record<string, string>, date?: Date): Promise<string> =>
  answering(t, (req, res) => {
    if (date) res.setHeader('date', date.toUTCString());
    res.end(answers[req.url!] ?? '<html><body>It works!</body></html>');
  });

void t.test('one that is alive, and no Shardlight beyond that', async (t) => {
  const lines = await diagnose({ base: await half(t, { '/healthz': 'ok' }) });
  t.match(said(lines, 'session'), [
    /^problem GET \/api\/session -> 200: this is not the answer of Shardlight/,
  ]);
});

const session = JSON.stringify({
  role: 'viewer',
  isOpen: true,
  closed: { viewer: null, operator: null },
  connect: { url: null, namespace: 'discord' },
});

void t.test('one whose every other answer is a page: each check says so', async (t) => {
  const base = await half(t, { '/healthz': 'ok', '/api/session': session });
  const lines = await diagnose({ base, tokens: { any: 'a-token' }, more: { mayWrite: true } });
  t.match(said(lines, 'fleet-view'), [
    /^problem GET \/api\/fleet\/view -> 200: the answer is not a fleet view/,
  ]);
  t.match(said(lines, 'page'), [/^problem GET \/ -> 200: this is not the status page of Shardlight/]);
  t.match(said(lines, 'operator-feed'), [/^problem WS \/live\/operator -> 200: <html>/]);
  t.match(said(lines, 'metrics'), [/^problem GET \/metrics -> 200: the answer has no numbers/]);
  t.match(said(lines, 'live'), [/^problem WS \/live -> 200: something in front/]);
});

void t.test('JSON of other shapes breaks nothing', async (t) => {
  for (const odd of [
    'null',
    '[]',
    '7',
    '{"fleets":{}}',
    '{"fleets":[null]}',
    '{"bots":[{"key":7}]}',
    '{"bots":null}',
  ]) {
    const answers = { '/healthz': 'ok', '/api/session': session, '/api/fleet/view': odd, '/api/view': odd };
    const lines = await diagnose({ base: await half(t, answers), more: { mayWrite: true } });
    t.match(said(lines, 'fleet-view'), [/^problem/], odd);
  }
});

void t.test('a clock that is wrong', async (t) => {
  const clock = async (ms: number): Promise<string> =>
    said(
      await diagnose({ base: await half(t, { '/healthz': 'ok' }, new Date(Date.now() + ms)) }),
      'clock',
    ).join();
  t.match(await clock(0), /^ok/);
  t.match(await clock(15_000), /^warning the server's clock is 1[3-5] s ahead of/);
  t.match(await clock(-3_600_000), /^problem the server's clock is 60 minutes behind/);
});

void t.test('one that has everybody wait, and one that is closed throughout', async (t) => {
  const answers = (status: number): Promise<string> =>
    answering(t, (req, res) => {
      if (req.url === '/healthz') return void res.end('ok');
      if (req.url === '/api/session' && !req.headers.authorization)
        return void res.end(session.replace('"viewer"', 'null'));
      res.writeHead(status).end();
    });
  const waiting = await diagnose({ base: await answers(429), tokens: { any: 'a-token' } });
  t.match(said(waiting, 'token'), [/^warning --any: what it opens could not be found out/]);
  t.match(said(waiting, 'live'), [/^warning/]);
  const closed = await diagnose({ base: await answers(401), tokens: { ingest: 'a-token' } });
  t.match(said(closed, 'token'), [/^problem --ingest: opens nothing here/]);
  t.equal(inState(closed, 'skipped').length, 4);
});
