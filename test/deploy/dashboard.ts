// The dashboard and the alerts ask for nothing that a running Shardlight does not tell.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { parse, stringify } from 'yaml';
import { beat, environment, register, send, snapshotOf, up } from '../compat/member.js';
import { PROTOCOL } from '../../public/shared/wire.js';
import { listen, post, serve, until, type TestServer } from '../harness.js';
import { folder } from '../process/child.js';
import { run, whySkipped } from './program.js';

interface Panel {
  type: string;
  title?: string;
  description?: string;
  datasource?: { uid: string };
  fieldConfig?: { defaults: { unit?: string } };
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; datasource: { uid: string } }[];
}
interface Dashboard {
  uid: string | null;
  schemaVersion: number;
  panels: Panel[];
  templating: { list: { name: string; type: string; definition?: string }[] };
}

const dashboard = JSON.parse(readFileSync('scripts/deploy/grafana-dashboard.json', 'utf8')) as Dashboard;
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

/** A server on which something of everything happened, so that every series is there. */
async function busyServer(t: Test): Promise<TestServer> {
  const server = await serve(t, environment);
  const authorization = { authorization: 'Bearer tok' };
  await register(server, 'asia-0', { fleet: 'asia' });
  await beat(server, 'asia-0', snapshotOf(up('0'), up('1', 0)));
  await send(server, 'heartbeat', '{');
  await post(`${server.base}/api/bots/main/shards`, { shards: [{ id: 0, state: 'online' }] }, authorization);
  await (await fetch(`${server.base}/api/fleet/view`, { headers: authorization })).text();
  const { socket, frames } = await listen(`ws://127.0.0.1:${server.port}/live?p=${PROTOCOL}`);
  t.teardown(() => socket.close());
  await until(() => frames.length > 0);
  return server;
}

/** Names with a value, those of histograms as they are asked for. */
async function namesAt({ base }: TestServer): Promise<Set<string>> {
  const text = await (await fetch(`${base}/metrics`, { headers: { authorization: 'Bearer tok' } })).text();
  return new Set([...text.matchAll(/^([a-z0-9_]+)[{ ]/gm)].map(([, name]) => name!));
}

/** What Prometheus itself adds. */
const ITS_OWN = ['up'];

const KEYWORDS = ['and', 'or', 'unless', 'offset', 'm', 'h'];

/** Names of metrics in an expression: what is before a selector, or stands alone and is no function, label or keyword. */
const metricsIn = (expr: string): string[] =>
  [
    ...expr
      .replaceAll(/"[^"]*"/g, '""')
      .replaceAll(/\b(by|on) \([^)]*\)/g, '')
      .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, '{}')
      .matchAll(/(?<![\w$:])([a-z_][a-z0-9_]*(?::[a-z0-9_:]+)?)\b(?!\s*[(:])/g),
  ]
    .map(([, name]) => name!)
    .filter((name) => !KEYWORDS.includes(name));

void t.test('a running Shardlight tells every metric that is asked for', async (t) => {
  const told = await namesAt(await busyServer(t));
  for (const expr of queries) {
    const asked = metricsIn(expr);
    t.ok(asked.length > 0, expr);
    t.same(
      asked.filter((name) => !told.has(name)),
      [],
      expr,
    );
  }
  const rules = parse(readFileSync('scripts/deploy/prometheus-rules.yaml', 'utf8')) as {
    groups: { rules: { expr: string; record?: string }[] }[];
  };
  const all = rules.groups.flatMap((group) => group.rules);
  const known = new Set([...told, ...ITS_OWN, ...all.map(({ record }) => record)]);
  for (const { expr } of all)
    t.same(
      metricsIn(expr).filter((name) => !known.has(name)),
      [],
      expr,
    );
  t.same(metricsIn('sum by (a) (rate(x_total{b="c"}[5m])) > 1e6 and on (job) y_bytes'), [
    'x_total',
    'y_bytes',
  ]);
});

void t.test(
  'every panel says what it shows, in which unit, and asks the data source that was chosen',
  (t) => {
    t.ok(panels.length > 15);
    t.ok(dashboard.schemaVersion >= 38, 'Grafana 10');
    t.equal(dashboard.uid, null, 'Grafana gives it one');
    for (const { title, description, fieldConfig, targets = [], datasource } of panels) {
      t.ok(title, 'title');
      t.ok((description ?? '').length > 20, `${title}: description`);
      t.ok(fieldConfig?.defaults.unit, `${title}: unit`);
      t.ok(targets.length > 0, `${title}: a query`);
      t.same(
        [datasource, ...targets.map((target) => target.datasource)].filter(
          (one) => one?.uid !== '${datasource}',
        ),
        [],
      );
    }
    t.same(
      dashboard.templating.list.map(({ name, type }) => [name, type]),
      [
        ['datasource', 'datasource'],
        ['instance', 'query'],
      ],
    );
    t.end();
  },
);

void t.test('no panel covers another', (t) => {
  const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, i) => `${x + (i % w)}/${y + Math.floor(i / w)}`),
  );
  t.equal(new Set(cells).size, cells.length);
  t.ok(dashboard.panels.every(({ gridPos: { x, w } }) => x + w <= 24));
  t.end();
});

void t.test(
  'Prometheus understands every query of the dashboard',
  { skip: whySkipped('promtool', 'prometheus') },
  (t) => {
    const rules = queries.map((expr, i) => ({
      record: `panel:query:${i}`,
      expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*'),
    }));
    const path = join(folder(t), 'queries.yaml');
    writeFileSync(path, stringify({ groups: [{ name: 'panels', rules }] }));
    const { code, said } = run('promtool', ['check', 'rules', path]);
    t.equal(code, 0, said);
    t.end();
  },
);
