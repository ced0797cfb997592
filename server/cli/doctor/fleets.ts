// The fleets: which clusters are down, and whether any are there.
import * as z from 'zod';
import { jsonOf, type Asked } from './ask.js';
import { counted, ok, problem, shown, warning, type Line } from './line.js';
import { PATHS } from './paths.js';
import { reasonOf, unheard } from './reach.js';

export interface FleetCount {
  name: string;
  total: number;
  up: number;
  /** Stopped on purpose. */
  stopped: number;
}

const view = z.object({
  fleets: z.array(z.object({ name: z.string(), clusters_up: z.number(), clusters_total: z.number() })),
});

/** The whole view of the largest fleets is 7 MB. */
export const MAX_FLEET_VIEW_BYTES = 64 * 1024 * 1024;

const NAME = 'fleet-view';

/** Of /api/fleet/view. Null fleets: it did not say. */
export function readFleets(asked: Asked): { line: Line; fleets: FleetCount[] | null } {
  if (asked.kind === 'failure') return { line: unheard(NAME, PATHS.fleet, asked), fleets: null };
  const { status, text } = asked;
  const what = `GET ${PATHS.fleet} -> ${status}`;
  if (status !== 200)
    return {
      line: problem(NAME, `${what}: ${shown(reasonOf(text))}`, 'Look at the log of the server.'),
      fleets: null,
    };
  const read = view.safeParse(jsonOf(asked));
  if (!read.success)
    return {
      line: problem(
        NAME,
        `${what}: the answer is not a fleet view`,
        'Let the proxy pass this path to Shardlight, and keep nothing of it.',
      ),
      fleets: null,
    };
  const fleets = read.data.fleets.map(({ name, clusters_up: up, clusters_total: total }) => ({
    name,
    up,
    total,
    stopped: 0,
  }));
  return { line: ok(NAME, what), fleets };
}

const MAX_FLEET_LINES = 20;

/** `hasReports`: some bot was heard, if not from clusters. */
export function fleetLines(fleets: readonly FleetCount[], hasReports: boolean): Line[] {
  const sum = (of: (fleet: FleetCount) => number): number =>
    fleets.reduce((all, fleet) => all + of(fleet), 0);
  const total = sum((fleet) => fleet.total);
  if (total === 0) return [noneLine(hasReports)];
  const up = `${sum((fleet) => fleet.up)}/${total} clusters up`;
  const stopped = sum((fleet) => fleet.stopped);
  const ill = fleets.filter((fleet) => downOf(fleet) > 0).sort((a, b) => downOf(b) - downOf(a));
  const more = ill.length - MAX_FLEET_LINES;
  return [
    ok('fleets', `${fleets.length} fleet(s), ${up}${stopped > 0 ? `, ${stopped} stopped on purpose` : ''}`),
    ...ill.slice(0, MAX_FLEET_LINES).map(downLine),
    ...(more > 0
      ? [problem('clusters-down', `clusters are down in ${counted(more, 'more fleet')}`, DOWN_FIX)]
      : []),
  ];
}

const downOf = ({ total, up, stopped }: FleetCount): number => total - up - stopped;

const DOWN_FIX =
  'See which on /operator. Is the process of each running, and can it reach this address? One that is gone for good is forgotten there.';

const downLine = (fleet: FleetCount): Line =>
  problem('clusters-down', `fleet '${shown(fleet.name)}': ${downOf(fleet)} cluster(s) down`, DOWN_FIX);

function noneLine(hasReports: boolean): Line {
  if (hasReports) return ok('fleets', 'no clusters registered; bots report without');
  return warning(
    'fleets',
    'no clusters registered yet (members opt in via ARGUS_FLEET_URL, or report() of shardlight/member)',
    'The page shows the lines that connect a bot until the first one reports; /operator?view=connect has them all.',
  );
}
