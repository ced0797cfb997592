// Which version this is, out of package.json: it lies two folders above, built or not.
import { readFileSync } from 'node:fs';

const packed = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');

export const { version: VERSION } = JSON.parse(packed) as { version: string };
