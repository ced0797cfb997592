// The native binary of the transport: whether it is one that Shardlight was tested with. Whoever can change it sees every token.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

/** SHA-256 of each binary that the tests ran with: `sha256sum node_modules/@uwsjs/*` + `/uws.node`. */
const TESTED: Readonly<Record<string, string>> = {
  '4d482084b665c225892917ee0e9b9572d89eaa6f3dc200ff5e536293d3456c89': 'linux-x64-20 20.51.4',
  f687e7c3666b5cca9d355184bbf07bb0550f5ba0d3ffd453248ccfec552dde6c: 'linux-x64-22 20.51.4',
};

/** Node.js keeps native modules beside those of `require`, by their path. */
const loadedPath = (): string | undefined =>
  Object.keys(createRequire(import.meta.url).cache).find((path) => /uws[^/\\]*\.node$/.test(path));

/** Null where nothing is to be said; else what, and what to do about it. */
export async function doubtsAboutBinary(path = loadedPath()): Promise<string | null> {
  if (path === undefined)
    return `It could not be found out which native binary serves HTTP here. ${WHAT_TO_DO}`;
  const hash = createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
  if (hash in TESTED) return null;
  return `${path} serves HTTP here and sees every token, and it is not a binary that Shardlight was tested with (its SHA-256 is ${hash}). ${WHAT_TO_DO}`;
}

const WHAT_TO_DO =
  'If you know where it is from, set SHARDLIGHT_ALLOW_UNKNOWN_BINARY=1; else install again with "npm ci". "Security" in the README says more';
