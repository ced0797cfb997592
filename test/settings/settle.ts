// What follows from the settings together: where to listen, who may report, which bots there are.
import { rmSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { variables, type Environment } from '../../server/config.js';
import { loadSettings } from '../../server/settings/read-config.js';
import { settle, type Plan, type Settled } from '../../server/settings/settle-config.js';

function settled(environment: Environment): Settled {
  const loaded = loadSettings(environment);
  if (loaded.mistakes.length > 0) throw new Error(JSON.stringify(loaded.mistakes));
  return settle(loaded.settings);
}

function planOf(environment: Environment): Plan {
  const outcome = settled(environment);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.mistakes));
  return outcome.plan;
}

const token = { SHARDLIGHT_TOKEN: 'secret' };

void t.test(
  'without a token it listens on loopback and is open, with one on every address and is not',
  (t) => {
    const cases: [environment: Environment, host: string, isOpen: boolean][] = [
      [{}, '127.0.0.1', true],
      [token, '0.0.0.0', false],
      [{ ARGUS_FLEET_INGEST_TOKEN: 'a' }, '0.0.0.0', false],
      [{ GLANCE_PASSPHRASE: 'a' }, '0.0.0.0', false],
      [{ ...token, SHARDLIGHT_HOST: '127.0.0.1' }, '127.0.0.1', false],
      [{ SHARDLIGHT_HOST: '::1' }, '::1', true],
      [{ SHARDLIGHT_HOST: 'localhost' }, 'localhost', true],
      [{ SHARDLIGHT_HOST: '127.0.0.2' }, '127.0.0.2', true],
      [{ SHARDLIGHT_HOST: '0.0.0.0', SHARDLIGHT_INSECURE: '1' }, '0.0.0.0', true],
      [{ ...token, SHARDLIGHT_INSECURE: '1' }, '0.0.0.0', false],
      [{ SHARDLIGHT_VIEWER_TOKEN: 'v', SHARDLIGHT_HOST: '127.0.0.1' }, '127.0.0.1', true],
    ];
    for (const [environment, host, isOpen] of cases) {
      const plan = planOf(environment);
      t.same([plan.host, plan.isOpen], [host, isOpen], JSON.stringify(environment));
    }
    t.end();
  },
);

void t.test(
  'an address that others can reach needs an ingest token, and the refusal names the variables',
  (t) => {
    const cases: Environment[] = [
      { SHARDLIGHT_HOST: '0.0.0.0' },
      { GLANCE_HOST: '192.0.2.7' },
      { ARGUS_FLEET_HOST: '::' },
      { SHARDLIGHT_HOST: 'status.example.com' },
      { SHARDLIGHT_VIEWER_TOKEN: 'v' },
    ];
    for (const environment of cases) {
      const outcome = settled(environment);
      const [mistake] = outcome.ok ? [] : outcome.mistakes;
      t.equal(mistake?.variable, 'SHARDLIGHT_HOST', JSON.stringify(environment));
      for (const name of [
        'SHARDLIGHT_INGEST_TOKEN',
        'SHARDLIGHT_TOKEN',
        'GLANCE_PASSPHRASE',
        '_FILE',
        '127.0.0.1',
      ])
        t.match(mistake?.accepts, name);
    }
    t.end();
  },
);

void t.test('every token that may report counts, and the viewers do not', (t) => {
  const plan = planOf({
    SHARDLIGHT_TOKEN: 'a,b',
    SHARDLIGHT_INGEST_TOKEN: 'c',
    SHARDLIGHT_VIEWER_TOKEN: 'v',
    GLANCE_PASSPHRASE: 'd, e',
  });
  t.same(plan.tokens.ingest, ['a', 'b', 'c', 'd, e']);
  t.end();
});

