// Who may do what: roles, tokens, and what a bind without tokens opens (RULES 18).
import fc from 'fast-check';
import t from 'tap';
import { createGuard, createMatcher, isIn, type Access, type Verdict } from '../../server/http/guard.js';
import type { Role } from '../../server/http/message.js';
import { holds } from '../holds.js';

type Tokens = Access['tokens'];

const nobody: Tokens = { ingest: [], viewer: [], metrics: [], operator: [] };
/** As SHARDLIGHT_TOKEN=shared beside one token of each role. */
const each: Tokens = {
  ingest: ['shared', 'bot'],
  viewer: ['shared', 'see'],
  metrics: ['shared', 'count'],
  operator: ['act'],
};
const roles: Role[] = ['public', 'ingest', 'metrics', 'viewer', 'operator'];
const shown = (
  authorization: string,
  query = '',
  cookie = '',
): Parameters<ReturnType<typeof createGuard>>[1] => ({
  authorization,
  query,
  cookie,
});

/** A verdict in a word. */
const word = (verdict: Verdict): string => (isIn(verdict) ? (verdict.unasked ?? 'granted') : verdict);

/** The roles that are granted. */
function granted(tokens: Tokens, openWithoutTokens: boolean, authorization = '', query = ''): Role[] {
  const guard = createGuard({ tokens, botTokens: [], openWithoutTokens });
  return roles.filter((role) => ['granted', 'open'].includes(word(guard(role, shown(authorization, query)))));
}

void t.test('each token opens its role and those within it, wherever we listen', (t) => {
  const cases: [token: string, roles: Role[]][] = [
    ['bot', ['public', 'ingest']],
    ['count', ['public', 'metrics']],
    ['see', ['public', 'metrics', 'viewer']],
    ['act', ['public', 'metrics', 'viewer', 'operator']],
    ['shared', ['public', 'ingest', 'metrics', 'viewer']],
    ['wrong', ['public']],
    ['', ['public']],
    ['Shared', ['public']],
    ['shared ', ['public', 'ingest', 'metrics', 'viewer']], // blanks around it are the header's
    ['share', ['public']],
    ['shareds', ['public']],
    ['sh\u00e4red', ['public']],
    ['\u0173hared', ['public']], // its low byte is an "s"
    ['x'.repeat(100_000), ['public']],
  ];
  for (const isOpen of [true, false])
    for (const [token, expected] of cases) {
      t.same(granted(each, isOpen, `Bearer ${token}`), expected, `${token.slice(0, 20)}, ${isOpen}`);
      const asked = `lang=de&token=${encodeURIComponent(token.trim())}`;
      t.same(granted(each, isOpen, '', asked), expected, `?token=${token.slice(0, 20)}`);
    }
  t.end();
});

void t.test('a role that no token grants is open on loopback and closed to the public', (t) => {
  const cases: [tokens: Partial<Tokens>, open: Role[]][] = [
    [{}, ['public', 'ingest', 'metrics', 'viewer', 'operator']],
    [{ ingest: ['bot'] }, ['public', 'metrics', 'viewer']],
    [{ viewer: ['see'] }, ['public', 'ingest']],
    [{ metrics: ['count'] }, ['public', 'ingest', 'viewer']],
    [{ operator: ['act'] }, ['public', 'ingest']],
  ];
  for (const [tokens, open] of cases) {
    t.same(granted({ ...nobody, ...tokens }, true), open, `open: ${JSON.stringify(tokens)}`);
    t.same(granted({ ...nobody, ...tokens }, false), ['public'], `closed: ${JSON.stringify(tokens)}`);
  }
  const guard = createGuard({
    tokens: { ...nobody, ingest: ['bot'] },
    botTokens: [],
    openWithoutTokens: false,
  });
  const verdicts: [Role, Verdict][] = [
    ['ingest', 'unauthorized'],
    ['viewer', 'closed'],
    ['metrics', 'closed'],
    ['operator', 'closed'],
  ];
  for (const [role, verdict] of verdicts) t.equal(guard(role, shown('Bearer x')), verdict, role);
  t.end();
});

