// What a start says to these variables, and small files to name in them.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Environment } from '../../server/config.js';
import { loadSettings, type Mistake } from '../../server/settings/read-config.js';
import { settle, type Plan } from '../../server/settings/settle-config.js';

export function planOf(environment: Environment): Plan {
  const loaded = loadSettings(environment);
  if (loaded.mistakes.length > 0) throw new Error(JSON.stringify(loaded.mistakes));
  const settled = settle(loaded.settings);
  if (!settled.ok) throw new Error(JSON.stringify(settled.mistakes));
  return settled.plan;
}

export function mistakesOf(environment: Environment): Mistake[] {
  const loaded = loadSettings(environment);
  const settled = settle(loaded.settings);
  return [...loaded.mistakes, ...(settled.ok ? [] : settled.mistakes)];
}

export function fileOf(name: string, content: string | Buffer): string {
  const path = join(mkdtempSync(join(tmpdir(), 'shardlight-brand-')), name);
  writeFileSync(path, content);
  return path;
}
