// What to do after `init`, in the words of the chosen way: starting it, the proxy, and the lines that connect bots and Prometheus.
import { snippetsFor } from '../../../public/shared/snippets.js';
import type { Answers } from './questions.js';

export interface Place {
  /** Where the files are, absolute. */
  folder: string;
  /** It is the working directory. */
  isHere: boolean;
  /** The program that runs now is npx's, and not there to stay. */
  isPassing: boolean;
  version: string;
}

export function nextSteps(answers: Answers, place: Place): string {
  const parts = [
    [
      'Start it',
      ...(place.isHere ? [] : [`cd ${quotedForShell(place.folder)}`]),
      ...startLines(answers, place),
    ],
    ...proxyParts(answers),
    ['See that all is well', `npx shardlight@${place.version} doctor`],
    ...connectParts(answers),
  ];
  const shown = parts.map(([title = '', ...lines]) => [`${title}:`, ...lines.map(indented)].join('\n'));
  return [...shown, tokensNote(answers)].join('\n\n');
}

const indented = (line: string): string => `  ${line}`.trimEnd();
const quotedForShell = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

function startLines({ run }: Answers, { version, isPassing }: Place): string[] {
  switch (run) {
    case 'compose':
      return ['docker compose up --detach --build'];
    case 'systemd':
      return [
        ...(isPassing
          ? [
              `sudo npm install --global shardlight@${version}`,
              'command -v shardlight   # ExecStart in shardlight.service must name this',
            ]
          : []),
        'sudo cp shardlight.service /etc/systemd/system/',
        'sudo systemctl daemon-reload && sudo systemctl enable --now shardlight',
      ];
    case 'hand':
      return [`npx shardlight@${version}`];
  }
}

function proxyParts({ proxy, run }: Answers): string[][] {
  if (proxy === 'none' || (proxy === 'caddy' && run === 'compose')) return [];
  if (proxy === 'caddy')
    return [
      [
        'Tell Caddy (add this to its Caddyfile; replace it if there is nothing else in it)',
        'cat Caddyfile | sudo tee -a /etc/caddy/Caddyfile',
        'sudo systemctl reload caddy',
      ],
    ];
  return [
    [
      'Tell nginx (the first lines of the file say how TLS is added)',
      'sudo cp nginx.conf /etc/nginx/conf.d/shardlight.conf',
      'sudo nginx -t && sudo systemctl reload nginx',
    ],
  ];
}

function connectParts(answers: Answers): string[][] {
  const { url, bots, namespace } = answers;
  const needs = { needsIngestToken: true, needsViewerToken: true, requireLease: false };
  const snippets = snippetsFor({ url, namespace, ...needs }, url, bots);
  const targets = answers['prometheus-url'];
  return [
    ['A discord.js bot (npm install shardlight)', ...snippets.discordJs.split('\n')],
    ['An Argus bot', ...snippets.argus.split('\n')],
    ['Anything that speaks HTTP', ...snippets.curl.split('\n')],
    [
      `Prometheus, in prometheus.yml${targets ? ` (then see ${targets}/targets)` : ''}`,
      ...snippets.prometheus.split('\n'),
    ],
  ];
}

const tokensNote = ({ url }: Answers): string => `The tokens are in .env, which only you can read:
  <ingest token>    SHARDLIGHT_INGEST_TOKEN, for bots
  <viewer token>    SHARDLIGHT_VIEWER_TOKEN, for Prometheus and readers
  to sign in        SHARDLIGHT_OPERATOR_TOKEN, at ${url}/operator
All lines to connect, Glance's too, are at ${url}/operator?view=connect`;
