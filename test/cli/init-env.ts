// The `.env` that init writes says exactly what was meant, to Node.js and to the product's own configuration.
import assert from 'node:assert/strict';
import { parseEnv } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { answer, type Answered } from '../../server/cli/init/answers.js';
import { envFile } from '../../server/cli/init/env-file.js';
import { quoted } from '../../server/cli/init/env-quotes.js';
import {
  clashOf,
  questionKeys,
  questions,
  type Question,
  type QuestionKey,
  type Texts,
} from '../../server/cli/init/questions.js';
import { variables, type Environment } from '../../server/config.js';
import { parseDotEnv } from '../../server/settings/dot-env.js';
import { loadSettings } from '../../server/settings/read-config.js';
import { settle } from '../../server/settings/settle-config.js';
import { holds } from '../holds.js';

/** Text with much of what has a meaning to those who read such files. */
const special = fc.constantFrom(
  "'",
  '"',
  '`',
  '\\',
  '$',
  '#',
  '=',
  ' ',
  '{',
  '}',
  '\n',
  '\r',
  '\t',
  '%',
  ':',
);
const odd = fc.string({ unit: fc.oneof(special, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })) });

const meant = (file: string, value: string): boolean => {
  const read = parseDotEnv(file);
  return read.ok && read.values['A'] === value && read.values['B'] === 'after';
};

void t.test('only what needs quotes has them: docker run --env-file and kubectl would keep them', (t) => {
  for (const value of [
    'main:2:My Bot;demo:1',
    "Ann's bots",
    '#c4b5fd,#5b21b6',
    's3#cret',
    'https://a.example',
    'a"b',
  ])
    t.equal(quoted(value), value);
  for (const value of ['My # Bot', ' a', 'a ', '"a"', '$HOME', 'a\\b', ''])
    t.equal(quoted(value), `'${value}'`);
  t.equal(quoted("'a'"), `"'a'"`);
  t.end();
});

void t.test('what is quoted is read back as it was', (t) => {
  holds(
    t,
    fc.property(odd, (value) => {
      const text = quoted(value);
      if (text === null) return true;
      const file = `A=${text}\nB='after'`;
      return meant(file, value) && (value.includes('#') || parseEnv(file).A === value);
    }),
    2_000,
  );
  for (const value of ['', "'", '"', '#', '$HOME ${HOME}', 'a\\b', '`', '"`$', "it's", ' a ', '=', 'ü🤖'])
    t.type(quoted(value), 'string', value);
  for (const value of ['a\nb', 'a\\', `'"`, `'$`, "'`", "'\\a", '\u0000'])
    t.equal(quoted(value), null, value);
  t.end();
});

const key = fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/);
const bot = fc.tuple(key, fc.integer({ min: 1, max: 16_384 }), odd).map((parts) => parts.join(':'));
const tokens = fc.array(odd, { minLength: 1, maxLength: 3 }).map((list) => list.join(','));
const address = fc.webUrl({ authoritySettings: { withPort: true }, size: 'small' });
const texts: fc.Arbitrary<Texts> = fc.record(
  {
    title: fc.oneof(fc.constant(''), odd),
    'support-link': address,
    accent: fc.constantFrom('', '#c4b5fd,#5b21b6', '#777777', 'red'),
    url: address,
    bots: fc.array(bot, { maxLength: 3 }).map((list) => list.join(';')),
    run: fc.constantFrom('compose', 'systemd', 'hand'),
    proxy: fc.constantFrom('none', 'caddy', 'nginx'),
    port: fc.integer({ min: 1, max: 65_535 }).map(String),
    host: fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain()),
    namespace: fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/),
    'cors-origins': fc.array(address.map((text) => new URL(text).origin)).map((list) => list.join(' , ')),
    'ingest-token': tokens,
    'viewer-token': tokens,
    'operator-token': tokens,
  },
  { requiredKeys: [] },
);

/** Without what a flag would be refused for. */
const accepted = (given: Texts): Texts =>
  Object.fromEntries(
    Object.entries(given).filter(([name, text]) => questions[name as QuestionKey].read(text).ok),
  );

let minted = 0;

