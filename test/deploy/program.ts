// Programs that tests run and that may be missing.
import { spawnSync } from 'node:child_process';

/** False: it is here. Else why a test with it is skipped. */
export const whySkipped = (command: string, apt: string): string | false =>
  spawnSync('sh', ['-c', `command -v ${command}`]).status === 0
    ? false
    : `${command} is not here (apt package ${apt})`;

/** Runs it to its end. `said`: stdout and stderr, one after the other. */
export function run(command: string, args: string[], cwd = '.'): { code: number | null; said: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', cwd });
  return { code: status, said: error ? error.message : `${stdout}${stderr}` };
}
