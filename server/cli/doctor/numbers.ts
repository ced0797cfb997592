// What the server measures of itself: its state file, its log, how long reports are, who hides behind whom, its version.
import type { Asked } from './ask.js';
import { ok, problem, shown, skipped, warning, type Line } from './line.js';
import { PATHS } from './paths.js';
import { unheard } from './reach.js';

/** Values by series, as Prometheus reads them: `name` or `name{labels}`. */
export type Series = ReadonlyMap<string, number>;

export function readSeries(text: string): Series {
  const series = new Map<string, number>();
  for (const line of text.split('\n')) {
    const space = line.lastIndexOf(' ');
    if (line.startsWith('#') || space < 1) continue;
    series.set(line.slice(0, space), Number(line.slice(space + 1)));
  }
  return series;
}

export const MAX_METRICS_BYTES = 8 * 1024 * 1024;

const STALE_AFTER_S = 60;
const NEAR = 0.8;

/** `version`: the doctor's own. */
export function numberLines(asked: Asked, version: string): Line[] {
  if (asked.kind === 'failure') return [unheard('metrics', PATHS.metrics, asked)];
  const what = `GET ${PATHS.metrics} -> ${asked.status}`;
  const series = readSeries(asked.text);
  if (asked.status !== 200 || ![...series.keys()].some((key) => key.startsWith('shardlight_')))
    return [
      problem(
        'metrics',
        `${what}: the answer has no numbers from Shardlight`,
        'Let the proxy pass this path to Shardlight.',
      ),
    ];
  return [
    ok('metrics', what),
    logLine(series),
    stateLine(series),
    linkLine(series),
    reportLine(series),
    proxyLine(series),
    versionLine(series, version),
  ];
}

function logLine(series: Series): Line {
  const isFailing = series.get('shardlight_log_failing');
  if (isFailing === undefined) return unsaid('log', 'the log');
  if (isFailing === 0) return ok('log', 'what must not be lost reaches the disk');
  return problem(
    'log',
    'the log or the state file cannot be written: a crash would lose numbers and names, and new clusters are refused',
    'Look at the log of the server; make room on the disk of SHARDLIGHT_STATE, and see that its folder may be written.',
  );
}

/** It is saved every few seconds, if something changes: while clusters beat, something does. */
function stateLine(series: Series): Line {
  const age = series.get('shardlight_state_age_seconds');
  if (age === undefined) return unsaid('state', 'the state file');
  const what = `the state file is ${Math.round(age).toLocaleString('en')} s old`;
  const isBusy = (series.get('shardlight_clusters{status="up"}') ?? 0) > 0;
  if (age <= STALE_AFTER_S) return ok('state', what);
  if (!isBusy) return ok('state', `${what}, and no cluster is up that would change it`);
  return problem(
    'state',
    `${what}, though clusters report`,
    'Look at the log of the server, and at the disk of SHARDLIGHT_STATE: after a crash the page would begin with what is in that file.',
  );
}

function linkLine(series: Series): Line {
  const count = series.get('shardlight_state_links_total');
  if (count === undefined) return unsaid('state-links', 'whether the state file has other names');
  if (count === 0) return ok('state-links', 'the state file has one name');
  return warning(
    'state-links',
    `since the start, ${count} ${count === 1 ? 'save' : 'saves'} found the state file under another name, too: a hard link, or it was moved`,
    'As a backup that is fine. Never start another Shardlight with that file while this one runs: both would go on as the same server.',
  );
}

function reportLine(series: Series): Line {
  const largest = series.get('shardlight_report_largest_bytes');
  const limit = series.get('shardlight_report_limit_bytes');
  if (largest === undefined || limit === undefined || !(limit > 0))
    return unsaid('report-size', 'how long reports are');
  const what =
    largest === 0
      ? 'no report came in the last minutes'
      : `the longest report of the last minutes is ${largest.toLocaleString('en')} of ${limit.toLocaleString('en')} bytes (${Math.round((100 * largest) / limit)} %)`;
  if (largest < NEAR * limit) return ok('report-size', what);
  return warning(
    'report-size',
    what,
    'Longer ones are not read. Raise SHARDLIGHT_MAX_BODY_BYTES (and the body limit of the proxy), or let bots send fewer labels.',
  );
}

function proxyLine(series: Series): Line {
  const undeclared = series.get('shardlight_undeclared_proxies');
  if (undeclared === undefined) return unsaid('proxies', 'undeclared proxies');
  if (undeclared === 0) return ok('proxies', 'nobody speaks for others without being declared as a proxy');
  return warning(
    'proxies',
    'requests come with X-Forwarded-For from a proxy that nobody declared: everybody behind it counts as one address, and shares all limits',
    'The log of the server names its address: set SHARDLIGHT_TRUSTED_PROXY to that and start it again. If you have no proxy, somebody tries to pass for others, in vain.',
  );
}

const BUILD = /^shardlight_build_info\{version="([^"]*)"\}$/;

function versionLine(series: Series, version: string): Line {
  const theirs = [...series.keys()].map((key) => BUILD.exec(key)?.[1]).find((found) => found !== undefined);
  if (theirs === undefined) return unsaid('version', 'its version');
  if (theirs === version) return ok('version', `version ${version}, as this doctor`);
  return warning(
    'version',
    `the server is version ${shown(theirs)}, this doctor is ${version}`,
    'Use the same version of both: each may know things that the other does not.',
  );
}

/** By a server of another version. */
const unsaid = (name: string, what: string): Line => skipped(name, `${what}: the server does not say`);