void t.test('each variable is a field of the plan, under its name', (t) => {
  const plan = planOf({
    SHARDLIGHT_MAX_BODY_BYTES: '2048',
    SHARDLIGHT_PUBLIC: '0',
    SHARDLIGHT_TITLE: 'Bots',
  });
  t.match(plan, { maxBodyBytes: 2_048, public: false, title: 'Bots', publicUrl: null, viewCacheMs: 1_000 });
  const fields = Object.keys(variables).map((key) => key.toLowerCase().replaceAll('_', ''));
  const named = new Set(Object.keys(plan).map((name) => name.toLowerCase()));
  t.same(
    fields.filter((field) => !named.has(field)),
    [],
  );
  t.end();
});

void t.test('the rules of the world follow from leases, bots and members', (t) => {
  t.match(planOf({}).rules, {
    shardLeaseMs: 45_000,
    clusterLeaseMs: 45_000,
    learnBots: true,
    configuredBots: [],
  });
  const rules = planOf({
    SHARDLIGHT_BOTS: 'main:4:My Bot',
    SHARDLIGHT_SHARD_LEASE: '60',
    SHARDLIGHT_HEARTBEAT_INTERVAL: '10',
    SHARDLIGHT_TTL_FACTOR: '2',
    SHARDLIGHT_MEMBERS: 'a-*:main',
  }).rules;
  t.match(rules, {
    shardLeaseMs: 60_000,
    clusterLeaseMs: 20_000,
    learnBots: false,
    memberRows: [{ identity: 'a-*', bot: 'main' }],
    configuredBots: [{ key: 'main', shardCount: 4, name: 'My Bot' }],
  });
  t.equal(planOf({ SHARDLIGHT_BOTS: 'main:4', SHARDLIGHT_LEARN_BOTS: '1' }).rules.learnBots, true);
  t.equal(planOf({ SHARDLIGHT_LEARN_BOTS: '0' }).rules.learnBots, false);
  t.end();
});

void t.test('members of a bot that is not there and cannot be learnt are a mistake', (t) => {
  const members = { SHARDLIGHT_MEMBERS: 'a-*:main;fleet/eu:patron' };
  t.same(settled({ ...members, SHARDLIGHT_BOTS: 'main:4;demo:1' }), {
    ok: false,
    mistakes: [
      {
        variable: 'SHARDLIGHT_MEMBERS',
        found: 'the bot "patron"',
        accepts: 'bots of SHARDLIGHT_BOTS: main, demo',
      },
    ],
  });
  t.ok(settled(members).ok);
  t.ok(settled({ ...members, SHARDLIGHT_BOTS: 'main:4', SHARDLIGHT_LEARN_BOTS: '1' }).ok);
  t.end();
});

void t.test('two mistakes that settling finds are told together', (t) => {
  const outcome = settled({
    SHARDLIGHT_HOST: '0.0.0.0',
    SHARDLIGHT_BOTS: 'main:4',
    SHARDLIGHT_MEMBERS: 'a:b',
  });
  t.equal(outcome.ok || outcome.mistakes.length, 2);
  t.end();
});

void t.test(
  "a bot's token that would open more than a bot needs is refused, with the names of the variables",
  (t) => {
    const long = 'a-token-of-24-characters';
    const other = 'another-token-that-is-long';
    for (const [one, two] of [
      ['SHARDLIGHT_TOKEN', 'SHARDLIGHT_OPERATOR_TOKEN'],
      ['SHARDLIGHT_INGEST_TOKEN', 'SHARDLIGHT_OPERATOR_TOKEN'],
      ['SHARDLIGHT_INGEST_TOKEN', 'SHARDLIGHT_VIEWER_TOKEN'],
      ['SHARDLIGHT_INGEST_TOKEN', 'SHARDLIGHT_METRICS_TOKEN'],
      ['GLANCE_PASSPHRASE', 'SHARDLIGHT_OPERATOR_TOKEN'],
      ['SHARDLIGHT_VIEWER_TOKEN', 'SHARDLIGHT_OPERATOR_TOKEN'],
    ] as const) {
      const outcome = settled({
        [one]: one === 'GLANCE_PASSPHRASE' ? long : `${other},${long}`,
        [two]: long,
      });
      t.match(outcome, { ok: false, mistakes: [{ variable: `${one} and ${two}` }] });
      t.notMatch(JSON.stringify(outcome), long);
      t.ok(settled({ SHARDLIGHT_HOST: '127.0.0.1', [one]: other, [two]: long }).ok);
    }
    for (const role of ['INGEST', 'VIEWER', 'METRICS'])
      t.ok(
        settled({ SHARDLIGHT_TOKEN: long, [`SHARDLIGHT_${role}_TOKEN`]: long }).ok,
        'which TOKEN grants anyway',
      );
    t.end();
  },
);

