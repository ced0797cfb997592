// The exact lines that connect a bot or a reader to this server.
import type { BotRow, ConnectView } from '../shared/operator-wire.js';

const INGEST = '<ingest token>';
const VIEWER = '<viewer token>';
const DEFAULT_NAMESPACE = 'discord';

export interface Snippets {
  argus: string;
  glance: string;
  curl: string;
  prometheus: string;
}

/** `here` is the address of the page, without a path; the configured one wins. */
export function snippetsFor(connect: ConnectView, here: string, bots: readonly BotRow[]): Snippets {
  const url = (connect.url ?? here).replace(/\/$/, '');
  const bot = bots[0];
  return {
    argus: argus(connect, url),
    glance: glance(connect, url, bot),
    curl: curl(connect, url, bot),
    prometheus: prometheus(connect, url),
  };
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

function glance({ needsIngestToken }: ConnectView, url: string, bot: BotRow | undefined): string {
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

function curl({ needsIngestToken }: ConnectView, url: string, bot: BotRow | undefined): string {
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
  const { protocol, host } = new URL(url);
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
    ...auth('    '),
    '    static_configs:',
    `      - targets: ['${host}']`,
  ].join('\n');
}
