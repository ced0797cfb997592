// The house keeps its own rules: who may import whom, where impure things live, and that each invariant has a test.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import {
  isAny,
  isDefaultExport,
  isEnum,
  namesIn,
  placesOf,
  readSources,
  stringsIn,
  type Source,
} from './sources.js';
import './guild-ids.js';

const sources = readSources(['server', 'public', 'scripts', 'test']);
const isTest = ({ path }: Source): boolean => path.startsWith('test/');
const product = sources.filter((source) => !isTest(source));
const within = (folder: string): Source[] => sources.filter(({ path }) => path.startsWith(folder));
const pathsOf = (list: Source[]): string[] => list.map(({ path }) => path);

/** The room a file is in: a folder of server/ or public/, or a file of its own on the ground floor of server/. */
function roomOf(path: string): string {
  const [house, room = ''] = path.replace(/\.(ts|mjs)$/, '').split('/');
  if (house === 'server') return room;
  return house === 'public' ? `public/${room}` : house!;
}

const rim = ['public/shared', 'core', 'engine', 'http', 'dialects', 'outbound', 'telemetry'];

/** Who may import whom (ARCHITECTURE.md). A room not listed here has no place in the house yet. */
const mayImport: Record<string, string[]> = {
  'public/shared': [],
  'public/status': ['public/shared'],
  'public/operator': ['public/shared'],
  core: ['public/shared'],
  member: [],
  http: ['core', 'outbound'],
  outbound: [],
  dialects: ['http'],
  ingest: rim,
  feed: rim,
  api: rim,
  pages: rim,
  log: ['public/shared', 'core'],
  clock: [],
  version: [],
  'passing-time': ['core', 'clock', 'engine', 'telemetry'],
  engine: ['core', 'log'],
  telemetry: ['public/shared', 'core', 'http'],
  config: ['settings'],
  settings: ['core', 'outbound', 'telemetry', 'config', 'branding'],
  branding: ['config', 'settings'],
  routes: ['http', 'dialects', 'ingest', 'feed', 'api', 'pages'],
  main: [
    ...rim,
    'ingest',
    'feed',
    'api',
    'pages',
    'log',
    'clock',
    'passing-time',
    'version',
    'routes',
    'settings',
  ],
  cli: [
    'public/shared',
    'outbound',
    'branding',
    'config',
    'settings',
    'clock',
    'telemetry',
    'log',
    'main',
    'version',
  ],
  scripts: ['public/shared', 'member', 'config', 'settings', 'clock', 'telemetry', 'log', 'main', 'cli'],
};

void t.test('imports go in one direction: who may import whom', (t) => {
  const wrong = product.flatMap(({ path, imports }) => {
    const room = roomOf(path);
    const allowed = mayImport[room];
    if (!allowed) return [`${path} is in no room that mayImport lists`];
    const others = imports.filter((one) => roomOf(one) !== room && !allowed.includes(roomOf(one)));
    return others.map((one) => `${path} imports ${one}`);
  });
  t.same(wrong, []);
  t.end();
});

/** What each floor of the core may know of the others, and of the files that stand at its root; its own it knows. */
const floors: Record<string, RegExp> = {
  registry: /^(answer|event)\.ts$/,
  past: /^fact\.ts$/,
  measures: /^(registry\/.*|event|world|own-text)(\.ts|$)/,
  live: /^((registry|past|measures)\/.*|answer\.ts|event\.ts|fact\.ts|names\.ts|tell\.ts|world\.ts)$/,
  views: /^((registry|live|past|measures)\/.*|names\.ts|world\.ts)$/,
};

for (const [floor, allowed] of Object.entries(floors))
  void t.test(`core/${floor} knows nothing of what stands on top of it`, (t) => {
    const own = `server/core/${floor}/`;
    const files = within(own);
    t.ok(files.length > 2);
    const wrong = files.flatMap(({ path, imports }) =>
      imports
        .filter((one) => !one.startsWith(own) && !one.startsWith('public/shared/'))
        .filter((one) => !allowed.test(one.replace('server/core/', '')))
        .map((one) => `${path} imports ${one}`),
    );
    t.same(wrong, []);
    t.end();
  });

