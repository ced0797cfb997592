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

const roughly = (ms: number): string =>
  ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000).toLocaleString('en')} minutes`;