const answered = async (given: Texts): Promise<Answered> =>
  (await answer(
    given,
    {},
    (_, standard) => Promise.resolve(standard),
    () => `minted-${(minted += 1)}`,
  ))!;

const before = fc.dictionary(fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,8}$/), odd, { maxKeys: 3 });

function environmentOf(text: string): Environment {
  const read = parseDotEnv(text);
  if (!read.ok) throw new Error(read.found);
  return read.values;
}

void t.test('whatever is accepted, the server starts with it and means it', async (t) => {
  const seen = { given: 0, kept: 0 };
  const property = fc.asyncProperty(texts, before, async (given, earlier) => {
    const flags = accepted(given);
    const { values, texts: written } = await answered(flags);
    if (clashOf(values) !== null) return;
    const file = envFile({ values, texts: written }, earlier);
    if (!file.ok) return assert.equal(quoted(earlier[file.name]!), null);
    const environment = environmentOf(file.text);
    const { settings, mistakes, unused } = loadSettings(environment);
    const settled = settle(settings);
    assert.deepEqual([mistakes, unused, settled.ok ? [] : settled.mistakes], [[], [], []]);
    for (const name of questionKeys) {
      const { variable }: Question<unknown> = questions[name];
      const isLeftOut = (name === 'host' && values.run === 'compose') || values[name] === '';
      const meant = isLeftOut ? null : values[name];
      if (variable !== undefined) assert.deepEqual(settings[variable], meant, name);
    }
    for (const [name, value] of Object.entries(earlier)) assert.equal(environment[name], value, name);
    seen.given += Object.keys(flags).length;
    seen.kept += Object.keys(earlier).length;
  });
  const details = await fc.check(property, { numRuns: 300, seed: 1_795_225_265 });
  t.equal(details.failed ? `${fc.defaultReportMessage(details)}\n${String(details.errorInstance)}` : '', '');
  t.ok(seen.given > 300 && seen.kept > 50, JSON.stringify(seen));
});

void t.test('what stood there before stays, save for what is decided anew', async (t) => {
  const file = envFile(await answered({ run: 'systemd', proxy: 'nginx' }), {
    ARGUS_FLEET_FOOTER: "Ann's bots",
    ARGUS_FLEET_BOTS: 'old:1',
    GLANCE_PORT: '80',
    SHARDLIGHT_INGEST_TOKEN_FILE: '/run/secrets/ingest',
    SHARDLIGHT_TRUSTED_PROXY: '10.0.0.1',
    SHARDLIGHT_TOKEN_FILE: '/run/secrets/token',
  });
  const text = file.ok ? file.text : '';
  const lines = [...text.matchAll(/^(\w+)=/gm)].map(([, name]) => name); // Node.js 20 sorts what it parses
  t.same(lines, [
    'SHARDLIGHT_PUBLIC_URL',
    'SHARDLIGHT_HOST',
    'SHARDLIGHT_PORT',
    'SHARDLIGHT_TRUSTED_PROXY',
    'SHARDLIGHT_REQUIRE_LEASE',
    'SHARDLIGHT_INGEST_TOKEN',
    'SHARDLIGHT_VIEWER_TOKEN',
    'SHARDLIGHT_OPERATOR_TOKEN',
    'ARGUS_FLEET_FOOTER',
    'SHARDLIGHT_TOKEN_FILE',
  ]);
});

void t.test('every default is one that its question takes', async (t) => {
  for (const url of ['http://localhost:8080', 'https://status.example.com', 'http://10.1.2.3'])
    for (const run of ['compose', 'systemd', 'hand']) t.ok((await answered({ url, run })).values);
  t.match((await answered({ url: 'http://localhost:8080' })).values, { port: 8080, host: '127.0.0.1' });
  t.match((await answered({ port: '81' })).values, { url: 'http://localhost:81', proxy: 'none' });
  t.match((await answered({ url: 'https://a.example' })).values, { proxy: 'caddy', host: '127.0.0.1' });
  t.match((await answered({ url: 'http://a.example' })).values, { proxy: 'none', host: '0.0.0.0' });
  for (const name of questionKeys) t.ok(name in questions);
  t.equal(questions.port.default({}, String), variables.PORT.default);
});
