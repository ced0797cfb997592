// Compose files: Shardlight for this machine alone, or behind Caddy for everybody.
import { siteOf, type Deployment, type Site } from './deployment.js';
import { dockerfile, STATE_PATH } from './image.js';
import { composeText, indented } from './quoting.js';

/** Where Caddy's container finds Shardlight's: what its Caddyfile needs. */
export const upstreamInCompose = ({ port }: Deployment): string => `shardlight:${port}`;

/** One service, reachable from this machine only. */
export function composeFile(deployment: Deployment): string {
  siteOf(deployment);
  const { port } = deployment;
  return `# Shardlight, for this machine: http://127.0.0.1:${port}
#   docker compose up --detach --build     starts it, and again after a change
#   docker compose logs --follow           what it says
# Tokens and all other settings are in .env beside this file.
name: shardlight

services:
${shardlight(
  deployment,
  `
    # Others reach it through a reverse proxy on this machine. Then SHARDLIGHT_TRUSTED_PROXY=1 belongs into .env:
    # without it all visitors share one limit.
    ports:
      - '127.0.0.1:${port}:${port}'`,
)}

volumes:
  state:
`;
}

/** Shardlight and Caddy, which fetches certificates by itself. Its Caddyfile lies beside: `caddyfile(d, upstreamInCompose(d))`. */
export function composeWithCaddy(deployment: Deployment): string {
  const site = siteOf(deployment);
  return `# Shardlight behind Caddy, for everybody: ${deployment.publicUrl}
#   docker compose --file <this file> up --detach --build     starts both, and again after a change
# ${site.host} must lead to this machine, and the ports below must be open, before the first start.
# Tokens and all other settings are in .env beside this file, what Caddy does is in Caddyfile.
name: shardlight

services:
${shardlight(deployment, '', "\n      # Only Caddy can reach it, so whom Caddy names is who asks.\n      SHARDLIGHT_TRUSTED_PROXY: '1'")}

  caddy:
    image: caddy:2
    restart: unless-stopped
    depends_on:
      - shardlight
    ports:
${portsOf(site)}
    volumes:
      - ./Caddyfile:/etc/caddy/Caddyfile:ro
      - certificates:/data
      - caddy:/config
    cap_drop:
      - ALL
    cap_add:
      - NET_BIND_SERVICE

volumes:
  state:
  certificates:
  caddy:
`;
}

/** Measured: 139 MB with 5,000 clusters of 16 shards, 57 MB more while a card is drawn; 11 threads, and 13 for the card. */
export const MAX_MEMORY_MB = 512;
const MAX_THREADS = 100;
const LIMITS_WHY = 'Over twice what the largest fleet measured takes, and three times as many threads.';

/** The service that both files have; `more` are lines of it, `settings` lines of its environment. */
function shardlight(deployment: Deployment, more: string, settings = ''): string {
  const { port, publicUrl } = deployment;
  return `  shardlight:
    build:
${buildOf(deployment)}
    image: ${imageName(deployment)}
    restart: unless-stopped
    stop_grace_period: 10s${more}
    env_file: .env
    # These win over .env.
    environment:
      SHARDLIGHT_HOST: '0.0.0.0'
      SHARDLIGHT_PORT: '${port}'
      SHARDLIGHT_STATE: ${STATE_PATH}
      SHARDLIGHT_PUBLIC_URL: ${composeText(publicUrl)}${settings}
    volumes:
      - state:/data
    read_only: true
    cap_drop:
      - ALL
    security_opt:
      - no-new-privileges:true
    # ${LIMITS_WHY}
    mem_limit: ${MAX_MEMORY_MB}m
    pids_limit: ${MAX_THREADS}`;
}

/** The image is not published: it is made here, and is called the same everywhere. */
export const imageName = ({ source }: Deployment): string =>
  source.kind === 'checkout' ? 'shardlight:latest' : `shardlight:${source.version.replaceAll('+', '-')}`;

function buildOf({ source, port }: Deployment): string {
  if (source.kind === 'checkout') return `      context: ${composeText(source.context)}`;
  const text = dockerfile(source, port).replaceAll('$', '$$$$');
  return `      context: .\n      dockerfile_inline: |\n        ${indented(text, 8)}`;
}

/** Certificates are asked for on 80, wherever the page is; UDP is HTTP/3. */
function portsOf({ port, isTls }: Site): string {
  const main = port ?? (isTls ? 443 : 80);
  const tls = isTls ? [`${main}:${main}`, `${main}:${main}/udp`] : [];
  return [...new Set([isTls ? '80:80' : `${main}:${main}`, ...tls])]
    .map((mapping) => `      - '${mapping}'`)
    .join('\n');
}
