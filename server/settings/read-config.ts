// Reads the environment and its .env file by the table in config.ts: every mistake at once, secrets never shown.
import { existsSync, readFileSync } from 'node:fs';
import {
  namesOf,
  variables,
  type Environment,
  type Settings,
  type Variable,
  type VariableKey,
} from '../config.js';
import { decoded, parseDotEnv } from './dot-env.js';
import { nearestName } from './nearest-name.js';

/** `found` is left out where it is a secret. */
export interface Mistake {
  variable: string;
  found: string;
  accepts: string;
}

/** With mistakes, the wrong ones are as if unset, so that what follows from the others can be checked too. */
export interface Loaded {
  settings: Settings;
  mistakes: Mistake[];
  /** What was read differently from how it was written, in sentences. */
  notes: string[];
  /** Variables that look like ours and are read by nobody, each with the name that was probably meant. */
  unused: { name: string; meant: string | null }[];
}

/** The process's environment over its `.env` file. A file that was named must be there. */
export function readEnvironment(): { environment: Environment; mistakes: Mistake[] } {
  const mistakes: Mistake[] = [];
  const named = find('ENV_FILE', process.env, mistakes);
  const file = named?.value ?? variables.ENV_FILE.default;
  if (!named && !existsSync(file)) return { environment: process.env, mistakes };
  const text = readText(named?.name ?? 'SHARDLIGHT_ENV_FILE', file, mistakes) ?? '';
  const read = parseDotEnv(text);
  if (!read.ok) mistakes.push({ variable: file, found: read.found, accepts: read.accepts });
  const values = read.ok ? read.values : {};
  return { environment: { ...values, ...withoutEmpty(process.env) }, mistakes };
}

/** By no-color.org: whatever its value, unless it is empty. */
export const isColourWanted = (): boolean => !process.env.NO_COLOR;

/** Reads every variable, and reports all mistakes at once. */
export function loadSettings(environment: Environment): Loaded {
  const mistakes: Mistake[] = [];
  const notes: string[] = [];
  const read = Object.keys(variables).map((key) => [
    key,
    readVariable(key as VariableKey, environment, mistakes, notes),
  ]);
  const settings = Object.fromEntries(read) as Settings;
  return { settings, mistakes, notes, unused: unusedNames(environment) };
}

function readVariable(
  key: VariableKey,
  environment: Environment,
  mistakes: Mistake[],
  notes: string[],
): unknown {
  const row: Variable<unknown> = variables[key];
  const unset = row.default === undefined ? null : row.kind.schema.parse(row.default);
  const found = find(key, environment, mistakes);
  if (found?.value === undefined) return unset;
  const parsed = row.kind.schema.safeParse(found.value);
  if (parsed.success) return parsed.data;
  const near = found.name.startsWith('SHARDLIGHT_') ? undefined : row.kind.nearest?.(found.value);
  if (near) {
    notes.push(
      `${found.name} is "${found.value.slice(0, 200)}". Shardlight accepts ${row.kind.accepts}; it uses ${near.text}.`,
    );
    return near.value;
  }
  const shown = row.secret ? 'a value that is not shown' : `"${found.value.slice(0, 200)}"`;
  mistakes.push({ variable: found.name, found: shown, accepts: row.kind.accepts });
  return unset;
}

/** The first of the variable's names that is set; empty means unset. */
function find(
  key: VariableKey,
  environment: Environment,
  mistakes: Mistake[],
): { name: string; value: string | undefined } | undefined {
  const row: Variable<unknown> = variables[key];
  for (const name of namesOf(key)) {
    const value = environment[name]?.trim();
    if (value) return { name, value };
    const path = row.secret ? environment[`${name}_FILE`] : undefined;
    if (path) return { name: `${name}_FILE`, value: readSecret(`${name}_FILE`, path, mistakes) };
  }
  return undefined;
}

/** A file that was named for a secret and holds none would open what it was to lock. */
function readSecret(name: string, path: string, mistakes: Mistake[]): string | undefined {
  const secret = readText(name, path, mistakes)?.trim();
  if (secret === '')
    mistakes.push({ variable: name, found: 'an empty file', accepts: 'a file that holds the secret' });
  return secret || undefined;
}

function readText(name: string, path: string, mistakes: Mistake[]): string | undefined {
  try {
    return decoded(readFileSync(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    mistakes.push({
      variable: name,
      found: `"${path}" (${code})`,
      accepts: 'the path of a file that can be read',
    });
    return undefined;
  }
}

const OURS = /^(SHARDLIGHT|ARGUS_FLEET|GLANCE)_/i;

/** Set, and looking like ours, but read by nobody: a typing mistake, or meant for a bot. */
function unusedNames(environment: Environment): Loaded['unused'] {
  const keys = Object.keys(variables) as VariableKey[];
  const names = keys.flatMap(namesOf);
  const files = keys.flatMap((key) => ('secret' in variables[key] ? namesOf(key).map(fileOf) : []));
  const known = new Set([...names, ...files]);
  const written = Object.keys(withoutEmpty(environment));
  return written
    .filter((name) => OURS.test(name) && !known.has(name))
    .map((name) => {
      const meant = names.find((one) => fileOf(one) === name) ?? nearestName(name, [...names, ...files]);
      return { name, meant: MEMBERS.includes(name) ? null : meant };
    });
}

const fileOf = (name: string): string => `${name}_FILE`;

/** Read by Argus's bots, which may share the file. */
const MEMBERS = ['URL', 'GROUP', 'ID', 'STATE_DIR', 'SCRAPE_TARGET'].map((name) => `ARGUS_FLEET_${name}`);

const withoutEmpty = (environment: Environment): Environment =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
