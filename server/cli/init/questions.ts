// What `init` wants to know, in the order of asking. Each question is a flag, too; what few people change is a flag only.
import * as z from 'zod';
import { accentMistake } from '../../branding/accent.js';
import {
  accent,
  bots,
  flag,
  host,
  link,
  namespace,
  origins,
  text,
  tokens,
  url,
  whole,
  type Kind,
} from '../../settings/config-values.js';
import { variables, type VariableKey } from '../../config.js';
import { isLoopback, withoutBrackets } from '../../outbound/addresses.js';
import { whyNotDeployable } from '../templates/deployment.js';
import { quoted } from './env-quotes.js';

/** The text that stands for a value in `.env`, or why the text that was given is not taken. */
export type Read<T> = { ok: true; value: T; written: string } | { ok: false; found: string; accepts: string };

/** The answers on which others depend, as texts, as far as they are given. */
export interface Given {
  url?: string;
  run?: string;
  proxy?: string;
  port?: string;
}

interface About {
  /** What a person is asked; null: nobody is asked, the default is taken. */
  ask: string | null;
  /** What `--help` says, with the placeholder of the value. */
  help: string;
  value: string;
  /** The answer of who gives none. `random` makes a secret. */
  default: (given: Given, random: () => string) => string;
  /** The same for `--help`. */
  defaultText: string;
  /** The variable of `.env` that holds it. */
  variable?: VariableKey;
  /** The answer of an earlier .env that does not say it: what runs already goes on as it is. */
  silent?: string;
  /** Whether it matters after these answers; null: it does. Else why not. */
  unneeded?: (given: Given) => string | null;
  choices?: readonly Choice[];
}

export interface Choice {
  value: string;
  label: string;
}

export interface Question<T> extends About {
  read: (text: string) => Read<T>;
}

/** `write` is the text of a value in `.env`; left out: as it reads. */
function question<T>(kind: Kind<T>, about: About, write: (value: T) => string = String): Question<T> {
  const isSecret = about.variable !== undefined && 'secret' in variables[about.variable];
  const read = (text: string): Read<T> => {
    const found = isSecret ? 'a value that is not shown' : JSON.stringify(text.slice(0, 200));
    const parsed = kind.schema.safeParse(text.trim());
    if (!parsed.success) return { ok: false, found, accepts: kind.accepts };
    const written = write(parsed.data);
    if (written !== '' && quoted(written) === null) return { ok: false, found, accepts: WRITABLE };
    return { ok: true, value: parsed.data, written };
  };
  return { ...about, read };
}

const WRITABLE = "text that .env can hold: no line breaks, no \\ at the end, and no ' together with $ or \\";

function oneOf<const T extends readonly Choice[]>(choices: T): Kind<T[number]['value']> {
  const values = choices.map(({ value }) => value);
  return { schema: z.string().pipe(z.enum(values)), accepts: values.join(', ') };
}

const RUNS = [
  { value: 'compose', label: 'Docker Compose' },
  { value: 'systemd', label: 'a systemd service' },
  { value: 'hand', label: 'by hand, in a terminal' },
] as const satisfies Choice[];

const PROXIES = [
  { value: 'none', label: 'none' },
  { value: 'caddy', label: 'Caddy, with certificates by itself' },
  { value: 'nginx', label: 'nginx' },
] as const satisfies Choice[];

const token = (role: string, variable: VariableKey): Question<string[]> =>
  question(
    { schema: tokens.schema.refine((list) => list.length > 0), accepts: tokens.accepts },
    {
      ask: null,
      help: `Token of ${role}, for example one that is in use already.`,
      value: '<token>',
      default: (_, random) => random(),
      defaultText: 'the one of an earlier .env, else a new one',
      variable,
    },
    (list) => list.join(','),
  );

const portOf = (text: string): string => (URL.canParse(text) ? new URL(text).port : '');
const isSecure = ({ url }: Given): boolean => url?.startsWith('https:') ?? false;

/** Whether it reaches this machine only. */
const isLocal = (text = ''): boolean =>
  URL.canParse(text) && isLoopback(withoutBrackets(new URL(text).hostname));

/** Also one that proxies and services can be told. */
const publicUrl: Kind<string> = {
  schema: url.schema.refine((text) => whyNotDeployable({ publicUrl: text, port: 1, source: ANY }) === null),
  accepts: url.accepts,
};
const ANY = { kind: 'checkout', context: '.' } as const;

/** Or nothing. */
const optional = <T>({ schema, accepts }: Kind<T>): Kind<T | ''> => ({
  schema: z.literal('').or(schema),
  accepts: `${accepts}, or nothing`,
});

const readableAccent: Kind<{ dark: string; light: string }> = {
  schema: accent.schema.refine((colours) => accentMistake(colours) === null),
  accepts: `${accent.accepts}, each with a contrast of 4.5:1 on its theme`,
};

