// `npm run attack [-- name]`: attacks a server of its own, on loopback, some seconds each, and prints what it withstood.
import { parseArgs } from 'node:util';
import type { Attack } from './attack.js';
import { ATTACKS } from './attacks.js';
import { faultsOf, tableOf, type Result } from './result.js';
import { nextMessage, startProcess } from '../bench/children.js';
import { startTarget, type Target } from './target.js';
import { visit } from './visitor.js';

const FOR_MS = 6_000;
const BEFORE_MS = 2_000;
const EX_USAGE = 2;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Those whose names hold what was asked for; says how to ask, and ends, when there are none. */
function chosen(): Attack[] {
  try {
    const { positionals } = parseArgs({ allowPositionals: true });
    const asked = positionals.join(' ');
    const found = ATTACKS.filter(({ name }) => name.includes(asked));
    if (found.length > 0) return found;
  } catch {
    // told below, as what is not found
  }
  say(`Usage: npm run attack -- [part of a name]\n${ATTACKS.map(({ name }) => `  ${name}`).join('\n')}`);
  process.exit(EX_USAGE);
}

async function measure(attack: Attack): Promise<Result> {
  const target = await startTarget(attack.settings);
  try {
    await attack.prepare?.(target);
    const warmAt = performance.now() + BEFORE_MS;
    const before = await visit(target.port, () => performance.now() >= warmAt);
    return { ...(await strike(attack, target)), before };
  } finally {
    await target.stop();
  }
}

/** The attacker, the visitor, and whoever looks whether all is well, at the same time. */
async function strike(attack: Attack, target: Target): Promise<Omit<Result, 'before'>> {
  const { rssBytes } = await target.ask('memory');
  await target.ask('longestStallMs');
  const cpuBefore = await target.ask('cpuMs');
  const attacker = startProcess(
    'attack/attack-child.js',
    [attack.name, `${target.port}`, `${FOR_MS}`],
    [],
    'pipe',
  );
  attacker.stderr?.pipe(process.stderr);
  let isOver = false;
  const sent = nextMessage(attacker).finally(() => (isOver = true));
  const [during, broken] = await Promise.all([
    visit(target.port, () => isOver),
    watch(attack, target, () => isOver),
  ]);
  const longestStallMs = await target.ask('longestStallMs');
  const cpuShare = ((await target.ask('cpuMs')) - cpuBefore) / FOR_MS;
  const after = await target.ask('memory');
  const line = attack.named && target.log.find((one) => attack.named?.test(one));
  return {
    name: attack.name,
    sent: (await sent) as number,
    during,
    longestStallMs,
    cpuShare,
    grownBytes: after.rssBytes - rssBytes,
    line: line ?? undefined,
    isNamed: attack.named === null || line !== undefined,
    broken,
  };
}

const LOOK_EVERY_MS = 500;

async function watch({ still }: Attack, target: Target, isOver: () => boolean): Promise<string | null> {
  let broken: string | null = null;
  while (still && !isOver()) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    if (!(await still.isSo(target))) broken = still.what;
  }
  return broken;
}

const results: Result[] = [];
for (const attack of chosen()) {
  say(`${attack.name} …`);
  results.push(await measure(attack));
}
console.log(tableOf(results));
process.exitCode = results.some((one) => faultsOf(one).length > 0) ? 1 : 0;
