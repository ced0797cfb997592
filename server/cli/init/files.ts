// Which files a deployment needs, by the answers.
import { composeFile, composeWithCaddy, upstreamInCompose } from '../templates/compose.js';
import type { Deployment, Source } from '../templates/deployment.js';
import { caddyfile, nginxSite } from '../templates/proxies.js';
import { systemdUnit } from '../templates/systemd.js';
import type { Answers } from './questions.js';
import type { OutFile } from './write.js';

export interface Where {
  /** The folder of the files, absolute. */
  folder: string;
  /** What a service starts: the installed program, absolute. */
  command: string;
  /** What an image is made of. */
  source: Source;
}

/** `env` is the text of `.env`. Throws for a folder or command that no unit can name. */
export function filesOf(answers: Answers, env: string, where: Where): OutFile[] {
  const deployment: Deployment = { publicUrl: answers.url, port: answers.port, source: where.source };
  return [
    { name: '.env', text: env, isSecret: true },
    ...runFiles(answers, deployment, where),
    ...proxyFiles(answers, deployment),
  ];
}

function runFiles({ run, proxy }: Answers, deployment: Deployment, where: Where): OutFile[] {
  switch (run) {
    case 'compose': {
      const write = proxy === 'caddy' ? composeWithCaddy : composeFile;
      return [{ name: 'compose.yaml', text: write(deployment) }];
    }
    case 'systemd':
      return [{ name: 'shardlight.service', text: systemdUnit(deployment, where) }];
    case 'hand':
      return [];
  }
}

/** With compose, Caddy runs beside Shardlight and knows it by the name of its service. */
function proxyFiles({ run, proxy, port }: Answers, deployment: Deployment): OutFile[] {
  const isBeside = run === 'compose' && proxy === 'caddy';
  const upstream = isBeside ? upstreamInCompose(deployment) : `127.0.0.1:${port}`;
  switch (proxy) {
    case 'none':
      return [];
    case 'caddy':
      return [{ name: 'Caddyfile', text: caddyfile(deployment, upstream) }];
    case 'nginx':
      return [{ name: 'nginx.conf', text: nginxSite(deployment, upstream) }];
  }
}
