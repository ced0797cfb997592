// What node must be, and how it is started: the transport's binary is made for some majors of it, and for systems with glibc.

/**
 * How node is started wherever we start it: what a beat leaves behind is thrown away soon, and by the thread that made it.
 * At 5,000 clusters × 16 shards that is 141 MB instead of 172, and no slower. `package.json`, the README and
 * `scripts/build.mjs` say the same.
 */
export const NODE_FLAGS = ['--max-semi-space-size=2', '--single-threaded-gc'];

/** Majors of Node.js, and the oldest glibc that their binary takes. The second line is optional, and tried second. */
const LINES: readonly { majors: readonly number[]; glibc: string }[] = [
  { majors: [20, 22], glibc: '2.27' },
  { majors: [24, 26], glibc: '2.38' },
];

/** The part of node's `process` that tells. */
export interface Runtime {
  platform: string;
  arch: string;
  versions: { node: string };
  report?: { getReport: () => unknown };
}

/** Null: it runs here. Else what is wrong, why, and what to do. */
export function unsupported({ platform, arch, versions, report }: Runtime): string | null {
  const major = Number(versions.node.split('.')[0]);
  const line = LINES.find(({ majors }) => majors.includes(major));
  if (!line) return refusal(`Node.js ${versions.node} is not one that its transport has a binary for.`);
  if (platform !== 'linux') return null;
  const glibc = glibcOf(report);
  if (glibc === null)
    return refusal(
      `this Linux (${arch}) has no glibc; its transport has no binary for musl, as Alpine has it.`,
    );
  if (isOlder(glibc, line.glibc))
    return refusal(`Node.js ${major} needs glibc ${line.glibc} or newer here, and this system has ${glibc}.`);
  return null;
}

const refusal = (why: string): string => `Shardlight did not start: ${why}
  What to do: install Node.js 22 or 20 (on Linux with glibc 2.27 or newer: Debian 10, Ubuntu 18.04, and later),
  or Node.js 24 or 26 on glibc 2.38 or newer (Debian 13, Ubuntu 24.04). Then run "npm install" again: it fetches the binary for that Node.js.`;

function glibcOf(report: Runtime['report']): string | null {
  const { header } = report!.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime ?? null;
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = than.split('.').map(Number);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}
