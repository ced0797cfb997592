// A world that lives by a log, as the server's does: brought to the log's end, and configured.
import { isDeepStrictEqual } from 'node:util';
import type { Rules } from '../../server/core/registry/registry.js';
import { createWorld } from '../../server/core/world.js';
import { createEngine, type Follower, type Submit } from '../../server/engine.js';
import type { Log } from '../../server/log/log.js';
import { rulesEvent, rulesWith, Scene, T0 } from '../core/scene.js';

export interface Life {
  scene: Scene;
  submit: Submit;
}

/** Followers are told from the configuration on. */
export async function live(
  log: Log,
  { rules = rulesWith(), at = T0, followers = [] as Follower[] } = {},
): Promise<Life & { rules: Rules }> {
  const world = createWorld();
  const { begin, follow, submit } = createEngine(world, log);
  await begin();
  if (!isDeepStrictEqual(world.rules, rules)) await submit(rulesEvent(rules, at));
  followers.forEach(follow);
  return { scene: Scene.of(world, at), submit, rules };
}
