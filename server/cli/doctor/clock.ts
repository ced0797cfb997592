// Whether both clocks agree: the times on the page, and how long clusters may be silent, are told by the server's.
import type { Answer } from './ask.js';
import { ok, problem, skipped, warning, type Line } from './line.js';

const NAME = 'clock';
/** The header has whole seconds, and servers renew it once a second. */
const DATE_RESOLUTION_MS = 2_000;
const WARN_MS = 2_000;
const PROBLEM_MS = 30_000;

/** By the Date header. The server wrote it between our question and its answer, so only what that cannot explain is skew. */
export function clockLine({
  headers,
  sentAt,
  receivedAt,
}: Pick<Answer, 'headers' | 'sentAt' | 'receivedAt'>): Line {
  const date = Date.parse(headers.date ?? '');
  if (Number.isNaN(date)) return skipped(NAME, 'the clock was not compared: the answer has no Date');
  const ahead = date - receivedAt;
  const behind = sentAt - (date + DATE_RESOLUTION_MS);
  const skewMs = Math.max(ahead, behind, 0);
  if (skewMs <= WARN_MS) return ok(NAME, 'the clocks of server and this machine agree within 2 s');
  const what = `the server's clock is ${roughly(skewMs)} ${ahead > behind ? 'ahead of' : 'behind'} that of this machine`;
  const fix =
    'Set both by NTP (for example with chrony or systemd-timesyncd): "timedatectl" tells which of them is wrong.';
  return skewMs > PROBLEM_MS ? problem(NAME, what, fix) : warning(NAME, what, fix);
}

/** A view says when it was made, which may be some seconds ago: the page counts on from there by itself. */
const VIEW_AGE_MS = 10_000;

/** What people read follows a clock of its own, which the Date header does not show. `at`: of the view, in ms since 1970. */
export function shownClockLine(
  at: number,
  { sentAt, receivedAt }: Pick<Answer, 'sentAt' | 'receivedAt'>,
): Line {
  const ahead = at - receivedAt;
  const behind = sentAt - (at + VIEW_AGE_MS);
  const skewMs = Math.max(ahead, behind, 0);
  if (skewMs <= WARN_MS)
    return ok('shown-time', 'the times on the page agree with the clock of this machine');
  const what = `the times on the page are ${roughly(skewMs)} ${ahead > behind ? 'ahead of' : 'behind'} the clock of this machine`;
  const fix =
    "If the line on the clock above is fine, the server's clock was set back a moment ago: the page follows within a minute, so run the doctor again. If it stays, restart the server.";
  return skewMs > PROBLEM_MS ? problem('shown-time', what, fix) : warning('shown-time', what, fix);
}

const roughly = (ms: number): string =>
  ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000).toLocaleString('en')} minutes`;
