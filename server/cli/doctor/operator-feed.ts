// The operators' socket: one look at everything in outline, or a watch for one cluster.
import type { Scope } from '../../../public/shared/operator-wire.js';
import type { Failure } from './failure.js';
import { problem, shown, type Line } from './line.js';
import { PATHS } from './paths.js';
import { reasonOf } from './reach.js';
import { isWhole, readOutline, type Outline } from './rows.js';
import type { Open, OpenSocket, Refused } from './socket.js';

export interface Watch {
  socket: OpenSocket;
  /** Of this scope, the latest last. */
  frames: { op: string; receivedAt: number; value: unknown }[];
}

export async function watchScope(
  open: Open,
  token: string | null,
  scope: Scope,
): Promise<Watch | Refused | Failure> {
  const frames: Watch['frames'] = [];
  const opening = await open({
    path: PATHS.operatorFeed,
    token,
    heard: (text, receivedAt) => {
      const value = parse(text);
      if (value?.scope === scope) frames.push({ op: String(value.op), receivedAt, value });
    },
  });
  if (opening.kind !== 'open') return opening;
  opening.send(JSON.stringify({ op: 'watch', scope, v: 0, e: '' }));
  return { socket: opening, frames };
}

function parse(text: string): { op?: unknown; scope?: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null; // no JSON
  }
}

const NAME = 'operator-feed';

/** Everything in outline, or the line that says why not. */
export async function lookAtAll(
  open: Open,
  token: string | null,
  timeoutMs: number,
): Promise<Outline | Line> {
  const watch = await watchScope(open, token, 'global');
  if ('kind' in watch) return unopenedLine(watch);
  const { socket, frames } = watch;
  const heard = (): unknown[] => frames.map(({ value }) => value);
  await socket.until(() => frames.length > 0 && isWhole(heard()), timeoutMs);
  const closed = socket.closed();
  socket.end();
  const outline = readOutline(...(heard() as [unknown]));
  if (outline) return outline;
  const what = closed
    ? `closed with ${closed.code} ${shown(closed.reason)}`
    : `no snapshot within ${timeoutMs / 1000} s`;
  return problem(
    NAME,
    `WS ${PATHS.operatorFeed} -> 101, then ${what.trim()}`,
    'Look at the log of the proxy, and at the lines on /live here.',
  );
}

export function unopenedLine(opening: Refused | Failure): Line {
  if (opening.kind === 'failure')
    return problem(NAME, `WS ${PATHS.operatorFeed}: ${opening.what}`, opening.fix);
  return problem(
    NAME,
    `WS ${PATHS.operatorFeed} -> ${opening.status}: ${shown(reasonOf(opening.text))}`,
    'If pages are live (below), the proxy passes sockets on /live only: pass them on /live/operator, too.',
  );
}
