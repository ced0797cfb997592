// What a pretend Argus cluster counts: commands, errors, rate limits. Counters since its process started, as a real one has them.
import type { Family, Sample } from './families.js';

/** Per second, at a middling hour. */
const INTERACTIONS = 9;
const COMMANDS = 4;
const ERRORS = 0.012;
const RATELIMITS = 0.004;
const TIDE_SECONDS = 140;
const SECONDS_BY_BOUND = {
  '0.1': 0.62,
  '0.25': 0.83,
  '0.5': 0.94,
  '1': 0.985,
  '2.5': 0.998,
  '5': 1,
  '+Inf': 1,
};

/** `index` tells clusters apart: each has its own size and its own tide. */
export function traffic(index: number, runningMs: number): Record<string, Family> {
  const seconds = runningMs / 1000;
  const size = 0.7 + ((index * 7) % 10) / 15;
  const tide = TIDE_SECONDS * 0.3 * (1 - Math.cos(seconds / TIDE_SECONDS + index));
  const count = (perSecond: number): number => Math.floor(perSecond * size * (seconds + tide));
  const commands = count(COMMANDS);
  return {
    discord_cached_users: {
      type: 'gauge',
      samples: [sample('discord_cached_users', 61_000 * size + seconds)],
    },
    discord_interactions: counter('discord_interactions_total', count(INTERACTIONS)),
    discord_app_commands: counter('discord_app_commands_total', commands),
    discord_command_errors: counter('discord_command_errors_total', count(ERRORS)),
    discord_ratelimits: counter('discord_ratelimits_total', count(RATELIMITS)),
    discord_app_command_duration_seconds: {
      type: 'histogram',
      samples: Object.entries(SECONDS_BY_BOUND).map(([le, part]) =>
        sample('discord_app_command_duration_seconds_bucket', Math.floor(commands * part), { le }),
      ),
    },
    discord_bot: {
      type: 'info',
      samples: [sample('discord_bot_info', 1, { discord_py_version: '2.6.4', argus_version: '0.4.2' })],
    },
  };
}

const sample = (name: string, value: number, labels: Record<string, string> = {}): Sample => ({
  name,
  labels,
  value,
});

const counter = (name: string, value: number): Family => ({
  type: 'counter',
  samples: [sample(name, value)],
});
