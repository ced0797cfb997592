// How the doctor is called: flags first, then what the product's own configuration says, so that no token need be typed.
import { namesOf, type Environment, type Settings } from '../../config.js';
import { loadSettings, readEnvironment, type Mistake } from '../../settings/read-config.js';
import { readFlags } from '../command.js';
import type { Role, Token } from './access.js';
import { targetOf } from './ask.js';
import { skipped, warning, type Line } from './line.js';
import { placeOf } from '../../outbound/addresses.js';

export interface Call {
  /** Without a slash at the end. */
  base: string;
  tokens: Token[];
  /** What the server's is expected to be; null: it does not matter. */
  namespace: string | null;
  timeoutMs: number;
  idleMs: number;
  mayWrite: boolean;
  isJson: boolean;
  /** What is to be said of the call itself. */
  lines: Line[];
}

const FLAGS = {
  url: { type: 'string' },
  token: { type: 'string' },
  'ingest-token': { type: 'string' },
  'viewer-token': { type: 'string' },
  'metrics-token': { type: 'string' },
  'operator-token': { type: 'string' },
  namespace: { type: 'string' },
  timeout: { type: 'string' },
  idle: { type: 'string' },
  probe: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

type Values = Extract<ReturnType<typeof readFlags<typeof FLAGS>>, { ok: true }>['values'];

const DEFAULT_TIMEOUT_S = 10;
/** Long enough for one of the frames that come every 5 s. */
const DEFAULT_IDLE_S = 7;
const MAX_TIMEOUT_S = 600;
const MAX_IDLE_S = 86_400;

/** Which flag and which variables have tokens of a role. */
const ROWS = [
  { flag: 'token', role: null, keys: ['TOKEN'] },
  { flag: 'ingest-token', role: 'ingest', keys: ['INGEST_TOKEN', 'GLANCE_PASSPHRASE'] },
  { flag: 'viewer-token', role: 'viewer', keys: ['VIEWER_TOKEN'] },
  { flag: 'metrics-token', role: 'metrics', keys: ['METRICS_TOKEN'] },
  { flag: 'operator-token', role: 'operator', keys: ['OPERATOR_TOKEN'] },
] as const satisfies readonly { flag: keyof Values; role: Role | null; keys: readonly (keyof Settings)[] }[];

/** A string says why it is a wrong call. */
export function readCall(args: string[]): Call | string {
  const flags = readFlags(args, FLAGS);
  if (!flags.ok) return flags.why;
  const { environment, mistakes } = readEnvironment();
  const loaded = loadSettings(environment);
  const { PUBLIC_URL: publicUrl } = loaded.settings;
  const given = flags.values;
  const url = given.url ?? publicUrl;
  if (url === null)
    return 'Which server? Give --url https://status.example.com, or set SHARDLIGHT_PUBLIC_URL.';
  const base = readBase(url);
  const timeoutMs = readSeconds(given.timeout, DEFAULT_TIMEOUT_S, MAX_TIMEOUT_S);
  const idleMs = readSeconds(given.idle, DEFAULT_IDLE_S, MAX_IDLE_S);
  if (base === null)
    return '--url takes an address like https://status.example.com, with nothing but a path behind it.';
  if (timeoutMs === null || timeoutMs === 0)
    return `--timeout takes seconds, more than 0 and at most ${MAX_TIMEOUT_S}.`;
  if (idleMs === null) return `--idle takes seconds, from 0 to ${MAX_IDLE_S}.`;
  const wrong = ROWS.find(({ flag }) => given[flag] !== undefined && !isToken(given[flag]));
  if (wrong)
    return `--${wrong.flag} is empty, or has characters that no token can have. Is the variable set?`;
  const isOurs = given.url === undefined || mayHaveOurs(base, publicUrl);
  const tokens = tokensOf(given, loaded.settings, environment, isOurs);
  return {
    base,
    tokens: tokens.used,
    namespace: given.namespace ?? null,
    timeoutMs,
    idleMs,
    mayWrite: given.probe ?? false,
    isJson: given.json ?? false,
    lines: [...[...mistakes, ...loaded.mistakes].map(mistakeLine), ...tokens.lines],
  };
}

function readBase(text: string): string | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const { origin, pathname, search, hash, username, password } = new URL(text);
  if (search + hash + username + password !== '') return null;
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}

function readSeconds(text: string | undefined, unset: number, most: number): number | null {
  if (text !== undefined && !/^\d{1,6}(\.\d{1,3})?$/.test(text)) return null;
  const seconds = Number(text ?? unset);
  return seconds <= most ? seconds * 1_000 : null;
}

/** What a header can carry. */
const isToken = (text: string): boolean => /^[\u0020-\u007e\u0080-\u00ff]+$/.test(text) && text.trim() !== '';

/** Tokens of the configuration go where it says that they belong, or where nobody else can listen: not to a misspelt host. */
function mayHaveOurs(base: string, publicUrl: string | null): boolean {
  const { host, isHttps } = targetOf(base);
  if (placeOf(host) !== 'public') return true;
  return publicUrl === null ? isHttps : new URL(publicUrl).origin === new URL(base).origin;
}

function tokensOf(
  given: Values,
  settings: Settings,
  environment: Environment,
  isOurs: boolean,
): { used: Token[]; lines: Line[] } {
  const used: Token[] = [];
  const kept: string[] = [];
  for (const { flag, role, keys } of ROWS) {
    const text = given[flag];
    if (text !== undefined) used.push({ text, wanted: role, source: `--${flag}` });
    else
      for (const key of keys) {
        const source = namesOf(key).find((name) => environment[name] || environment[`${name}_FILE`]) ?? key;
        if (settings[key].length > 0 && !isOurs) kept.push(source);
        else
          used.push(
            ...settings[key].map((one, i) => ({
              text: one,
              wanted: role,
              source: i === 0 ? source : `${source} (${i + 1})`,
            })),
          );
      }
  }
  return { used: used.filter(({ text }) => isToken(text)), lines: kept.length === 0 ? [] : [keptLine(kept)] };
}

const keptLine = (names: string[]): Line =>
  skipped(
    'token',
    `${names.join(', ')}: not sent, because SHARDLIGHT_PUBLIC_URL does not name this address`,
    'Give the tokens as flags, or set SHARDLIGHT_PUBLIC_URL to this address.',
  );

const mistakeLine = ({ variable, found, accepts }: Mistake): Line =>
  warning(
    'configuration',
    `${variable}: found ${found}; accepted: ${accepts}`,
    'Correct it in the environment, or in the file .env of this folder: a server does not start with it.',
  );
