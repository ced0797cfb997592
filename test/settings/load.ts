// Reading variables: names and their order, what each kind of value accepts, and all mistakes at once.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import {
  namesOf,
  variables,
  type Environment,
  type Settings,
  type VariableKey,
} from '../../server/config.js';
import { OUR_SEGMENTS } from '../../server/settings/config-values.js';
import { loadSettings } from '../../server/settings/read-config.js';
import { holds } from '../holds.js';

const keys = Object.keys(variables) as VariableKey[];

/** What a good environment is read as. */
function read(environment: Environment): Settings {
  const loaded = loadSettings(environment);
  if (loaded.mistakes.length > 0) throw new Error(JSON.stringify(loaded.mistakes));
  return loaded.settings;
}

/** The variables a bad environment is wrong in. */
function wrongIn(environment: Environment): string[] {
  const loaded = loadSettings(environment);
  return loaded.mistakes.map((mistake) => mistake.variable);
}

const directory = mkdtempSync(join(tmpdir(), 'shardlight-config-'));
t.teardown(() => rmSync(directory, { recursive: true }));
function file(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

void t.test('nothing set is fine', (t) => {
  t.match(read({}), {
    PORT: 9190,
    BOTS: [],
    TOKEN: [],
    SHARD_LEASE: 45,
    NAMESPACE: 'discord',
    PUBLIC_CLUSTERS: true,
  });
  t.equal(read({}).HOST, null);
  t.end();
});

void t.test('every mistake is told at once, with its variable, what was found and what is accepted', (t) => {
  const loaded = loadSettings({
    SHARDLIGHT_PORT: '99999',
    ARGUS_FLEET_INSECURE: 'maybe',
    GLANCE_BOTS: 'main:0',
    SHARDLIGHT_PUBLIC_URL: 'status.example.com',
    SHARDLIGHT_TOKEN_FILE: '/nowhere/token',
  });
  t.same(loaded.mistakes, [
    {
      variable: 'SHARDLIGHT_PUBLIC_URL',
      found: '"status.example.com"',
      accepts: 'an address like https://status.example.com or https://example.com/status',
    },
    { variable: 'GLANCE_BOTS', found: '"main:0"', accepts: variables.BOTS.kind.accepts },
    {
      variable: 'SHARDLIGHT_TOKEN_FILE',
      found: '"/nowhere/token" (ENOENT)',
      accepts: 'the path of a file that can be read',
    },
    { variable: 'SHARDLIGHT_PORT', found: '"99999"', accepts: 'a whole number from 0 to 65535' },
    {
      variable: 'ARGUS_FLEET_INSECURE',
      found: '"maybe"',
      accepts: '1, true, yes, on or 0, false, no, off',
    },
  ]);
  t.end();
});

void t.test('empty and blank mean unset, under every name', (t) => {
  const environment = Object.fromEntries(
    keys
      .flatMap((key) => namesOf(key))
      .flatMap((name) => [
        [name, ''],
        [`${name}_FILE`, ''],
      ]),
  );
  t.same(read(environment), read({}));
  t.same(read({ SHARDLIGHT_PORT: '  ' }), read({}));
  t.equal(read({ SHARDLIGHT_PORT: '', ARGUS_FLEET_PORT: ' ', GLANCE_PORT: '3000' }).PORT, 3_000);
  t.end();
});

void t.test('our name wins over Argus, and Argus over Glance', (t) => {
  const ports = { SHARDLIGHT_PORT: '1', ARGUS_FLEET_PORT: '2', GLANCE_PORT: '3' };
  t.equal(read(ports).PORT, 1);
  t.equal(read({ ...ports, SHARDLIGHT_PORT: '' }).PORT, 2);
  t.equal(read({ GLANCE_PORT: '3' }).PORT, 3);
  const bots = { SHARDLIGHT_BOTS: 'a:1', GLANCE_BOTS: 'b:2' };
  t.match(read(bots).BOTS, [{ key: 'a' }]);
  t.equal(read({ GLANCE_HEALTH_TIMEOUT: '30' }).SHARD_LEASE, 30);
  t.equal(read({ ARGUS_NAMESPACE: 'acme', ARGUS_FLEET_NAMESPACE: 'other' }).NAMESPACE, 'other');
  t.end();
});

void t.test('every variable of the Argus contract that this version knows has its alias', (t) => {
  const known = [
    'HOST',
    'PORT',
    'TOKEN',
    'INGEST_TOKEN',
    'VIEWER_TOKEN',
    'HEARTBEAT_INTERVAL',
    'TTL_FACTOR',
    'STATE',
  ];
  const more = ['INSECURE', 'MAX_BODY_BYTES', 'MAX_CLUSTERS', 'TRUSTED_PROXY', 'ENV_FILE'];
  const names = keys.flatMap((key) => namesOf(key));
  for (const key of [...known, ...more]) t.ok(names.includes(`ARGUS_FLEET_${key}`), key);
  t.same(namesOf('GLANCE_PASSPHRASE'), ['GLANCE_PASSPHRASE']);
  t.end();
});

void t.test('a secret may come from a file, and the variable itself wins over its file', (t) => {
  const path = file('token', ' first, second \n');
  t.same(read({ SHARDLIGHT_TOKEN_FILE: path }).TOKEN, ['first', 'second']);
  t.same(read({ ARGUS_FLEET_INGEST_TOKEN_FILE: path }).INGEST_TOKEN, ['first', 'second']);
  t.same(read({ GLANCE_PASSPHRASE_FILE: file('phrase', 'a, b\n') }).GLANCE_PASSPHRASE, ['a, b']);
  t.same(read({ SHARDLIGHT_TOKEN: 'third', SHARDLIGHT_TOKEN_FILE: path }).TOKEN, ['third']);
  t.same(read({ SHARDLIGHT_TOKEN_FILE: path, ARGUS_FLEET_TOKEN: 'third' }).TOKEN, ['first', 'second']);
  t.same(read({ SHARDLIGHT_TOKEN: '', SHARDLIGHT_TOKEN_FILE: path }).TOKEN, ['first', 'second']);
  t.same(wrongIn({ SHARDLIGHT_TOKEN_FILE: directory }), ['SHARDLIGHT_TOKEN_FILE']);
  t.end();
});

void t.test('a secret is in no mistake and in no note', (t) => {
  const secret = 'hunter2';
  const secrets = keys.filter((key) => 'secret' in variables[key]);
  t.same(secrets, [
    'INGEST_TOKEN',
    'BOT_TOKENS',
    'OPERATOR_TOKEN',
    'VIEWER_TOKEN',
    'METRICS_TOKEN',
    'TOKEN',
    'GLANCE_PASSPHRASE',
    'SECRET_PEPPER',
  ]);
  const path = file('secret', secret);
  const plain = Object.fromEntries(secrets.map((key) => [namesOf(key)[0]!, secret]));
  const files = Object.fromEntries(secrets.map((key) => [`${namesOf(key)[0]!}_FILE`, path]));
  for (const environment of [plain, files]) {
    t.notMatch(JSON.stringify(loadSettings({ ...environment, SHARDLIGHT_PORT: 'x' }).mistakes), secret);
    const loaded = loadSettings({ ...environment, SHARDLIGHT_TOKENS: secret });
    t.same(loaded.unused, [{ name: 'SHARDLIGHT_TOKENS', meant: 'SHARDLIGHT_TOKEN' }]);
  }
  t.end();
});

void t.test('a token that is named and empty is a mistake: it would open what it was to lock', (t) => {
  const empty = file('empty', '\n');
  t.same(
    wrongIn({ SHARDLIGHT_TOKEN: ' , ', SHARDLIGHT_BOT_TOKENS: ',', SHARDLIGHT_INGEST_TOKEN_FILE: empty }),
    ['SHARDLIGHT_INGEST_TOKEN_FILE', 'SHARDLIGHT_BOT_TOKENS', 'SHARDLIGHT_TOKEN'],
  );
  t.end();
});

void t.test('a variable that looks like ours and is read by nobody is named, with the nearest name', (t) => {
  for (const [name, meant] of [
    ['SHARDLIGHT_TITEL', 'SHARDLIGHT_TITLE'],
    ['SHARDLIGHT_PROT', 'SHARDLIGHT_PORT'],
    ['shardlight_token', 'SHARDLIGHT_TOKEN'],
    ['SHARDLIGHT_SUPPORT_LINK', 'SHARDLIGHT_LINK_SUPPORT'],
    ['SHARDLIGHT_URL', 'SHARDLIGHT_PUBLIC_URL'],
    ['SHARDLIGHT_TITLE_FILE', 'SHARDLIGHT_TITLE'],
    ['ARGUS_FLEET_INJEST_TOKEN_FILE', 'SHARDLIGHT_INGEST_TOKEN_FILE'],
    ['GLANCE_PASPHRASE', 'GLANCE_PASSPHRASE'],
    ['SHARDLIGHT_QUIETLY_ELSEWHERE', null],
    ['ARGUS_FLEET_URL', null],
    ['ARGUS_FLEET_ID', null],
  ] as const)
    t.same(loadSettings({ [name]: 'x' }).unused, [{ name, meant }], name);
  t.same(loadSettings({ GLANCE_TITLE: '', PATH: '/bin', SHARDLIGHT_TOKEN_FILE: '/x' }).unused, []);
  t.end();
});

void t.test(
  "limits that Argus's contract allows and ours does not are clamped under its names, and said",
  (t) => {
    for (const [name, text, value] of [
      ['READ_BURST', '5000000', 1_000_000],
      ['MAX_CLUSTERS', '250000', 100_000],
      ['VIEW_CACHE_MS', '120000', 60_000],
      ['VIEW_CACHE_MS', '-5', 0],
      ['RETENTION_DAYS', '-1', 0],
      ['RETENTION_DAYS', '99999', 3_650],
      ['HEARTBEAT_BURST', '0', 1],
      ['REGISTER_BURST', '0', 1],
      ['MAX_BODY_BYTES', '512', 1_024],
      ['MAX_BODY_BYTES', '1_000_000_000', 67_108_864],
      ['HEARTBEAT_INTERVAL', '0', 1],
      ['HEARTBEAT_INTERVAL', '86400', 3_600],
      ['TTL_FACTOR', '+1000', 100],
    ] as const) {
      const { settings, mistakes, notes } = loadSettings({ [`ARGUS_FLEET_${name}`]: text });
      t.same([settings[name], mistakes], [value, []], name);
      t.match(notes, [new RegExp(`^ARGUS_FLEET_${name} is "[^"]+"\\. .*; it uses ${value}\\.$`)]);
      t.same(
        wrongIn({ [`SHARDLIGHT_${name}`]: text }),
        [`SHARDLIGHT_${name}`],
        'under our name it stops the start',
      );
      t.same(wrongIn({ [`ARGUS_FLEET_${name}`]: 'many' }), [`ARGUS_FLEET_${name}`], 'as it does at Argus');
    }
    t.match(loadSettings({ GLANCE_HEALTH_TIMEOUT: '0' }), {
      settings: { SHARD_LEASE: 1 },
      notes: [/GLANCE_/],
    });
    t.same(wrongIn({ GLANCE_PORT: '99999' }), ['GLANCE_PORT'], 'a port is no limit');
    t.same(loadSettings({ ARGUS_FLEET_READ_BURST: '120' }).notes, []);
    t.end();
  },
);

void t.test('what else Argus takes is taken under its names', (t) => {
  const { settings, mistakes, notes } = loadSettings({
    ARGUS_FLEET_CORS_ORIGINS: 'https://ops.example.com/, *,http://localhost:5173',
    ARGUS_FLEET_TRUSTED_PROXY: 'True',
    ARGUS_NAMESPACE: 'acme:bot',
  });
  t.match(settings, {
    CORS_ORIGINS: ['http://localhost:5173'],
    TRUSTED_PROXY: { peer: true },
    NAMESPACE: 'acme:bot',
  });
  t.same([mistakes, notes.length], [[], 1]);
  t.same(wrongIn({ SHARDLIGHT_CORS_ORIGINS: '*' }), ['SHARDLIGHT_CORS_ORIGINS']);
  t.end();
});

interface Kind {
  key: VariableKey;
  name?: string;
  good: [text: string, value: unknown][];
  bad: string[];
}

const kinds: Kind[] = [
  {
    key: 'PORT',
    good: [
      ['0', 0],
      ['65535', 65_535],
      [' 080 ', 80],
    ],
    bad: ['-1', '65536', '1.5', '1e3', '0x50', 'http', '9'.repeat(400), '３０００'],
  },
  {
    key: 'SHARD_LEASE',
    good: [
      ['1', 1],
      ['86400', 86_400],
    ],
    bad: ['0', '86401', '45s', '-45', 'Infinity', 'NaN'],
  },
  {
    key: 'INSECURE',
    good: [
      ['1', true],
      ['TRUE', true],
      ['yes', true],
      ['on', true],
      ['0', false],
      ['False', false],
      ['no', false],
      ['OFF', false],
    ],
    bad: ['2', 'y', 'enabled', '__proto__'],
  },
  {
    key: 'TOKEN',
    good: [
      ['one', ['one']],
      ['new, old ,', ['new', 'old']],
    ],
    bad: [',,'],
  },
  {
    key: 'HOST',
    good: [
      ['::1', '::1'],
      ['status.example.com', 'status.example.com'],
    ],
    bad: ['a b', 'http://x', '[::1]', 'x'.repeat(254), 'x/y'],
  },
  {
    key: 'PUBLIC_URL',
    good: [
      ['https://status.example.com/', 'https://status.example.com'],
      ['http://localhost:9190', 'http://localhost:9190'],
      ['https://example.com/status//', 'https://example.com/status'],
    ],
    bad: ['example.com', 'ftp://example.com', 'javascript:alert(1)', 'https://', '//example.com'],
  },
  {
    key: 'TITLE',
    good: [['My Bot — Status', 'My Bot — Status']],
    bad: ['x'.repeat(81), 'a\nb', '\u001b[2J'],
  },
  { key: 'NAMESPACE', good: [['acme_1', 'acme_1']], bad: ['1acme', 'ac-me', 'a b', 'x'.repeat(65)] },
  {
    key: 'BOTS',
    good: [
      [
        ' main:360 ; demo:1:My Demo;patron_1:6: ;; ',
        [
          { key: 'main', shardCount: 360, name: 'main' },
          { key: 'demo', shardCount: 1, name: 'My Demo' },
          { key: 'patron_1', shardCount: 6, name: 'patron_1' },
        ],
      ],
      ['Big-Bot:16384:Bot: the big one', [{ key: 'Big-Bot', shardCount: 16_384, name: 'Bot:the big one' }]],
      [';', []],
    ],
    bad: [
      'main',
      'main:',
      ':4',
      'main:0',
      'main:-1',
      'main:16385',
      'main:4.5',
      'main:four',
      'my bot:4',
      'main:4,demo:1',
      'a:1;a:2',
      `${'x'.repeat(65)}:1`,
      'böt:1',
    ],
  },
  {
    key: 'MEMBERS',
    good: [
      [
        'premium-*:patron; fleet/asia:main;host:1:main',
        [
          { identity: 'premium-*', bot: 'patron' },
          { fleet: 'asia', bot: 'main' },
          { identity: 'host:1', bot: 'main' },
        ],
      ],
    ],
    bad: ['patron', ':patron', 'premium-*:', 'a:my bot', 'a: ;b'],
  },
];

void t.test('each kind of value reads what it says it accepts, and nothing else', (t) => {
  for (const { key, good, bad } of kinds) {
    const name = namesOf(key)[0]!;
    for (const [text, value] of good) t.same(read({ [name]: text })[key], value, `${name}=${text}`);
    for (const text of bad) t.same(wrongIn({ [name]: text }), [name], `${name}=${text.slice(0, 40)}`);
  }
  t.end();
});

void t.test('proxies are addresses, ranges, or the direct peer', (t) => {
  const { peer, list } = read({
    SHARDLIGHT_TRUSTED_PROXY: ' 10.0.0.0/8, 192.0.2.7 ,::1, fd00::/8',
  }).TRUSTED_PROXY;
  t.equal(peer, false);
  const checks: [address: string, version: 'ipv4' | 'ipv6', isIn: boolean][] = [
    ['10.255.0.1', 'ipv4', true],
    ['11.0.0.1', 'ipv4', false],
    ['192.0.2.7', 'ipv4', true],
    ['192.0.2.8', 'ipv4', false],
    ['::1', 'ipv6', true],
    ['::2', 'ipv6', false],
    ['fdff::1', 'ipv6', true],
  ];
  for (const [address, version, isIn] of checks) t.equal(list.check(address, version), isIn, address);
  t.equal(read({ ARGUS_FLEET_TRUSTED_PROXY: '1' }).TRUSTED_PROXY.peer, true);
  t.equal(read({ SHARDLIGHT_TRUSTED_PROXY: '0' }).TRUSTED_PROXY.peer, false);
  t.equal(read({ SHARDLIGHT_TRUSTED_PROXY: 'yes, 10.0.0.1' }).TRUSTED_PROXY.peer, true);
  for (const text of [
    '2',
    'localhost',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '::/129',
    '10.0.0',
    '10.0.0.0/x',
    '1,nginx',
  ])
    t.same(wrongIn({ SHARDLIGHT_TRUSTED_PROXY: text }), ['SHARDLIGHT_TRUSTED_PROXY'], text);
  t.end();
});

void t.test('no text makes reading throw', (t) => {
  const names = fc.constantFrom(...keys.flatMap((key) => namesOf(key)));
  holds(
    t,
    fc.property(fc.dictionary(names, fc.oneof(fc.string(), fc.string({ unit: 'binary' }))), (environment) => {
      const loaded = loadSettings(environment);
      return loaded.mistakes.every(({ variable }) => variable in environment);
    }),
  );
  t.end();
});

void t.test('the public address may have a path, which is plain and none of ours', (t) => {
  const read = (url: string): string | null =>
    loadSettings({ SHARDLIGHT_PUBLIC_URL: url }).settings.PUBLIC_URL;
  t.equal(read('https://example.com/status/'), 'https://example.com/status');
  t.equal(read('https://example.com/bots/status'), 'https://example.com/bots/status');
  t.equal(read('https://example.com'), 'https://example.com');
  for (const url of [
    'https://example.com/?a=b',
    'https://example.com/#status',
    'https://user:secret@example.com',
    'https://example.com/a;b',
    'https://example.com/a b',
    'https://example.com/a//b',
    'https://example.com/:bot',
    'https://example.com/*',
    ...OUR_SEGMENTS.map((segment) => `https://example.com/${segment}`),
    'https://example.com/api/status',
  ])
    t.equal(read(url), null, url);
  t.end();
});
