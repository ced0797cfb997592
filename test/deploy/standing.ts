// Real reverse proxies with our templates, for the length of a test.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import type { Deployment } from '../../server/cli/templates/deployment.js';
import { caddyfile, nginxSite } from '../../server/cli/templates/proxies.js';
import { until } from '../harness.js';
import { folder } from '../process/child.js';
import { checkout } from './examples.js';

const at = (port: number, base: string): Deployment => ({
  ...checkout,
  publicUrl: `http://127.0.0.1:${port}${base}`,
});

/** A path that all is below, and what becomes of the site's text: ours passes the path on. */
export interface Below {
  base?: string;
  rewrite?: (site: string) => string;
}

/** Runs it until the end of the test; it is up once it answers, whatever it says. */
async function stand(t: Test, base: string, command: string, args: string[], home: string): Promise<void> {
  const child = spawn(command, args, {
    env: { ...process.env, HOME: home, XDG_DATA_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'close');
  t.teardown(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  await until(async () => {
    if (child.exitCode !== null) throw new Error(said);
    return fetch(base).then(
      () => true,
      () => false,
    );
  });
}

/** nginx with nothing in its own configuration but what a site needs around it. Only root may read the test's folder. */
const nginxAround = (site: string, home: string): string => `
daemon off;
user root;
worker_processes 1;
error_log stderr;
pid ${home}/nginx.pid;
events {}
http {
  access_log off;
  client_body_temp_path ${home}/body;
  proxy_temp_path ${home}/proxy;
  fastcgi_temp_path ${home}/fastcgi;
  uwsgi_temp_path ${home}/uwsgi;
  scgi_temp_path ${home}/scgi;
  include ${site};
}
`;

export async function nginx(
  t: Test,
  port: number,
  upstream: string,
  { base = '', rewrite }: Below,
): Promise<string> {
  const home = folder(t);
  const site = join(home, 'site.conf');
  const around = join(home, 'nginx.conf');
  const text = nginxSite(at(port, base), upstream);
  writeFileSync(site, rewrite ? rewrite(text) : text);
  writeFileSync(around, nginxAround(site, home));
  mkdirSync(join(home, 'logs'));
  await stand(t, `http://127.0.0.1:${port}`, 'nginx', ['-p', home, '-e', 'stderr', '-c', around], home);
  return `127.0.0.1:${port}${base}`;
}

/** Without its admin interface, whose port is fixed. */
export async function caddy(
  t: Test,
  port: number,
  upstream: string,
  { base = '', rewrite }: Below,
): Promise<string> {
  const home = folder(t);
  const path = join(home, 'Caddyfile');
  const text = caddyfile(at(port, base), upstream);
  writeFileSync(path, `{\n\tadmin off\n}\n${rewrite ? rewrite(text) : text}`);
  const args = ['run', '--adapter', 'caddyfile', '--config', path];
  await stand(t, `http://127.0.0.1:${port}`, 'caddy', args, home);
  return `127.0.0.1:${port}${base}`;
}
