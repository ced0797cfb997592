// The exact lines that connect a bot or a reader to a server, for the operators' page and for `shardlight init`.
import type { BotRow, ConnectView } from './operator-wire.js';

const INGEST = '<ingest token>';
const VIEWER = '<viewer token>';
const DEFAULT_NAMESPACE = 'discord';

/** What the lines need of a bot. */
type Bot = Pick<BotRow, 'key' | 'shardCount'>;

export interface Snippets {
  discordJs: string;
  argus: string;
  glance: string;
  curl: string;
  prometheus: string;
}

/** `here` is where the pages are; the configured address wins. */
export function snippetsFor(connect: ConnectView, here: string, bots: readonly Bot[]): Snippets {
  const url = (connect.url ?? here).replace(/\/$/, '');
  const bot = bots[0];
  return {
    discordJs: discordJs(connect.needsIngestToken ? INGEST : null, url, bots),
    argus: argus(connect, url),
    glance: glance(connect, url, bot),
    curl: curl(connect, url, bot),
    prometheus: prometheus(connect, url),
  };
}

/** `token`: what stands for it, or null where none is needed. With several bots, the one that reports is named: without that it is the page's first. */
export function discordJs(token: string | null, url: string, bots: readonly Bot[]): string {
  const options = [
    `url: ${url.includes("'") ? JSON.stringify(url) : `'${url}'`}`,
    ...(token === null ? [] : [`token: '${token}'`]),
    ...(bots.length > 1 ? [`bot: '${bots[0]!.key}'`] : []),
  ];
  return [
    "import { report } from 'shardlight/member';",
    '// `client` is your discord.js Client; once, before or after login',
    `report(client, { ${options.join(', ')} });`,
  ].join('\n');
}

function argus({ needsIngestToken, requireLease, namespace }: ConnectView, url: string): string {
  return [
    `ARGUS_FLEET_URL=${url}`,
    ...(needsIngestToken ? [`ARGUS_FLEET_TOKEN=${INGEST}`] : []),
    'ARGUS_FLEET_GROUP=<fleet>',
    'ARGUS_CLUSTER_ID=<one of its own per process>',
    ...(requireLease ? ['ARGUS_FLEET_STATE_DIR=<a folder of its own per process>'] : []),
    ...(namespace === DEFAULT_NAMESPACE ? [] : [`ARGUS_NAMESPACE=${namespace}`]),
  ].join('\n');
}

function glance({ needsIngestToken }: ConnectView, url: string, bot: Bot | undefined): string {
  const key = bot?.key ?? 'main';
  const auth = needsIngestToken ? ` -H 'Authorization: ${INGEST}'` : '';
  return [
    '# in the environment of this server',
    `GLANCE_BOTS=${key}:${bot?.shardCount ?? 1}`,
    ...(needsIngestToken ? [`GLANCE_PASSPHRASE=${INGEST}`] : []),
    '# what the bot calls: shard 0 is online, shard 0 lives',
    `curl -X POST${auth} ${url}/api/status/${key}/0/3`,
    `curl -X POST${auth} ${url}/api/health/${key}/0`,
  ].join('\n');
}

function curl({ needsIngestToken }: ConnectView, url: string, bot: Bot | undefined): string {
  const report = {
    shard_count: bot?.shardCount ?? 1,
    shards: [{ id: 0, state: 'online', latency_ms: 41.2 }],
  };
  return [
    `curl -X POST ${url}/api/bots/${bot?.key ?? 'main'}/shards \\`,
    "  -H 'Content-Type: application/json' \\",
    ...(needsIngestToken ? [`  -H 'Authorization: Bearer ${INGEST}' \\`] : []),
    `  -d '${JSON.stringify(report)}'`,
  ].join('\n');
}

function prometheus({ needsViewerToken }: ConnectView, url: string): string {
  const { protocol, host, pathname } = new URL(url);
  const base = pathname.replace(/\/$/, '');
  const auth = (indent: string): string[] =>
    needsViewerToken ? [`${indent}authorization:`, `${indent}  credentials: ${VIEWER}`] : [];
  return [
    'scrape_configs:',
    '  - job_name: bots',
    '    http_sd_configs:',
    `      - url: ${url}/api/fleet/targets`,
    ...auth('        '),
    '  - job_name: shardlight',
    `    scheme: ${protocol.replace(':', '')}`,
    ...(base === '' ? [] : [`    metrics_path: ${base}/metrics`]),
    ...auth('    '),
    '    static_configs:',
    `      - targets: ['${host}']`,
  ].join('\n');
}
