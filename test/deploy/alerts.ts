// The alerts: Prometheus takes them, each is seen to fire and not to fire, and each says what to do.
import { readFileSync } from 'node:fs';
import t from 'tap';
import { parse } from 'yaml';
import { run, whySkipped } from './program.js';

const skip = whySkipped('promtool', 'prometheus');
const FOLDER = 'scripts/deploy';

interface Rule {
  alert?: string;
  record?: string;
  expr: string;
  labels?: { severity?: string };
  annotations?: Record<string, string>;
}
interface Rules {
  groups: { rules: Rule[] }[];
}
interface Tests {
  tests: { promql_expr_test?: { expr: string; exp_samples: unknown[] }[] }[];
}

const read = (name: string): unknown => parse(readFileSync(`${FOLDER}/${name}`, 'utf8'));
const rules = (read('prometheus-rules.yaml') as Rules).groups.flatMap((group) => group.rules);
const alerts = rules.filter((rule) => rule.alert !== undefined);

void t.test('Prometheus takes the rules, and they do as their tests say', { skip }, (t) => {
  t.match(run('promtool', ['check', 'rules', 'prometheus-rules.yaml'], FOLDER), { code: 0, said: /SUCCESS/ });
  const { code, said } = run('promtool', ['test', 'rules', 'prometheus-rules.test.yaml'], FOLDER);
  t.equal(code, 0, said);
  t.end();
});

void t.test('every alert is tested to fire, and not to fire', (t) => {
  const tests = (read('prometheus-rules.test.yaml') as Tests).tests.flatMap(
    (one) => one.promql_expr_test ?? [],
  );
  for (const { alert } of alerts) {
    const of = tests.filter(({ expr }) => expr.includes(`alertname="${alert!}",alertstate="firing"`));
    t.ok(
      of.some(({ exp_samples }) => exp_samples.length > 0),
      `${alert!} fires`,
    );
    t.ok(
      of.some(({ exp_samples }) => exp_samples.length === 0),
      `${alert!} does not`,
    );
  }
  t.end();
});

void t.test('every alert has a severity, and says what happened, why it matters, and what to do', (t) => {
  t.ok(alerts.length > 10);
  for (const { alert, labels, annotations } of alerts) {
    t.ok(['critical', 'warning'].includes(labels?.severity ?? ''), alert!);
    t.same(Object.keys(annotations ?? {}), ['summary', 'description', 'action'], alert!);
    t.ok(
      Object.values(annotations ?? {}).every((text) => text.length > 20),
      alert!,
    );
  }
  t.end();
});

void t.test('what is recorded is used', (t) => {
  for (const { record } of rules.filter((rule) => rule.record !== undefined))
    t.ok(
      alerts.some(({ expr }) => expr.includes(record!)),
      record!,
    );
  t.end();
});
