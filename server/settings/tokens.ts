// Which tokens grant which role; which of them are refused, and which are easy to guess.
import type { Settings, VariableKey } from '../config.js';
import type { BotToken } from './config-values.js';
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
  'BOT_TOKENS',
  'VIEWER_TOKEN',
  'METRICS_TOKEN',
  'OPERATOR_TOKEN',
] as const satisfies VariableKey[];
type TokenKey = (typeof KEYS)[number];

/** Pairs that may not share a token: whoever was given the first could do what the second is for. */
const APART: [TokenKey, TokenKey][] = [
  ['TOKEN', 'OPERATOR_TOKEN'],
  ...(['TOKEN', 'INGEST_TOKEN', 'GLANCE_PASSPHRASE'] as const).map((all): [TokenKey, TokenKey] => [
    'BOT_TOKENS',
    all,
  ]),
  ...(['INGEST_TOKEN', 'GLANCE_PASSPHRASE', 'BOT_TOKENS'] as const).flatMap(
    (bots): [TokenKey, TokenKey][] => [
      [bots, 'VIEWER_TOKEN'],
      [bots, 'METRICS_TOKEN'],
      [bots, 'OPERATOR_TOKEN'],
    ],
  ),
  ['METRICS_TOKEN', 'OPERATOR_TOKEN'],
  ['VIEWER_TOKEN', 'OPERATOR_TOKEN'],
];

const nameOf = (key: TokenKey): string => (key === 'GLANCE_PASSPHRASE' ? key : `SHARDLIGHT_${key}`);

const textsOf = (key: TokenKey, settings: Settings): string[] =>
  settings[key].map((one) => (typeof one === 'string' ? one : one.token));

export function overlaps(settings: Settings): Mistake[] {
  const texts = (key: TokenKey): string[] => textsOf(key, settings);
  const shared = settings.BOT_TOKENS.filter(({ bot, token }) =>
    settings.BOT_TOKENS.some((other) => other.token === token && other.bot !== bot),
  );
  return [
    ...shared.slice(0, 1).map(OF_TWO_BOTS),
    ...APART.filter(([one, other]) => texts(one).some((token) => texts(other).includes(token))).map(
      ([one, other]) => ({
        variable: `${nameOf(one)} and ${nameOf(other)}`,
        found: 'the same token in both, so whoever has it for the first may do what the second allows',
        accepts: `a different token in each${readsToo(other)}`,
      }),
    ),
  ];
}

const OF_TWO_BOTS = ({ bot }: BotToken): Mistake => ({
  variable: 'SHARDLIGHT_BOT_TOKENS',
  found: `the token of the bot "${bot}" for another bot too`,
  accepts: 'a different token for each bot; for one that reports for all, set SHARDLIGHT_INGEST_TOKEN',
});

const readsToo = (key: TokenKey): string =>
  READS.includes(key) ? '; for one that reports and reads, set SHARDLIGHT_TOKEN alone' : '';
const READS: readonly TokenKey[] = ['VIEWER_TOKEN', 'METRICS_TOKEN'];

const MIN_LENGTH = 16;

/** One sentence for each variable. */
export const shortTokens = (settings: Settings): string[] =>
  KEYS.filter((key) => textsOf(key, settings).some((token) => token.length < MIN_LENGTH)).map(
    (key) =>
      `${nameOf(key)} holds a token of less than ${MIN_LENGTH} characters, which can be guessed. "openssl rand -base64 32" makes a better one.`,
  );
