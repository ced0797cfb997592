// What to do after `init`, in the words of the chosen way: starting it, the proxy, and the lines that connect bots and Prometheus.
import {
  INSTALL_IN_BOT,
  isPublished,
  npxOf,
  specOf,
  tarballOf,
} from '../../../public/shared/distribution.js';
import { snippetsFor } from '../../../public/shared/snippets.js';
import type { Source } from '../templates/deployment.js';
import type { Answers } from './questions.js';

export interface Place {
  /** Where the files are, absolute. */
  folder: string;
  /** It is the working directory. */
  isHere: boolean;
  /** The program that runs now is npx's, and not there to stay. */
  isPassing: boolean;
  version: string;
  /** What starts this very program, wherever one is. */
  command: string;
  /** The folder of the package that runs. */
  root: string;
  /** What an image is made of. */
  source: Source;
}

/** The program by a command that works today. */
const programOf = ({ command, version }: Place): string => npxOf(version) ?? command;

/** Makes the package's file where one is. What was installed is packed as it is; a checkout is built. */
const packLine = ({ root, source }: Place): string =>
  `npm pack ${source.kind === 'checkout' ? '' : '--ignore-scripts '}${quotedForShell(root)}`;

export function nextSteps(answers: Answers, place: Place): string {
  const parts = [
    [
      'Start it',
      ...(place.isHere ? [] : [`cd ${quotedForShell(place.folder)}`]),
      ...startLines(answers, place),
    ],
    ...proxyParts(answers),
    ['See that all is well', `${programOf(place)} doctor`],
    ...connectParts(answers, place),
  ];
  const shown = parts.map(([title = '', ...lines]) => [`${title}:`, ...lines.map(indented)].join('\n'));
  const notes = answers['require-lease'] ? [leaseNote(answers), tokensNote(answers)] : [tokensNote(answers)];
  return [...shown, ...notes].join('\n\n');
}

const indented = (line: string): string => `  ${line}`.trimEnd();
const quotedForShell = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

function startLines({ run }: Answers, place: Place): string[] {
  const { version, isPassing, source } = place;
  switch (run) {
    case 'compose':
      return [...(source.kind === 'tarball' ? [packLine(place)] : []), 'docker compose up --detach --build'];
    case 'systemd':
      return [
        ...(isPassing
          ? [
              ...(isPublished ? [] : [packLine(place)]),
              `sudo npm install --global ${specOf(version)}`,
              'command -v shardlight   # ExecStart in shardlight.service must name this',
            ]
          : []),
        'sudo cp shardlight.service /etc/systemd/system/',
        'sudo systemctl daemon-reload && sudo systemctl enable --now shardlight',
      ];
    case 'hand':
      return [programOf(place)];
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

function connectParts(answers: Answers, place: Place): string[][] {
  const { url, bots, namespace } = answers;
  const needs = { needsIngestToken: true, needsViewerToken: true, requireLease: answers['require-lease'] };
  const snippets = snippetsFor({ url, namespace, ...needs }, url, bots);
  const targets = answers['prometheus-url'];
  return [
    ['A discord.js bot', ...installLines(place), ...snippets.discordJs.split('\n')],
    ['An Argus bot', ...snippets.argus.split('\n')],
    ['Anything that speaks HTTP', ...snippets.curl.split('\n')],
    [
      `Prometheus, in prometheus.yml${targets ? ` (then see ${targets}/targets)` : ''}`,
      ...snippets.prometheus.split('\n'),
    ],
  ];
}

/** In the bot's folder, before its three lines. */
const installLines = (place: Place): string[] =>
  isPublished
    ? [`${INSTALL_IN_BOT}   # in the bot's folder`]
    : [`${packLine(place)}   # in the bot's folder: makes ${tarballOf(place.version)}`, INSTALL_IN_BOT];

/** A bot in a container whose folder goes with it is locked out after a restart, under the same identity. */
const leaseNote = ({
  url,
}: Answers): string => `Each cluster keeps a secret, its lease, and needs it after a restart:
  let each process keep its stateDir (ARGUS_FLEET_STATE_DIR), or leave its identity to the member
  a lease that is lost for good is released at ${url}/operator
  SHARDLIGHT_REQUIRE_LEASE=0 in .env does without leases: then whoever has an ingest token can speak for every cluster`;

const tokensNote = ({ url }: Answers): string => `The tokens are in .env, which only you can read:
  <ingest token>    SHARDLIGHT_INGEST_TOKEN, for bots
  <viewer token>    SHARDLIGHT_VIEWER_TOKEN, for Prometheus and readers
  to sign in        SHARDLIGHT_OPERATOR_TOKEN, at ${url}/operator
All lines to connect, Glance's too, are at ${url}/operator?view=connect`;
