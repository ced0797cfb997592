// Which version this is, out of package.json: the package knows itself by its name, built or not.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const packed = readFileSync(createRequire(import.meta.url).resolve('shardlight/package.json'), 'utf8');

export const { version: VERSION } = JSON.parse(packed) as { version: string };
