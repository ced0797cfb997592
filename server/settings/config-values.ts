// How the values of environment variables are read: each a zod schema from text, with what it accepts in words.
import { BlockList } from 'node:net';
import * as z from 'zod';
import { BOT_KEY, MAX_SHARD_COUNT, type ConfiguredBot, type MemberRow } from '../core/registry/registry.js';
import { addRange } from '../outbound/addresses.js';
import { allowOf, type Allow } from '../outbound/allow.js';
import { LEVELS, type Level } from '../telemetry/logger.js';

export interface BotToken {
  bot: string;
  token: string;
}

/** A kind of value: how it is read, and what a mistake is told. */
export interface Kind<T> {
  schema: z.ZodType<T, string>;
  accepts: string;
  /** The nearest value to one that is right by another product's contract, and that `schema` refuses; undefined: it is wrong there too. */
  nearest?: (text: string) => { value: T; text: string } | undefined;
}

const TRUE = ['1', 'true', 'yes', 'on'];
const FALSE = ['0', 'false', 'no', 'off'];

export const whole = (min: number, max: number): Kind<number> => ({
  schema: z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max),
  accepts: `a whole number from ${min} to ${max}`,
});

/** A whole number whose range is ours: Argus checks none, and reads numbers as Python does. */
export const limit = (min: number, max: number): Kind<number> => ({
  ...whole(min, max),
  nearest: (text) => {
    if (!/^[+-]?\d+(_\d+)*$/.test(text)) return undefined;
    const value = Math.min(max, Math.max(min, Number(text.replaceAll('_', ''))));
    return { value, text: String(value) };
  },
});

export const text = (max: number): Kind<string> => ({
  schema: z
    .string()
    .max(max)
    .regex(/^[^\u0000-\u001f\u007f]*$/),
  accepts: `text of at most ${max} characters`,
});

export const flag: Kind<boolean> = {
  schema: z
    .string()
    .toLowerCase()
    .refine((value) => [...TRUE, ...FALSE].includes(value))
    .transform((value) => TRUE.includes(value)),
  accepts: '1, true, yes, on or 0, false, no, off',
};

export const tokens: Kind<string[]> = {
  schema: z.string().transform((value, context) => {
    const list = splitTrimmed(',')(value);
    if (value !== '' && list.length === 0) context.addIssue({ code: 'custom', message: 'no token' });
    return list;
  }),
  accepts: 'one token, or several separated by commas',
};

/** `main:token-of-main,demo:another` */
export const botTokens: Kind<BotToken[]> = {
  schema: z.string().transform((value, context) => {
    const rows = splitTrimmed(',')(value).map(readBotToken);
    const isNone = value !== '' && rows.length === 0;
    if (isNone || rows.includes(undefined))
      context.addIssue({ code: 'custom', message: 'not a list of tokens' });
    return rows.filter((row) => row !== undefined);
  }),
  accepts: 'key:token, separated by commas, where the key is that of a bot; for example main:a-long-secret',
};

function readBotToken(row: string): BotToken | undefined {
  const [bot = '', ...rest] = row.split(':').map((part) => part.trim());
  const token = rest.join(':');
  return BOT_KEY.test(bot) && token !== '' ? { bot, token } : undefined;
}

export const passphrase: Kind<string[]> = {
  schema: z.string().transform((value) => (value === '' ? [] : [value])),
  accepts: 'a passphrase',
};

export const host: Kind<string> = {
  schema: z.string().regex(/^[A-Za-z0-9.:_-]{1,253}$/),
  accepts: 'an IP address or a host name',
};

export const url: Kind<string> = {
  schema: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .refine(canBeBelow)
    .transform((value) => value.replace(/\/+$/, '')),
  accepts: 'an address like https://status.example.com or https://example.com/status',
};

/** What our own paths begin with: below one of these nobody could tell them apart from the path itself. */
export const OUR_SEGMENTS: readonly string[] = [
  'api',
  'assets',
  'card.png',
  'favicon',
  'favicon.ico',
  'fleet',
  'healthz',
  'live',
  'manifest.webmanifest',
  'metrics',
  'operator',
  'plain',
  'readyz',
  'robots.txt',
];

/** The path of it is in cookies, links and route tables, so it is plain. */
function canBeBelow(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { pathname, search, hash, username, password } = new URL(value);
  const path = pathname.replace(/\/+$/, '');
  const isPlain = /^(\/[A-Za-z0-9._~-]+)*$/.test(path);
  return (
    isPlain && search + hash + username + password === '' && !OUR_SEGMENTS.includes(path.split('/')[1] ?? '')
  );
}

/** A link that readers follow; kept as it was written. */
export const link: Kind<string> = {
  schema: z.url({ protocol: /^https?$/ }).max(2_000),
  accepts: 'an address like https://discord.gg/example, with http:// or https://',
};