void t.test('the engine knows the log as an interface', (t) => {
  const imported = product
    .filter(({ path }) => path === 'server/engine.ts')
    .flatMap(({ imports }) => imports.filter((one) => roomOf(one) === 'log'));
  t.same(imported, ['server/log/log.ts']);
  t.end();
});

void t.test('every import of ours leads to a file', (t) => {
  const paths = new Set(pathsOf(sources));
  t.same(
    sources.flatMap(({ path, imports }) =>
      imports.filter((one) => !paths.has(one)).map((one) => `${path}: ${one}`),
    ),
    [],
  );
  t.end();
});

void t.test('no files import each other in a circle', (t) => {
  const importsOf = new Map(sources.map(({ path, imports }) => [path, imports]));
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, way: string[]): void => {
    if (way.includes(path)) circles.push([...way.slice(way.indexOf(path)), path].join(' → '));
    if (way.includes(path) || done.has(path)) return;
    for (const next of importsOf.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of importsOf.keys()) visit(path, []);
  t.same(circles, []);
  t.end();
});

void t.test('the transport is one file', (t) => {
  const users = within('server/').filter(({ packages }) =>
    packages.some((name) => name.startsWith('uWebSockets')),
  );
  t.same(pathsOf(users), ['server/http/server.ts']);
  t.end();
});

void t.test('the lock is one file', (t) => {
  const users = within('server/').filter((source) => stringsIn(source).includes('fs-native-extensions'));
  t.same(pathsOf(users), ['server/log/lock.ts']);
  t.end();
});

void t.test('The core does no I/O and reads no clock', (t) => {
  const impure = [
    'Date',
    'Math.random',
    'performance',
    'process',
    'console',
    'fetch',
    'crypto',
    'globalThis',
    'require',
    'Intl',
    'setTimeout',
    'setInterval',
    'setImmediate',
    'queueMicrotask',
    'WebSocket',
  ];
  const core = within('server/core/');
  t.ok(core.length > 5);
  t.same(
    core.flatMap((source) =>
      impure.filter((name) => namesIn(source).has(name)).map((name) => `${source.path}: ${name}`),
    ),
    [],
  );
  t.same(
    core.flatMap(({ path, packages }) => packages.map((name) => `${path}: ${name}`)),
    [],
    'and imports no packages',
  );
  t.end();
});

void t.test('what both sides run imports nothing', (t) => {
  t.same(
    within('public/shared/').flatMap(({ packages }) => packages),
    [],
  );
  t.end();
});

void t.test('the script of the public page imports no package: its budget is 15 KB', (t) => {
  t.same(
    within('public/status/').flatMap(({ packages }) => packages),
    [],
  );
  t.end();
});

