// Nothing that operators see leaks to the public: every public answer, frame and page is searched for what must not be there.
import t from 'tap';
import { listen, post, serve, testClock, until, type TestClock, type TestServer } from '../harness.js';
import { ask, type RawAnswer } from '../http/raw.js';
import { rowsOf } from '../http/rows.js';

const tokens = {
  SHARDLIGHT_INGEST_TOKEN: 'telltale-ingest',
  SHARDLIGHT_VIEWER_TOKEN: 'telltale-viewer',
  SHARDLIGHT_OPERATOR_TOKEN: 'telltale-operator',
  SHARDLIGHT_METRICS_TOKEN: 'telltale-metrics',
  SHARDLIGHT_SECRET_PEPPER: 'telltale-pepper',
};
const environment = {
  ...tokens,
  SHARDLIGHT_HOST: '127.0.0.1',
  SHARDLIGHT_TRUSTED_PROXY: '1',
  SHARDLIGHT_LEARN_BOTS: '1',
  SHARDLIGHT_BOTS: 'main:8:My Bot',
};
const ADDRESS = '203.0.113.77';
const OTHER_ADDRESS = '203.0.113.78';
const GUILDS = 7_654_321;
const USERS = 87_654_321;
/** Whatever a fleet says that is for operators has one of these in it. */
const TELLTALES = /telltale|203\.0\.113|7[,.\u202f ]?654[,.\u202f ]?321/i;

const samplesOf = (name: string, value: number, labels: Record<string, string> = {}): unknown => ({
  type: 'gauge',
  samples: [{ name, labels: { cluster: 'telltale-label', ...labels }, value }],
});

const snapshot = {
  metrics: {
    discord_guilds: samplesOf('discord_guilds', GUILDS),
    discord_cached_users: samplesOf('discord_cached_users', USERS),
    discord_command_errors: samplesOf('discord_command_errors_total', GUILDS, {
      command: 'telltale-command',
      error_type: 'telltale: KeyError',
    }),
    discord_bot: samplesOf('discord_bot_info', 1, {
      discord_py_version: 'telltale-library',
      argus_version: 'telltale-argus',
    }),
  },
};

/** What a cluster says of its shards, with all that a report may carry. */
const shardsOf = (ids: number[], state: string): unknown[] =>
  ids.map((id) => ({
    id,
    state,
    latency_ms: 41.2,
    guilds: GUILDS,
    unavailable: GUILDS,
    error: 'telltale: the gateway closed the connection',
  }));

/** Two clusters that say everything there is to say; `fleet` is what the public may see of their names. */
class Fleet {
  readonly #server: TestServer;
  readonly #clock: TestClock;
  readonly #name: string;
  lease = '';

  constructor(server: TestServer, name: string, clock: TestClock) {
    this.#server = server;
    this.#clock = clock;
    this.#name = name;
  }

  async register(): Promise<void> {
    for (const which of ['one', 'two']) {
      const answer = await this.#say('/fleet/register', ADDRESS, {
        identity: `telltale-${which}`,
        fleet: this.#name,
        bot: 'main',
        version: 'telltale-version',
        host: 'telltale-host',
        scrape_target: 'telltale-scrape:9191',
      });
      this.lease = ((await answer.json()) as { lease?: string }).lease ?? '';
    }
  }

  async beat(first: string, second: string): Promise<void> {
    const identity = 'telltale-one';
    await this.#say('/fleet/heartbeat', ADDRESS, { identity, shards: shardsOf([0, 1, 2], first), snapshot });
    await this.#say('/fleet/heartbeat', OTHER_ADDRESS, {
      identity: 'telltale-two',
      shards: shardsOf([2, 3], second),
      snapshot,
    });
    await this.#say('/api/bots/learnt/shards', ADDRESS, { shard_count: 2, shards: shardsOf([0], first) });
    this.#clock.advance(1_000); // where a beat comes from is asked once a second
    await this.#say('/fleet/heartbeat', OTHER_ADDRESS, { identity });
  }

  #say(path: string, address: string, body: unknown): Promise<Response> {
    const authorization = `Bearer ${tokens.SHARDLIGHT_INGEST_TOKEN}`;
    return post(`${this.#server.base}${path}`, body, { authorization, 'x-forwarded-for': address });
  }
}

const addresses = rowsOf().map(
  ({ method, path }) =>
    `${method} ${path.replace(':bot', 'main').replace(':shard<int>', '0').replace(':state<int>', '3')}`,
);

const BROWSER = { Accept: 'text/html,*/*;q=0.8' };
const PROGRAM = { Accept: 'application/json' };
const MORE = [
  'GET /?guild=81384788765712384',
  'GET /?guild=%40me',
  'GET /?lang=de',
  'GET /?lang=ja&guild=1',
  'GET /api/lookup?guild=81384788765712384',
  ...[1, 2, 3, 4, 9_999].map((shard) => `GET /api/bots/main/shards/${shard}`),
  'GET /api/bots/learnt/shards/0',
  'GET /api/bots/nobody/shards/0',
  'GET /api/fleet/cluster?fleet=asia&number=1',
  'GET /nowhere',
  'PUT /',
  'POST /fleet/register',
];

