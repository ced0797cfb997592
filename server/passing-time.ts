// What passing time brings, looked at four times a second: the clock, leases that run out, clusters that were silent for too long.
import { newSkew, type Clock, type ClockSources } from './clock.js';
import { longSilent } from './core/live/members.js';
import type { World } from './core/world.js';
import type { Submit } from './engine.js';
import type { Log } from './telemetry/logger.js';

const FORGET_EVERY_MS = 15_000;

export interface TimeOptions {
  clock: Clock;
  clocks: ClockSources;
  log: Log;
  /** How long a cluster that is not heard is kept; 0: for ever. */
  retentionDays: number;
  world: World;
  submit: Submit;
}

/** `looks`: who else wants to be called as often. */
export function createPassTime(options: TimeOptions, looks: (() => void)[]): () => void {
  const { clock, submit } = options;
  const forgetNow = forgetting(options);
  return () => {
    noteSkew(options);
    void submit({ type: 'sweep', at: clock() });
    forgetNow();
    for (const look of looks) look();
  };
}

/** The wall clock was set back, or has caught up: what people read follows it (RULES 26). */
function noteSkew({ clock, clocks, log, world, submit }: TimeOptions): void {
  const skewMs = newSkew(clock, clocks, world.skewMs);
  if (skewMs === null) return;
  const backMs = skewMs - world.skewMs;
  void submit({ type: 'clock', at: clock(), skewMs });
  if (backMs > 0)
    log.warn(
      `The system's clock was set back by ${Math.round(backMs / 1_000)} s. Leases are not affected, and the times ` +
        'on the page follow the new clock.',
    );
}

/** Clusters that were silent for longer than the operator keeps them. What is not safe on disk is tried again. */
function forgetting({ retentionDays, clock, world, submit }: TimeOptions): () => void {
  let dueAt = clock() + FORGET_EVERY_MS;
  const retentionMs = retentionDays * 86_400_000;
  return () => {
    const at = clock();
    if (retentionMs === 0 || at < dueAt) return;
    dueAt = at + FORGET_EVERY_MS;
    const identities = longSilent(world, at, retentionMs);
    if (identities.length > 0) void submit({ type: 'prune', at, identities });
  };
}