void t.test('Every URL is in routes.ts, every variable in config.ts', (t) => {
  const server = within('server/');
  const readers = server.filter(({ text }) => /process\s*\.\s*env|['"]process['"]/.test(text));
  t.same(pathsOf(readers), ['server/http/server.ts', 'server/settings/read-config.ts']);
  const transport = readers[0]!.text.split('\n').filter((line) => line.includes('process.env'));
  t.same(
    transport,
    ["process.env['UWS_HTTP_MAX_HEADERS_SIZE'] = '16384';"],
    'sets one for uWebSockets.js, reads none',
  );
  const isUrl = (text: string): boolean =>
    /^\/(api|fleet|live|plain|fleetz|health|metrics|operator)\b/.test(text);
  const clients = /^server\/(member\/|cli\/doctor\/paths\.ts$)/; // they run elsewhere, and name what they call
  const tellers = server.filter((source) => !clients.test(source.path) && stringsIn(source).some(isUrl));
  t.same(pathsOf(tellers), ['server/routes.ts']);
  t.end();
});

void t.test('every file starts with one sentence on what it is', (t) => {
  const isSaid = ({ text }: Source): boolean => /^(\/\/ [^\n]*\n)*\/\/ [^\n]*[.:!?]\n/.test(text);
  t.same(pathsOf(sources.filter((source) => !isSaid(source))), []);
  t.end();
});

void t.test('no enum, no any, no default export save where a tool wants one', (t) => {
  const ours = sources.filter(({ path }) => path.endsWith('.ts'));
  t.same(
    ours.flatMap((source) => placesOf(source, isEnum)),
    [],
  );
  t.same(
    ours.flatMap((source) => placesOf(source, isAny)),
    [],
  );
  const exporters = sources.filter((source) => placesOf(source, isDefaultExport).length > 0);
  t.same(pathsOf(exporters), ['scripts/eslint.config.mjs', 'scripts/tap-reporter.mjs']);
  t.end();
});

void t.test('nothing imports the tests, and a test file is imported by none', (t) => {
  const guests = sources.filter((source) => source.imports.some((one) => one.endsWith('.test.ts')));
  const strangers = product.filter(({ imports }) => imports.some((one) => one.startsWith('test/')));
  t.same(pathsOf([...guests, ...strangers]), []);
  t.end();
});

void t.test('the top of the repository holds only what is agreed', (t) => {
  const agreed = [
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'server',
    'public',
    'scripts',
    'test',
    'README.md',
    'LICENSE',
    'Dockerfile',
    'CHANGELOG.md',
  ];
  const ignored = readFileSync('.gitignore', 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('/'))
    .map((line) => line.slice(0, -1));
  const others = readdirSync('.').filter(
    (name) => !name.startsWith('.') && ![...agreed, ...ignored].includes(name),
  );
  t.same(
    others.filter((name) => !/\.log$|^shardlight-state\.json/.test(name)),
    [],
  );
  t.end();
});

void t.test('each invariant of server/README.md is a test of the same words', (t) => {
  const [, section = ''] = readFileSync('server/README.md', 'utf8').split('## Invariants');
  const invariants = [...section.split('\n## ')[0]!.matchAll(/^\d+\. (.*)\.$/gm)].map(([, words]) => words!);
  t.ok(invariants.length >= 11);
  const tests = sources.filter(isTest).flatMap(stringsIn);
  t.same(
    invariants.filter((words) => !tests.some((name) => name.startsWith(words))),
    [],
  );
  t.end();
});

void t.test('the maps name every file of the rooms that they describe file by file', (t) => {
  const rooms = [
    [
      'server/README.md',
      [
        'server',
        'server/core',
        'server/core/registry',
        'server/core/live',
        'server/core/past',
        'server/core/measures',
        'server/core/views',
        'server/log',
        'server/telemetry',
        'server/settings',
        'server/outbound',
        'server/dialects',
      ],
    ],
    ['public/README.md', ['public/operator', 'public/operator/views']],
  ] as const;
  for (const [map, folders] of rooms) {
    const text = readFileSync(map, 'utf8');
    const files = folders.flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith('.ts')));
    t.same(
      files.filter((name) => !text.includes(`${name}\``)),
      [],
      map,
    );
  }
  t.end();
});

void t.test('every link of a README to a file leads to one', (t) => {
  for (const path of ['README.md', 'server/README.md', 'public/README.md', 'scripts/bench/README.md']) {
    const links = readFileSync(path, 'utf8').matchAll(/(?:\]\(|src(?:set)?=")(?!https?:|#)([^)"]+)/g);
    const targets = [...links].map(([, target]) => new URL(target!, `file:///${path}`).pathname.slice(1));
    t.same(
      targets.filter((target) => !existsSync(target)),
      [],
      path,
    );
  }
  t.end();
});

/** Binaries for other machines that no registry we could ask had: npm leaves them out there, too. */
const WITHOUT_INTEGRITY = /^@uwsjs\/(darwin-(arm64|x64)|win32-x64|linux-arm(64)?)-\d+$/;

void t.test('every package in the lock file has its integrity', (t) => {
  interface Entry {
    integrity?: string;
  }
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    packages: Record<string, Entry>;
  };
  const open = Object.entries(packages)
    .filter(([path, { integrity }]) => path !== '' && !/^sha512-/.test(integrity ?? ''))
    .map(([path]) => path.split('node_modules/').at(-1)!);
  t.same(
    open.filter((name) => !WITHOUT_INTEGRITY.test(name)),
    [],
    'run node scripts/complete-lock.mjs',
  );
  t.ok(open.length <= 32, 'no more than there were');
  t.end();
});
