// Sessions: what a cookie proves, for how long, and what ends it.
import t from 'tap';
import { createSessions, type SessionOptions } from '../../server/http/session.js';

const NOW = 1_795_225_265_000;
const HALF_DAY = 12 * 3_600_000;
const sessionsWith = (
  viewer: string[],
  operator: string[],
  isSecure = false,
): ReturnType<typeof createSessions> =>
  createSessions({ tokens: { viewer, operator }, isSecure } satisfies SessionOptions);
const sessions = sessionsWith(['see', 'older'], ['act']);
const pairOf = (cookie = ''): string => cookie.split(';')[0]!;

void t.test('a token opens the role it grants, and a wrong one nothing', (t) => {
  t.equal(sessions.open('see', NOW)?.role, 'viewer');
  t.equal(sessions.open('older', NOW)?.role, 'viewer');
  t.equal(sessions.open('act', NOW)?.role, 'operator');
  for (const wrong of ['', 'SEE', 'see ', 'x', 'é']) t.equal(sessions.open(wrong, NOW), null, wrong);
  t.end();
});

void t.test('the cookie is for this site alone, unseen by scripts, and never holds the token', (t) => {
  const plain = sessions.open('act', NOW)!.cookie;
  t.match(
    plain,
    /^shardlight=operator\.\d+\.[\w-]{12}\.[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  const secure = sessionsWith([], ['act'], true).open('act', NOW)!.cookie;
  t.match(secure, /^__Host-shardlight=.*; Path=\/; HttpOnly; SameSite=Strict; Secure$/);
  t.notMatch(secure, /=act|\.act|domain/i);
  t.match(sessions.closing, /^shardlight=; Max-Age=0; Path=\//);
  t.end();
});

void t.test('it counts for 12 hours, over a restart, and until its token is rotated out', (t) => {
  const cookie = pairOf(sessions.open('see', NOW)!.cookie);
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
  const [one, other] = [1, 2].map(() => sessions.read(pairOf(sessions.open('see', NOW)!.cookie), NOW)!);
  t.not(one!.id, other!.id, 'though opened with the same token in the same second');
  t.equal(one!.endsAt, NOW + HALF_DAY);
  t.end();
});

void t.test('nobody makes himself an operator, or a longer day', (t) => {
  const [name, value = ''] = pairOf(sessions.open('see', NOW)!.cookie).split('=');
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
