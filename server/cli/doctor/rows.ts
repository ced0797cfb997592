// What operators see in outline: clusters with something wrong, shards that two claim, bots that change their size.
import * as z from 'zod';
import { formatRanges } from '../../../public/shared/ranges.js';
import type { FleetCount } from './fleets.js';
import { counted, ok, problem, shown, warning, type Line } from './line.js';

const count = z.number().int().min(0);
const botRow = z.object({ key: z.string(), doubleClaims: z.array(count), declared: z.array(count) });
const fleetRow = z.object({ name: z.string(), clusters: count, clustersUp: count, clustersStopped: count });
const clusterRow = z.object({
  identity: z.string(),
  fleet: z.string(),
  number: count,
  notes: z.array(z.string()),
});
const snapshot = z.object({ op: z.literal('snapshot'), rows: z.record(z.string(), z.unknown()) });

export interface Outline {
  bots: z.output<typeof botRow>[];
  fleets: FleetCount[];
  /** The 30 worst. */
  clusters: z.output<typeof clusterRow>[];
}

const patch = z.object({ put: z.record(z.string(), z.unknown()) });
const stamped = z.object({ e: z.string().min(1) });

/** A snapshot may come in pieces, and says its epoch with the last one. What is no snapshot is whole. */
export const isWhole = (frames: readonly unknown[]): boolean =>
  !snapshot.safeParse(frames[0]).success || frames.some((frame) => stamped.safeParse(frame).success);

/** The first frame of the global scope, and the pieces after it; null: that was something else. Rows of another version are left out. */
export function readOutline(frame: unknown, ...pieces: unknown[]): Outline | null {
  const read = snapshot.safeParse(frame);
  if (!read.success) return null;
  const rows = Object.assign(
    {},
    read.data.rows,
    ...pieces.map((piece) => patch.safeParse(piece).data?.put),
  ) as object;
  const of = <T>(kind: string, row: z.ZodType<T>): T[] =>
    Object.entries(rows)
      .filter(([key]) => key.startsWith(`${kind}/`))
      .flatMap(([, value]) => row.safeParse(value).data ?? []);
  const fleets = of('fleet', fleetRow).map(({ name, clusters, clustersUp, clustersStopped }) => ({
    name,
    total: clusters,
    up: clustersUp,
    stopped: clustersStopped,
  }));
  return { bots: of('bot', botRow), clusters: of('cluster', clusterRow), fleets };
}

export function outlineLines({ bots, clusters }: Outline): Line[] {
  return [...claimLines(bots), ...sizeLines(clusters), ...identityLines(clusters), ...resharding(bots)];
}

function claimLines(bots: Outline['bots']): Line[] {
  const doubled = bots.filter(({ doubleClaims }) => doubleClaims.length > 0);
  if (doubled.length === 0) return [ok('double-claims', 'no shard is claimed by two clusters')];
  return doubled.map(({ key, doubleClaims }) =>
    problem(
      'double-claims',
      `bot '${shown(key)}': ${counted(doubleClaims.length, 'shard is', 'shards are')} Online in two clusters at once: ${shown(formatRanges(doubleClaims))}`,
      'Two processes run the same shards, or two bots count as one: stop one of them, or name the bot of each (its "bot" field, or SHARDLIGHT_MEMBERS).',
    ),
  );
}

const having = (clusters: Outline['clusters'], note: string): Outline['clusters'] =>
  clusters.filter(({ notes }) => notes.includes(note));

const MAX_NAMES = 5;

function named(clusters: Outline['clusters']): string {
  const names = clusters
    .slice(0, MAX_NAMES)
    .map(({ fleet, number, identity }) => `${shown(fleet)} #${number} (${shown(identity)})`);
  const more = clusters.length - MAX_NAMES;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function sizeLines(clusters: Outline['clusters']): Line[] {
  const large = having(clusters, 'snapshot-too-large');
  if (large.length === 0) return [ok('snapshot-size', 'every snapshot was short enough to be read')];
  return [
    problem(
      'snapshot-size',
      `the snapshots of ${counted(large.length, 'cluster')} are too long to be read: ${named(large)}`,
      'They count as signs of life only. Raise SHARDLIGHT_MAX_BODY_BYTES (and the body limit of the proxy), or let the bots send fewer labels.',
    ),
  ];
}

function identityLines(clusters: Outline['clusters']): Line[] {
  const shared = having(clusters, 'two-senders');
  const moving = having(clusters, 'two-addresses').filter((one) => !shared.includes(one));
  if (shared.length + moving.length === 0)
    return [ok('identities', 'every identity is used by one process, and heard from one place')];
  return [...sharedLines(shared), ...movingLines(moving)];
}

function sharedLines(shared: Outline['clusters']): Line[] {
  if (shared.length === 0) return [];
  return [
    problem(
      'identities',
      `two senders: ${counted(shared.length, 'identity is', 'identities are')} used by two processes, so one hides the other: ${named(shared)}`,
      'Give each process its own: ARGUS_CLUSTER_ID or a state folder (ARGUS_FLEET_STATE_DIR) for Argus, "bot", "identity" or "stateDir" for shardlight/member.',
    ),
  ];
}

function movingLines(moving: Outline['clusters']): Line[] {
  if (moving.length === 0) return [];
  return [
    warning(
      'identities',
      `${counted(moving.length, 'identity is', 'identities are')} heard from two addresses in turns: ${named(moving)}`,
      'Two processes may share one CLUSTER_ID: give each its own. A machine with two ways out does this too, and is fine.',
    ),
  ];
}

const resharding = (bots: Outline['bots']): Line[] =>
  bots
    .filter(({ declared }) => declared.length > 1)
    .map(({ key, declared }) =>
      warning(
        'shard-count',
        `bot '${shown(key)}': clusters declare ${declared.join(' and ')} shards`,
        'Fine while it reshards. Else some run with an old count: restart those, or set the count in SHARDLIGHT_BOTS.',
      ),
    );
