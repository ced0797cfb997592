// Reverse proxies: the page, the sockets (/live, /live/operator, /api/feed) and the reports through Caddy or nginx.
import { siteOf, type Deployment, type Site } from './deployment.js';
import { upstreamAddress } from './quoting.js';

/** `upstream`: where the proxy finds Shardlight, `127.0.0.1:9190`. Throws where it is no such address. */
export function caddyfile(deployment: Deployment, upstream: string): string {
  const { origin, base } = siteOf(deployment);
  const proxied = `reverse_proxy ${upstreamAddress(upstream)}`;
  const routes = base === '' ? `\t${proxied}` : belowInCaddy(base, proxied);
  return `# Certificates are fetched and renewed by themselves. WebSockets pass, without a time-out, and who asks is told to
# Shardlight in X-Forwarded-For, which it believes with SHARDLIGHT_TRUSTED_PROXY.
${origin} {
${routes}
}
`;
}

/** Shardlight answers with the path and without it, so `handle_path`, which takes it off, would do as well. */
const belowInCaddy = (base: string, proxied: string): string => `\t# The rest of the host is yours.
	redir ${base} ${base}/
	handle ${base}/* {
		${proxied}
	}`;

/** A site of nginx, for inside `http { }`: a file in sites-enabled or conf.d. Arguments and errors as `caddyfile`. */
export function nginxSite(deployment: Deployment, upstream: string): string {
  const site = siteOf(deployment);
  const port = site.isTls ? 80 : (site.port ?? 80);
  return `# A site of nginx: goes to /etc/nginx/sites-enabled/ or /etc/nginx/conf.d/.
${tlsHint(site)}# Shardlight believes X-Forwarded-For with SHARDLIGHT_TRUSTED_PROXY=127.0.0.1,::1.
upstream shardlight {
  server ${upstreamAddress(upstream)};
  keepalive 64;
}

map $http_upgrade $shardlight_connection {
  default upgrade;
  '' '';
}

server {
  listen ${port};
  listen [::]:${port};
  server_name ${site.host};

  # Shardlight has its own limit, SHARDLIGHT_MAX_BODY_BYTES, and says in words when it is passed: nginx must not be the stricter one.
  client_max_body_size 64m;
${site.base === '' ? '' : atItsTop(site.base)}
  location ${site.base}/ {
    proxy_pass http://shardlight;
    proxy_http_version 1.1;
    # With its port: from pages of another host Shardlight takes no actions.
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    # The sockets: /live, /live/operator and /api/feed.
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $shardlight_connection;
    # Something is said on each of them every few seconds.
    proxy_read_timeout 300s;
    proxy_send_timeout 300s;
  }
}
`;
}

/** Shardlight answers with the path and without it: `proxy_pass http://shardlight/;`, which takes it off, would do as well. */
const atItsTop = (base: string): string => `
  location = ${base} {
    return 301 ${base}/;
  }
`;

/** Certificates cannot be named before they are there: nginx would not start. */
const tlsHint = ({ isTls, host }: Site): string =>
  isTls ? `# For TLS, once this is in place: certbot --nginx --domain ${host}\n` : '';
