// Which row an address belongs to, and that no address is too odd for the table.
import fc from 'fast-check';
import t from 'tap';
import { glance } from '../../server/dialects/glance.js';
import { json } from '../../server/dialects/json.js';
import type { Handler } from '../../server/http/message.js';
import { createRouter, tidyPath, type Route, type Row } from '../../server/http/router.js';
import { OUR_SEGMENTS } from '../../server/settings/config-values.js';
import { withoutBase } from '../../server/http/base-path.js';
import { holds } from '../holds.js';
import { rowsOf } from './rows.js';

const handle: Handler = () => ({ status: 200 });
const rows = (isPublic: boolean): Row[] => rowsOf({ isPublic }, ['/assets/a.js']);
const routes = rows(true);
const find = createRouter(routes, json);

void t.test('a parameter takes one segment, decoded, and a whole number where one is asked for', (t) => {
  const params = (method: string, path: string): unknown => {
    const found = find(method, path);
    return found.kind === 'route' ? found.params : found.kind;
  };
  t.same(params('POST', '/api/status/main/0/3'), { bot: 'main', shard: '0', state: '3' });
  t.same(params('POST', '/api/health/b%C3%B6t%2F1/-1'), { bot: 'böt/1', shard: '-1' });
  t.same(params('POST', '/api/bots/%00/shards'), { bot: '\u0000' });
  t.same(params('HEAD', '/api/bots/main/shards/7'), { bot: 'main', shard: '7' });
  t.equal(params('POST', '/api/status/main/x/3'), 'unknown');
  t.equal(params('POST', '/api/status/main/1.5/3'), 'unknown');
  t.equal(params('POST', '/api/bots//shards'), 'unknown');
  t.equal(params('POST', '/api/bots/%E0%A4/shards'), 'unknown');
  t.equal(params('GET', '/api/bots/main/shards'), 'wrong-method');
  t.end();
});

void t.test('an unknown address below a Glance route is Glance\u2019s to answer', (t) => {
  t.same(find('POST', '/api/status/main/x/3'), { kind: 'unknown', dialect: glance });
  t.same(find('POST', '/api/bots/main/shards/x'), { kind: 'unknown', dialect: json });
  t.same(find('POST', '/nope'), { kind: 'unknown', dialect: json });
  t.end();
});

void t.test('one address may take two methods', (t) => {
  const row = { path: '/both', role: 'public', maxBytes: 0, dialect: json, handle } as const;
  const both: Route[] = [
    { ...row, method: 'GET' },
    { ...row, method: 'POST', role: 'ingest' },
  ];
  const route = createRouter(both, json);
  t.match(route('POST', '/both'), { kind: 'route', route: { method: 'POST', role: 'ingest' } });
  t.match(route('HEAD', '/both'), { kind: 'route', route: { method: 'GET' } });
  t.match(route('PUT', '/both'), { kind: 'wrong-method', allow: 'GET, HEAD, POST' });
  t.end();
});

void t.test(
  'who may what: everybody reads, bots report, operators act, and a session is anybody\u2019s to open',
  (t) => {
    const roles = (isPublic: boolean): Record<string, string[]> => {
      const byRole: Record<string, string[]> = {};
      for (const { role, method, path } of rows(isPublic)) (byRole[role] ??= []).push(`${method} ${path}`);
      return byRole;
    };
    const health = ['GET /healthz', 'GET /readyz'];
    const files = [
      'GET /operator',
      'GET /robots.txt',
      'GET /assets/a.js',
      'GET /api/session',
      'POST /api/session',
      'DELETE /api/session',
      ...health,
    ];
    const open = roles(true);
    t.same(
      open['public']?.filter((row) => !row.startsWith('GET')),
      files.slice(4, 6),
    );
    t.same(
      open['operator'],
      ['release-lease', 'forget', 'bot', 'assign', 'ban'].map((what) => `POST /api/operator/${what}`),
    );
    t.ok(open['ingest']?.every((row) => row.startsWith('POST')));
    t.equal(open['ingest']?.length, 6);
    t.same(roles(false)['public'], files, 'a private server shows its files and its door');
    t.same(
      new Set(roles(false)['viewer']),
      new Set([...open['public']!.filter((row) => !files.includes(row)), ...open['viewer']!]),
    );
    t.same(open['metrics'], ['GET /metrics']);
    t.end();
  },
);

void t.test('only what everybody may read may be read by pages of any origin', (t) => {
  for (const isPublic of [true, false])
    for (const { role, method, path, cors } of rows(isPublic))
      if (cors) t.same([role, method], ['public', 'GET'], path);
  t.end();
});

void t.test('a path is tidied of slashes that say nothing', (t) => {
  const cases = {
    '/': '/',
    '//': '/',
    '///a//b//': '/a/b',
    '/a/': '/a',
    '/a': '/a',
    '': '',
    '*': '*',
    '/a/../b': '/a/../b',
  };
  for (const [path, tidy] of Object.entries(cases)) t.equal(tidyPath(path), tidy, path);
  t.end();
});

void t.test('no address makes the router throw, and a tidy one stays tidy', (t) => {
  const segments = fc.oneof(
    fc.constantFrom(
      '',
      'api',
      'bots',
      'shards',
      'status',
      'health',
      'main',
      '0',
      '-1',
      '%',
      '%ff',
      '%2e%2e',
      '__proto__',
      '..',
    ),
    fc.string(),
  );
  const paths = fc.array(segments, { maxLength: 8 }).map((parts) => `/${parts.join('/')}`);
  holds(
    t,
    fc.property(fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', ''), paths, (method, path) => {
      const tidy = tidyPath(path);
      return (
        ['route', 'wrong-method', 'unknown'].includes(find(method, tidy).kind) && tidyPath(tidy) === tidy
      );
    }),
    500,
  );
  t.end();
});

void t.test('no path of ours begins with what a public address may be below', (t) => {
  const ours = routes.map(({ path }) => path.split('/')[1]!).filter((segment) => segment !== '');
  t.same([...new Set([...ours, 'assets', 'favicon'])].sort(), [...OUR_SEGMENTS].sort());
  const cases: [path: string, base: string, rest: string][] = [
    ['/status/live', '/status', '/live'],
    ['/status', '/status', '/'],
    ['/live', '/status', '/live'],
    ['/statuses', '/status', '/statuses'],
    ['/', '/status', '/'],
    ['/a/b/plain', '/a/b', '/plain'],
    ['/plain', '', '/plain'],
  ];
  for (const [path, base, rest] of cases) t.equal(withoutBase(path, base), rest, path);
  t.end();
});
