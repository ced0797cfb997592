// Calls the doctor in this process, with its real instruments, and gives what it said.
import { createAsk } from '../../../server/cli/doctor/ask.js';
import type { Role, Token } from '../../../server/cli/doctor/access.js';
import type { Call } from '../../../server/cli/doctor/call.js';
import { createCertificateReader } from '../../../server/cli/doctor/certificate.js';
import { examine } from '../../../server/cli/doctor/examine.js';
import type { Line, State } from '../../../server/cli/doctor/line.js';
import { createOpen } from '../../../server/cli/doctor/socket.js';
import type { Clock } from '../../../server/clock.js';
import { VERSION } from '../../../server/version.js';
import { TEST_STARTS_AT } from '../../harness.js';

export interface Patient {
  base: string;
  /** By role; "any" for whichever it has. */
  tokens?: Partial<Record<Role | 'any', string>>;
  more?: Partial<Call>;
  version?: string;
  /** The clock of the server, as both stand still until the test moves them. */
  wall?: Clock;
}

/** Without waiting for the frames that come every 5 s. */
export async function diagnose({
  base,
  tokens = {},
  more = {},
  version = VERSION,
  wall = () => TEST_STARTS_AT,
}: Patient): Promise<Line[]> {
  const call: Call = {
    base,
    tokens: Object.entries(tokens).map(([role, text]): Token => {
      const wanted = role === 'any' ? null : (role as Role);
      return { text, wanted, source: `--${role}` };
    }),
    namespace: null,
    timeoutMs: 5_000,
    idleMs: 0,
    mayWrite: false,
    isJson: false,
    lines: [],
    ...more,
  };
  const client = { base, timeoutMs: call.timeoutMs, now: Date.now, agent: 'doctor' };
  const lines: Line[] = [];
  await examine(call, {
    ask: createAsk(client),
    open: createOpen(client),
    readCertificate: createCertificateReader(call.timeoutMs),
    now: Date.now, // as the Date header of servers, and as certificates
    wall,
    version,
    tell: (...told) => void lines.push(...told),
  });
  return lines;
}

/** The lines of one check. */
export const of = (lines: Line[], name: string): Line[] => lines.filter((line) => line.name === name);

/** "ok GET /healthz …", of one check. */
export const said = (lines: Line[], name: string): string[] =>
  of(lines, name).map(({ state, what }) => `${state} ${what}`);

export const inState = (lines: Line[], state: State): string[] =>
  lines.filter((line) => line.state === state).map(({ name, what }) => `${name}: ${what}`);