/** Every answer that somebody gets who has nothing to show, and every file that the pages name. */
async function* publicAnswers({ port }: TestServer): AsyncGenerator<[what: string, answer: RawAnswer]> {
  const files = new Set<string>();
  let visitors = 0;
  for (const line of [...addresses, ...MORE])
    for (const headers of [BROWSER, PROGRAM]) {
      // Each from an address of its own, so that nobody is told to wait.
      const visitor = { ...headers, 'X-Forwarded-For': `198.51.100.${visitors++}` };
      const answer = await ask(port, line, visitor, line.startsWith('POST') ? '{}' : '');
      for (const [, path] of answer.body.matchAll(/(?:src|href)="?(\/[^" >?#]+)/g)) files.add(path!);
      yield [`${line} as ${headers.Accept}`, answer];
    }
  for (const path of files) yield [`GET ${path}`, await ask(port, `GET ${path}`, BROWSER)];
}

interface Watched {
  /** All frames of the public's sockets so far. */
  frames: () => string[];
  leave: () => void;
}

async function publicSockets({ base }: TestServer): Promise<Watched> {
  const url = base.replace('http', 'ws');
  const sockets = [await listen(`${url}/live?p=2`), await listen(`${url}/api/feed`)];
  await until(() => sockets.every(({ frames }) => frames.length > 0));
  return {
    frames: () => sockets.flatMap(({ frames }) => frames),
    leave: () => sockets.forEach(({ socket }) => socket.close()),
  };
}

/** Through good times, an outage, a restart of shards, a cluster that is forgotten; the answers are read in each. */
async function live(
  clock: TestClock,
  server: TestServer,
  fleet: Fleet,
  look: (when: string) => Promise<void>,
): Promise<void> {
  await fleet.register();
  await fleet.beat('online', 'online');
  await look('all is well');
  clock.advance(10_000);
  await fleet.beat('resuming', 'offline');
  await look('shards fail');
  clock.advance(46_000);
  const isOut = async (): Promise<boolean> =>
    (await (await fetch(`${server.base}/api/view`)).text()).includes('"unhealthy":3');
  await until(isOut);
  await look('clusters fell silent');
  await fleet.beat('online', 'online');
  await look('all came back');
}

for (const [showClusters, name] of [
  ['1', 'asia'],
  ['0', 'telltale-fleet'],
] as const)
  void t.test(
    `no public answer, frame or page has what is for operators, cluster names ${showClusters === '1' ? 'shown' : 'hidden'}`,
    async (t) => {
      const clock = testClock();
      const settings = { ...environment, SHARDLIGHT_PUBLIC_CLUSTERS: showClusters };
      const server = await serve(t, settings, clock);
      const fleet = new Fleet(server, name, clock);
      const watched = await publicSockets(server);
      const operator = await listen(`${server.base.replace('http', 'ws')}/live/operator`, {
        Authorization: `Bearer ${tokens.SHARDLIGHT_VIEWER_TOKEN}`,
      });
      let answers = 0;
      await live(clock, server, fleet, async (when) => {
        const isLeaked = (text: string): boolean =>
          TELLTALES.test(text) || text.includes(server.statePath) || text.includes(fleet.lease);
        for await (const [what, { status, headers, body }] of publicAnswers(server)) {
          const text = [...headers, body].join('\n');
          if (isLeaked(text))
            t.fail(`${when}: ${what}: ${TELLTALES.exec(text)?.[0]} in ${text.slice(0, 2_000)}`);
          if (status === 200) answers++;
          t.not(status, 429, what);
        }
        const late = await publicSockets(server);
        for (const text of [...watched.frames(), ...late.frames()])
          if (isLeaked(text)) t.fail(`${when}: a frame: ${text.slice(0, 2_000)}`);
        late.leave();
      });
      t.ok(answers > 100, `${answers} answers of substance`);
      t.ok(
        watched.frames().some((text) => text.includes('"op":"patch"') && text.includes('"incidents"')),
        'frames of an outage, too',
      );
      t.ok(fleet.lease.length > 10);
      operator.socket.send('{"op":"watch","scope":"cluster:telltale-one","v":0,"e":""}');
      await until(() => operator.frames.some((text) => text.includes('"op":"snapshot"')));
      const seen = operator.frames.join('');
      for (const secret of [
        'telltale-host',
        'telltale-scrape',
        ADDRESS,
        OTHER_ADDRESS,
        `${GUILDS}`,
        'telltale-library',
      ])
        t.ok(seen.includes(secret), `an operator sees ${secret}`);
      t.notOk(seen.includes(fleet.lease), 'but no lease');
    },
  );
