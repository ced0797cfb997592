// Sessions: what a cookie proves, for how long, and what ends it.
import t from 'tap';
import { createSessions, type SessionOptions } from '../../server/http/session.js';

const NOW = 1_795_225_265_000;
const HALF_DAY = 12 * 3_600_000;
const sessionsWith = (viewer: string[], operator: string[], base = ''): ReturnType<typeof createSessions> =>
  createSessions({ tokens: { viewer, operator }, base } satisfies SessionOptions);
const sessions = sessionsWith(['see', 'older'], ['act']);
const pairOf = (cookie = ''): string => cookie.split(';')[0]!;

void t.test('a token opens the role it grants, and a wrong one nothing', (t) => {
  t.equal(sessions.open('see', false, NOW)?.role, 'viewer');
  t.equal(sessions.open('older', false, NOW)?.role, 'viewer');
  t.equal(sessions.open('act', false, NOW)?.role, 'operator');
  for (const wrong of ['', 'SEE', 'see ', 'x', 'é']) t.equal(sessions.open(wrong, false, NOW), null, wrong);
  t.end();
});

void t.test('the cookie is for this site alone, unseen by scripts, and never holds the token', (t) => {
  const plain = sessions.open('act', false, NOW)!.cookie;
  t.match(
    plain,
    /^shardlight=operator\.\d+\.[\w-]{12}\.[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  const secure = sessions.open('act', true, NOW)!.cookie;
  t.match(secure, /^__Host-shardlight=.*; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
  t.notMatch(secure, /=act|\.act|domain/i);
  t.match(sessions.closing(''), /^shardlight=; Max-Age=0; Path=\//);
  t.match(sessions.closing(`a=b; ${pairOf(secure)}`), /^__Host-shardlight=; Max-Age=0; Path=\/;.*; Secure$/);
  t.end();
});

void t.test('below a path it is for that path alone', (t) => {
  const below = sessionsWith([], ['act'], '/status');
  t.match(below.open('act', false, NOW)!.cookie, /^shardlight=.*; Path=\/status; HttpOnly; SameSite=Strict$/);
  const secure = below.open('act', true, NOW)!.cookie;
  t.match(secure, /^__Secure-shardlight=.*; Path=\/status; HttpOnly; SameSite=Strict; Secure$/);
  t.equal(below.read(pairOf(secure), NOW)?.role, 'operator');
  t.match(below.closing(pairOf(secure)), /^__Secure-shardlight=; Max-Age=0; Path=\/status;/);
  t.end();
});

void t.test('another cookie of the same name hides none that is valid', (t) => {
  const cookie = pairOf(sessions.open('see', false, NOW)!.cookie);
  t.equal(sessions.read(`shardlight=of.another.path.x; ${cookie}`, NOW)?.role, 'viewer');
  t.equal(
    sessions.read(`${'shardlight=x; '.repeat(300)}${cookie}`, NOW),
    null,
    'nor are many of them looked at',
  );
  t.end();
});

void t.test('it counts for 12 hours, over a restart, and until its token is rotated out', (t) => {
  const cookie = pairOf(sessions.open('see', false, NOW)!.cookie);
  t.equal(sessions.read(cookie, NOW + HALF_DAY - 1)?.role, 'viewer');
  t.equal(sessions.read(cookie, NOW + HALF_DAY), null);
  t.equal(sessions.read(`theme=dark; ${cookie}; a=b=c`, NOW)?.role, 'viewer');
  t.equal(
    sessionsWith(['new', 'see'], []).read(cookie, NOW)?.role,
    'viewer',
    'after a restart, beside a new token',
  );
  t.equal(sessionsWith(['new'], []).read(cookie, NOW), null, 'rotated out');
  t.equal(sessionsWith([], ['see']).read(cookie, NOW), null, 'the same token for another role');
  t.end();
});

void t.test('each session has an id of its own, and says when it ends', (t) => {
  const [one, other] = [1, 2].map(() =>
    sessions.read(pairOf(sessions.open('see', false, NOW)!.cookie), NOW)!,
  );
  t.not(one!.id, other!.id, 'though opened with the same token in the same second');
  t.equal(one!.endsAt, NOW + HALF_DAY);
  t.end();
});

void t.test('nobody makes himself an operator, or a longer day', (t) => {
  const [name, value = ''] = pairOf(sessions.open('see', false, NOW)!.cookie).split('=');
  const [, until, id, signature = ''] = value.split('.');
  for (const forged of [
    `operator.${until}.${id}.${signature}`,
    `viewer.${Number(until) + 1}.${id}.${signature}`,
    `viewer.${until}.${id}x.${signature}`,
    `viewer.${until}.${id}.${signature.slice(1)}`,
    `viewer.${until}.${signature}`,
    `viewer.${until}.${id}.`,
    `viewer.${until}.${id}`,
    `viewer.${until}`,
    `viewer..${id}.${signature}`,
    `viewer.NaN.${id}.${signature}`,
    `viewer.1e99.${id}.${signature}`,
    '',
    '..',
  ])
    t.equal(sessions.read(`${name}=${forged}`, NOW), null, forged);
  t.equal(sessions.read(`x${name}=${value}`, NOW), null);
  t.equal(sessions.read('', NOW), null);
  t.end();
});