void t.test('how a token is shown', (t) => {
  const cases: [authorization: string, query: string, isReportIn: boolean, isViewerIn: boolean][] = [
    ['Bearer shared', '', true, true],
    ['bearer shared', '', true, true],
    ['BEARER   shared  ', '', true, true],
    ['shared', '', true, true], // Glance's passphrase, and Prometheus' http_sd where no type is set
    ['sha red', '', false, false],
    ['', 'token=shared', true, true],
    ['', 'a=b&token=shared&token=x', true, true],
    ['', 'token=x&token=shared', false, false],
    ['', 'xtoken=shared', false, false],
    ['', 'TOKEN=shared', false, false],
    ['Basic c2hhcmVk', 'token=shared', true, true],
    ['Bearer x', 'token=shared', false, false],
    ['bearer x', 'token=shared', false, false],
    ['Bearer', 'token=shared', false, false],
    ['Bearershared', '', false, false],
    ['Bearer shared, x', '', false, false],
    ['Bearer Bearer shared', '', false, false],
    ['', 'token=%C3%A9', false, false],
    ['', 'token=%', false, false],
    ['', 'token=', false, false],
    ['', 'token', false, false],
  ];
  const guard = createGuard({ tokens: each, botTokens: [], openWithoutTokens: true });
  for (const [authorization, query, isReportIn, isViewerIn] of cases) {
    const is = (role: Role): boolean => word(guard(role, shown(authorization, query))) === 'granted';
    t.same([is('ingest'), is('viewer')], [isReportIn, isViewerIn], `"${authorization}" ?${query}`);
  }
  t.end();
});

void t.test('a session stands in where no token is shown, never for reports', (t) => {
  const readCookie = (cookie: string): 'viewer' | 'operator' | null =>
    cookie === 'v' ? 'viewer' : cookie === 'o' ? 'operator' : null;
  const guard = createGuard({ tokens: each, botTokens: [], openWithoutTokens: true }, readCookie);
  const by = (cookie: string, authorization = ''): string[] =>
    roles.map((role) => word(guard(role, shown(authorization, '', cookie))));
  t.same(by('v'), ['granted', 'unauthorized', 'by-cookie', 'by-cookie', 'unauthorized']);
  t.same(by('o'), ['granted', 'unauthorized', 'by-cookie', 'by-cookie', 'by-cookie']);
  t.same(by('x'), ['granted', ...Array.from({ length: 4 }, () => 'unauthorized')]);
  t.equal(by('o', 'Bearer wrong')[4], 'unauthorized', 'a wrong token is not made good by a cookie');
  t.equal(by('x', 'Bearer act')[4], 'granted');
  t.end();
});

void t.test('a token of one bot reports, and says for which', (t) => {
  const botTokens = [
    { bot: 'main', token: 'of-main' },
    { bot: 'demo', token: 'of-demo' },
    { bot: 'demo', token: 'new-of-demo' },
  ];
  for (const tokens of [nobody, each]) {
    const guard = createGuard({ tokens, botTokens, openWithoutTokens: false });
    for (const { bot, token } of botTokens) {
      t.same(guard('ingest', shown(`Bearer ${token}`)), { role: 'ingest', bot, unasked: null });
      for (const role of ['viewer', 'metrics', 'operator'] as const)
        t.equal(isIn(guard(role, shown(`Bearer ${token}`))), false, role);
    }
    t.equal(guard('ingest', shown('Bearer of-mai')), 'unauthorized');
  }
  const guard = createGuard({ tokens: each, botTokens, openWithoutTokens: true });
  t.same(guard('ingest', shown('Bearer shared')), { role: 'ingest', bot: null, unasked: null });
  const alone = createGuard({ tokens: nobody, botTokens, openWithoutTokens: true });
  t.equal(alone('ingest', shown('')), 'unauthorized', 'it locks its role');
  t.equal(alone('operator', shown('')), 'closed', 'and so the server is not one without tokens');
  t.end();
});

void t.test('a token matches itself alone', (t) => {
  const matcherOf = (...tokens: string[]): ((token: string) => boolean) => {
    const whose = createMatcher(tokens.map((token): [string, string] => [token, token]));
    return (token) => whose(token) === token;
  };
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 });
  holds(
    t,
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), fc.array(text), (tokens, tries) => {
      const matches = matcherOf(...tokens);
      return [...tries, ...tokens, '', tokens[0]!.slice(1), `${tokens[0]!}x`].every(
        (one) => matches(one) === tokens.includes(one),
      );
    }),
    500,
  );
  const long = 'é'.repeat(2_000);
  t.ok(matcherOf(long)(long));
  t.notOk(matcherOf(long)(`${long}é`));
  t.notOk(matcherOf('x'.repeat(512))(`${'x'.repeat(511)}é`));
  t.end();
});