export const questions = {
  title: question(optional(text(80)), {
    ask: 'What is the title of the page? (Enter: the name of the bot.)',
    help: 'Title of the page.',
    value: '<title>',
    default: () => '',
    defaultText: 'the name of the only bot, else "Bot status"',
    variable: 'TITLE',
  }),
  url: question(publicUrl, {
    ask: 'Where will people find the page?',
    help: 'Where people find the page, as they type it.',
    value: '<url>',
    default: ({ port }) => `http://localhost:${port ?? variables.PORT.default}`,
    defaultText: 'http://localhost:<port>',
    variable: 'PUBLIC_URL',
  }),
  bots: question(
    bots,
    {
      ask: 'Bots with their shards, for example main:240:My Bot;other:16',
      help: 'The bots, as key:shards:name;key:shards. Empty: they appear as they report.',
      value: '<bots>',
      default: () => '',
      defaultText: 'empty',
      variable: 'BOTS',
    },
    (list) =>
      list
        .map(({ key, shardCount, name }) => [key, shardCount, ...(name === key ? [] : [name])].join(':'))
        .join(';'),
  ),
  'support-link': question(optional(link), {
    ask: 'Where do people find help, for example the invite of your support server? (None: Enter.)',
    help: 'Where people find help, for example the invite of your support server.',
    value: '<url>',
    default: () => '',
    defaultText: 'none',
    variable: 'LINK_SUPPORT',
  }),
  accent: question(
    optional(readableAccent),
    {
      ask: 'Which accent colours, for the dark and the light theme? (Ours, #c4b5fd,#5b21b6: Enter.)',
      help: 'Colours of links and buttons, as dark,light.',
      value: '<colours>',
      default: () => '',
      defaultText: '#c4b5fd,#5b21b6',
      variable: 'ACCENT',
    },
    (colours) => (colours === '' ? '' : `${colours.dark},${colours.light}`),
  ),
  run: question(oneOf(RUNS), {
    ask: 'How will it run?',
    help: 'How it will run: compose, systemd or hand.',
    value: '<how>',
    default: () => 'compose',
    defaultText: 'compose',
    choices: RUNS,
  }),
  proxy: question(oneOf(PROXIES), {
    ask: 'Which reverse proxy stands in front of it?',
    help: 'The reverse proxy in front of it: none, caddy or nginx.',
    value: '<kind>',
    default: (given) => (isSecure(given) ? 'caddy' : 'none'),
    defaultText: 'caddy for an https address, else none',
    choices: PROXIES,
  }),
  port: question(whole(1, 65_535), {
    ask: null,
    help: 'Port that Shardlight listens on.',
    value: '<port>',
    default: ({ url = '', proxy }) => (proxy === 'none' && portOf(url)) || variables.PORT.default,
    defaultText: 'the port in --url without a proxy, else 9190',
    variable: 'PORT',
  }),
  host: question(host, {
    ask: null,
    help: 'Address that it listens on; with compose, compose.yaml says it.',
    value: '<address>',
    default: ({ url, proxy }) => (proxy === 'none' && !isLocal(url) ? '0.0.0.0' : '127.0.0.1'),
    defaultText: '127.0.0.1 behind a proxy or for a local --url, else 0.0.0.0',
    variable: 'HOST',
    unneeded: ({ run }) => (run === 'compose' ? 'with compose, compose.yaml says where it listens' : null),
  }),
  namespace: question(namespace, {
    ask: null,
    help: 'Prefix of the metric names in Argus snapshots.',
    value: '<prefix>',
    default: () => variables.NAMESPACE.default,
    defaultText: variables.NAMESPACE.default,
    variable: 'NAMESPACE',
  }),
  'cors-origins': question(
    origins,
    {
      ask: null,
      help: 'Origins of other pages that may read what needs a token, separated by commas.',
      value: '<origins>',
      default: () => '',
      defaultText: 'none',
      variable: 'CORS_ORIGINS',
    },
    (list) => list.join(','),
  ),
  'require-lease': question(
    flag,
    {
      ask: null,
      help: 'Whether a cluster must send the secret that it got when it registered: 1 or 0.',
      value: '<flag>',
      default: () => '1',
      defaultText: '1, or as it is in an earlier .env',
      silent: '0',
      variable: 'REQUIRE_LEASE',
    },
    (isRequired) => (isRequired ? '1' : '0'),
  ),
  'prometheus-url': question<string>(
    { schema: z.literal('').or(url.schema), accepts: `${url.accepts}, or nothing` },
    {
      ask: null,
      help: 'Your Prometheus; only to say where it shows what it scrapes.',
      value: '<url>',
      default: () => '',
      defaultText: 'none',
    },
  ),
  'ingest-token': token('the bots', 'INGEST_TOKEN'),
  'viewer-token': token('readers, Prometheus among them', 'VIEWER_TOKEN'),
  'operator-token': token('operators', 'OPERATOR_TOKEN'),
} satisfies Record<string, Question<unknown>>;

export type QuestionKey = keyof typeof questions;

export const questionKeys = Object.keys(questions) as QuestionKey[];

export type Texts = Partial<Record<QuestionKey, string>>;

/** What was answered, read. */
export type Answers = {
  [K in QuestionKey]: (typeof questions)[K] extends Question<infer T> ? T : never;
};

/** Why these answers cannot stand together, in a sentence; null: they can. */
export function clashOf(answers: Answers): string | null {
  const flags = ['ingest-token', 'viewer-token', 'operator-token'] as const;
  const owners = new Map<string, string>();
  for (const flag of flags)
    for (const token of new Set(answers[flag])) {
      const other = owners.get(token);
      if (other !== undefined)
        return `--${flag}: found a token that --${other} has too; accepted: a different token for each role.`;
      owners.set(token, flag);
    }
  return portClashOf(answers);
}

function portClashOf({ url: address, port, proxy, run }: Answers): string | null {
  if (proxy === 'none' || (proxy === 'caddy' && run === 'compose')) return null; // Compose's Caddy has an address of its own
  const { port: named, protocol } = new URL(address);
  if (Number(named || (protocol === 'https:' ? 443 : 80)) !== port) return null;
  return `--port: found ${port}, where ${proxy} listens for ${address}; accepted: another port for Shardlight behind it.`;
}
