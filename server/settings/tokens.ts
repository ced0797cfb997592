// Which tokens grant which role; which of them are refused, and which are easy to guess.
import type { Settings, VariableKey } from '../config.js';
import type { Mistake } from './read-config.js';

export type Tokens = Record<'ingest' | 'viewer' | 'metrics' | 'operator', string[]>;

/** The shared tokens never make an operator (RULES 18). */
export const tokensOf = (settings: Settings): Tokens => ({
  ingest: [...settings.TOKEN, ...settings.INGEST_TOKEN, ...settings.GLANCE_PASSPHRASE],
  viewer: [...settings.TOKEN, ...settings.VIEWER_TOKEN],
  metrics: [...settings.TOKEN, ...settings.METRICS_TOKEN],
  operator: settings.OPERATOR_TOKEN,
});

const KEYS = [
  'TOKEN',
  'INGEST_TOKEN',
  'GLANCE_PASSPHRASE',
  'VIEWER_TOKEN',
  'METRICS_TOKEN',
  'OPERATOR_TOKEN',
] as const satisfies VariableKey[];
type TokenKey = (typeof KEYS)[number];

/** Pairs that may not share a token: whoever was given the first could do what the second is for. */
const APART: [TokenKey, TokenKey][] = [
  ['TOKEN', 'OPERATOR_TOKEN'],
  ...(['INGEST_TOKEN', 'GLANCE_PASSPHRASE'] as const).flatMap((bots): [TokenKey, TokenKey][] => [
    [bots, 'VIEWER_TOKEN'],
    [bots, 'METRICS_TOKEN'],
    [bots, 'OPERATOR_TOKEN'],
  ]),
  ['METRICS_TOKEN', 'OPERATOR_TOKEN'],
  ['VIEWER_TOKEN', 'OPERATOR_TOKEN'],
];

const nameOf = (key: TokenKey): string => (key === 'GLANCE_PASSPHRASE' ? key : `SHARDLIGHT_${key}`);

export function overlaps(settings: Settings): Mistake[] {
  return APART.filter(([one, other]) => settings[one].some((token) => settings[other].includes(token))).map(
    ([one, other]) => ({
      variable: `${nameOf(one)} and ${nameOf(other)}`,
      found: 'the same token in both, so whoever has it for the first may do what the second allows',
      accepts: `a different token in each${readsToo(other)}`,
    }),
  );
}

const readsToo = (key: TokenKey): string =>
  key === 'OPERATOR_TOKEN' ? '' : '; for one that reports and reads, set SHARDLIGHT_TOKEN alone';

const MIN_LENGTH = 16;

/** One sentence for each variable. */
export const shortTokens = (settings: Settings): string[] =>
  KEYS.filter((key) => settings[key].some((token) => token.length < MIN_LENGTH)).map(
    (key) =>
      `${nameOf(key)} holds a token of less than ${MIN_LENGTH} characters, which can be guessed. "openssl rand -base64 32" makes a better one.`,
  );
