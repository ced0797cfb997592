// The demo's flags, read from its arguments: what is played, how big, and with which dice.
import { parseArgs } from 'node:util';
import { scriptNames, scripts, type ScriptName } from './repertoire.js';

export interface Flags {
  /** None: a round of everything. */
  scripts: ScriptName[];
  shards: number;
  seed: number;
  help: boolean;
}

export type ReadFlags = { ok: true; flags: Flags } | { ok: false; mistake: string };

/** What Discord gives to one bot at most. */
const MAX_SHARDS = 16_384;
const MAX_SEED = 999_999_999;

const lineOf = (flag: string, help: string): string => `  ${flag.padEnd(20)}${help}`;

export const USAGE = `Usage: npm run demo -- [scenario…] [--shards <count>] [--seed <number>]
Starts Shardlight on loopback with a pretend fleet that reports to it.

Scenarios; without one, a round of everything:
${scriptNames.map((name) => lineOf(`--${name}`, helpOf(name))).join('\n')}

${lineOf('--shards <count>', `shards of the big bot, 1 to ${MAX_SHARDS} (240)`)}
${lineOf('--seed <number>', 'another number, another course of events (1)')}
${lineOf('--help', 'says this')}

The port is 9190, or SHARDLIGHT_PORT.`;

function helpOf(name: ScriptName): string {
  const { help, isAlone } = scripts[name];
  return isAlone ? `${help}; goes with no other` : help;
}

const options = {
  shards: { type: 'string', default: '240' },
  seed: { type: 'string', default: '1' },
  help: { type: 'boolean', default: false },
} as const;

export function readFlags(args: string[]): ReadFlags {
  const said = parse(args);
  if (typeof said === 'string') return { ok: false, mistake: said };
  const { shards, seed, help } = said;
  const chosen = scriptNames.filter((name) => said[name] === true);
  const loner = chosen.find((name) => scripts[name].isAlone);
  if (loner !== undefined && chosen.length > 1)
    return { ok: false, mistake: `--${loner} goes with no other scenario` };
  if (!isWithin(shards, 1, MAX_SHARDS))
    return { ok: false, mistake: outside('--shards', shards, 1, MAX_SHARDS) };
  if (!isWithin(seed, 0, MAX_SEED)) return { ok: false, mistake: outside('--seed', seed, 0, MAX_SEED) };
  return {
    ok: true,
    flags: { scripts: chosen, shards: Number(shards), seed: Number(seed), help: help === true },
  };
}

type Said = Record<string, string | boolean | undefined>;

/** A text: what is wrong, in Node's words, of which the first sentence says it. */
function parse(args: string[]): Said | string {
  const ofScripts = Object.fromEntries(scriptNames.map((name) => [name, { type: 'boolean' as const }]));
  try {
    return parseArgs({ args, options: { ...ofScripts, ...options } }).values;
  } catch (error) {
    return error instanceof Error ? error.message.split('. ')[0]! : String(error);
  }
}

const isWithin = (text: unknown, min: number, max: number): boolean =>
  typeof text === 'string' && /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max;

const outside = (flag: string, found: unknown, min: number, max: number): string =>
  `${flag} takes a whole number from ${min} to ${max}, not '${String(found)}'`;