void t.test("tokens of one bot: they close the server to others, and each is that bot's alone", (t) => {
  const mistakesOf = (environment: Environment): string[] => {
    const outcome = settled(environment);
    return outcome.ok ? [] : outcome.mistakes.map(({ variable, found }) => `${variable}: ${found}`);
  };
  const two = { SHARDLIGHT_BOT_TOKENS: 'main:a-token-of-24-characters, demo:x:y' };
  const plan = planOf(two);
  t.match(plan, { host: '0.0.0.0', isOpen: false, tokens: { ingest: [] } });
  t.same(plan.botTokens, [
    { bot: 'main', token: 'a-token-of-24-characters' },
    { bot: 'demo', token: 'x:y' },
  ]);
  t.match(mistakesOf({ ...two, SHARDLIGHT_BOTS: 'main:4' }), [/^SHARDLIGHT_BOT_TOKENS: the bot "demo"$/]);
  t.match(mistakesOf({ SHARDLIGHT_BOT_TOKENS: 'main:a,demo:a' }), [/for another bot too$/]);
  t.same(mistakesOf({ SHARDLIGHT_BOT_TOKENS: 'main:a,main:b' }), [], 'two while one is rotated');
  for (const name of ['TOKEN', 'INGEST_TOKEN', 'VIEWER_TOKEN', 'METRICS_TOKEN', 'OPERATOR_TOKEN'])
    t.match(mistakesOf({ ...two, [`SHARDLIGHT_${name}`]: 'x:y' }), [
      `SHARDLIGHT_BOT_TOKENS and SHARDLIGHT_${name}: the same token in both`,
    ]);
  for (const wrong of ['main', 'main:', ':a', 'a b:c', 'main:a,x'])
    t.equal(loadSettings({ SHARDLIGHT_BOT_TOKENS: wrong }).mistakes.length, 1, wrong);
  t.end();
});

void t.test('a token below 16 characters is warned of, once a variable', (t) => {
  const notesOf = (environment: Environment): string[] => {
    const outcome = settled(environment);
    return outcome.ok ? outcome.notes : [];
  };
  const notes = notesOf({ SHARDLIGHT_TOKEN: 'abc,def', GLANCE_PASSPHRASE: '15-characters--' });
  t.match(notes, [/^SHARDLIGHT_TOKEN holds a token of less than 16/, /^GLANCE_PASSPHRASE /]);
  t.notMatch(notes.join(), 'abc');
  t.same(notesOf({ SHARDLIGHT_TOKEN: '16-characters---' }), []);
  t.end();
});

void t.test("Argus's state file is used where no other is named or there, and that is said", (t) => {
  const home = process.cwd();
  const folder = t.testdir({ 'argus-fleet-state.json': '{}' });
  const state = (environment: Environment = {}): [path: string, notes: number] => {
    const outcome = settled(environment);
    return outcome.ok ? [outcome.plan.statePath, outcome.notes.length] : ['', 0];
  };
  try {
    process.chdir(folder);
    t.same(state(), ['argus-fleet-state.json', 1]);
    t.same(state({ ARGUS_FLEET_STATE: 'mine.json' }), ['mine.json', 0]);
    writeFileSync('shardlight-state.json', '{}');
    t.same(state(), ['shardlight-state.json', 1]);
    rmSync('argus-fleet-state.json');
    t.same(state(), ['shardlight-state.json', 0]);
  } finally {
    process.chdir(home);
  }
  t.end();
});
