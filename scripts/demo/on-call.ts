// What pictures of the operator view are taken of: a quarter of an hour in which a cluster goes silent. A scenario like the others.
import { OFFLINE, ONLINE, RESUMING } from '../../public/shared/states.js';
import { aurora } from './fleet.js';
import type { Scenario } from './scenario.js';

const MINUTE_MS = 60_000;
const BEAT_MS = 15_000;
const STARTED_MS = -50 * 60 * MINUTE_MS;
/** When the picture is taken, on the scenario's clock. */
export const ON_CALL_AT_MS = 16 * MINUTE_MS;
/** The cluster that says nothing any more, from then on. */
export const SILENT = { identity: 'aurora-asia-1', fromMs: ON_CALL_AT_MS - 3 * MINUTE_MS };

/** One beat after the other, the picture's last. */
export const beatsMs: number[] = Array.from({ length: ON_CALL_AT_MS / BEAT_MS + 1 }, (_, i) => i * BEAT_MS);

export const onCall: Scenario = (member, atMs) => {
  if (member.identity === SILENT.identity && atMs >= SILENT.fromMs) return null;
  const shards = member.shards.map((id) => ({
    id,
    state: member.bot === aurora ? stateOf(id, ON_CALL_AT_MS - atMs) : ONLINE,
    latencyMs: 38 + ((id * 37) % 200) / 10 + slowness(id, atMs) + 3 * Math.sin(atMs / 97_000 + id),
  }));
  return { startedAtMs: STARTED_MS, shards };
};

function stateOf(id: number, beforeMs: number): number {
  if (id === 61 && beforeMs <= 9 * MINUTE_MS) return OFFLINE;
  return (id === 178 || id === 183) && beforeMs <= MINUTE_MS ? RESUMING : ONLINE;
}

/** The connection of one cluster gets worse and worse. */
const slowness = (id: number, atMs: number): number =>
  id >= 112 && id < 128 ? 0.45 * Math.max(0, (atMs - 6 * MINUTE_MS) / 1_000) : 0;