/** `#5b21b6`, or one for each theme: `#c4b5fd,#5b21b6`. Whether they can be read is checked with the branding. */
export const accent: Kind<{ dark: string; light: string }> = {
  schema: z
    .string()
    .toLowerCase()
    .regex(/^#[0-9a-f]{6}(\s*,\s*#[0-9a-f]{6})?$/)
    .transform((value) => {
      const [dark = '', light = dark] = splitTrimmed(',')(value);
      return { dark, light };
    }),
  accepts: 'two colours "dark,light" for the dark and the light theme; for example #c4b5fd,#5b21b6',
};

export const namespace: Kind<string> = {
  schema: z.string().regex(/^[A-Za-z_:][A-Za-z0-9_:]{0,63}$/),
  accepts: 'a metric name prefix: letters, digits, underscores and colons',
};

/** `main:360:My Bot;demo:1;` */
export const bots: Kind<ConfiguredBot[]> = {
  schema: z.string().transform((value, context) => {
    const rows = splitTrimmed(';')(value).map(readBot);
    const keys = rows.map((row) => row?.key);
    const isFine = !rows.includes(undefined) && new Set(keys).size === keys.length;
    if (!isFine) context.addIssue({ code: 'custom', message: 'not a list of bots' });
    return rows.filter((row) => row !== undefined);
  }),
  accepts: `key:shards or key:shards:name, separated by ";", each key once, 1 to ${MAX_SHARD_COUNT} shards; for example main:360:My Bot;demo:1`,
};

function readBot(row: string): ConfiguredBot | undefined {
  const [key = '', count = '', ...name] = row.split(':').map((part) => part.trim());
  const shardCount = /^\d{1,5}$/.test(count) ? Number(count) : 0;
  if (!BOT_KEY.test(key) || shardCount < 1 || shardCount > MAX_SHARD_COUNT) return undefined;
  return { key, shardCount, name: name.join(':') || key };
}

/** `premium-*:patron;fleet/asia:main` */
export const members: Kind<MemberRow[]> = {
  schema: z.string().transform((value, context) => {
    const rows = splitTrimmed(';')(value).map(readMemberRow);
    if (rows.includes(undefined)) context.addIssue({ code: 'custom', message: 'not a list of members' });
    return rows.filter((row) => row !== undefined);
  }),
  accepts:
    'identity:bot or fleet/name:bot, separated by ";", * standing for anything in an identity; for example premium-*:patron;fleet/asia:main',
};

function readMemberRow(row: string): MemberRow | undefined {
  const colon = row.lastIndexOf(':');
  const who = row.slice(0, colon).trim();
  const bot = row.slice(colon + 1).trim();
  if (colon < 1 || who === '' || !BOT_KEY.test(bot)) return undefined;
  return who.startsWith('fleet/') ? { fleet: who.slice('fleet/'.length), bot } : { identity: who, bot };
}

export interface ProxyList {
  peer: boolean;
  list: BlockList;
}

/** `10.0.0.0/8,::1`; `1` as Argus has it: the direct peer. */
export const proxies: Kind<ProxyList> = {
  schema: z.string().transform((value, context) => {
    const list = new BlockList();
    const entries = splitTrimmed(',')(value.toLowerCase());
    const addresses = entries.filter((entry) => !TRUE.includes(entry) && !FALSE.includes(entry));
    const isFine = addresses.every((entry) => addRange(list, entry));
    if (!isFine) context.addIssue({ code: 'custom', message: 'not a list of addresses' });
    return { peer: entries.some((entry) => TRUE.includes(entry)), list };
  }),
  accepts:
    'IP addresses or CIDR ranges separated by commas, or 1 for the direct peer; for example 10.0.0.0/8,::1',
};

/** `10.0.0.0/8,.bots.internal`; empty: anywhere but where nobody may. */
export const scrapeAllow: Kind<Allow> = {
  schema: z.string().transform((value, context) => {
    const allow = allowOf(splitTrimmed(',')(value.toLowerCase()));
    if (allow) return allow;
    context.addIssue({ code: 'custom', message: 'not a list of places' });
    return z.NEVER;
  }),
  accepts:
    'CIDR ranges, IP addresses and host suffixes separated by commas; for example 10.0.0.0/8,.bots.internal',
};

/** `https://ops.example.com,http://localhost:5173` */
export const origins: Kind<string[]> = {
  schema: z.string().transform((value, context) => {
    const list = splitTrimmed(',')(value.toLowerCase());
    if (!list.every(isOrigin)) context.addIssue({ code: 'custom', message: 'not a list of origins' });
    return list;
  }),
  // Argus compares each entry with the header as it is, so there all others open nothing.
  nearest: (text) => {
    const value = splitTrimmed(',')(text.toLowerCase()).filter(isOrigin);
    return { value, text: value.join(',') || 'none' };
  },
  accepts: 'origins separated by commas, without a path; for example https://ops.example.com',
};

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

export const logFormat: Kind<'text' | 'json'> = {
  schema: z
    .string()
    .toLowerCase()
    .pipe(z.enum(['text', 'json'])),
  accepts: 'text or json',
};

export const logLevel: Kind<Level> = {
  schema: z.string().toLowerCase().pipe(z.enum(LEVELS)),
  accepts: LEVELS.join(', '),
};

function splitTrimmed(separator: string): (value: string) => string[] {
  return (value) =>
    value
      .split(separator)
      .map((part) => part.trim())
      .filter((part) => part !== '');
}
