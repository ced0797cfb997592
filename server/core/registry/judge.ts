// Whether a durable event is taken. Only the registry decides, so that replay decides alike, whatever was lost with a crash.
import type { Refused, Refusal } from '../answer.js';
import type { DurableEvent, ForgetEvent, RegisterEvent } from '../event.js';
import { BANNED, isBanned } from './bans.js';
import { matches } from './glob.js';
import { leaseRefusal } from './leases.js';
import { DEFAULT_BOT, MAX_LEARNT_BOTS, type Member, type Registry } from './registry.js';

/** Why the event is refused; null: it is applied. What only the living world knows is asked before, at the door. */
export function judge(registry: Registry, event: DurableEvent): Refused | null {
  switch (event.type) {
    case 'register':
      return registerRefusal(registry, event);
    case 'release':
    case 'forget':
      return unknownMember(registry, event);
    case 'lease-used':
      return unknownMember(registry, event);
    case 'set-bot':
      return unknownBot(registry, event.bot);
    case 'assign':
      return unknownBot(registry, event.bot) ?? unknownMember(registry, event);
    case 'ban':
      return event.banned ? null : unknownBan(registry, event.glob);
    case 'learn':
      return botRefusal(registry, event.bot);
    case 'prune':
    case 'rules':
      return null;
  }
}

/** Why a cluster may not present itself so; null: it may. */
function registerRefusal(registry: Registry, event: RegisterEvent): Refused | null {
  const { clusters, rules } = registry;
  const known = clusters.get(event.identity);
  if (isBanned(registry, event.identity)) return BANNED;
  if (!known && clusters.size >= rules.maxClusters) return FULL;
  const refusal =
    fleetRefusal(registry, event.fleet, known) ?? botRefusal(registry, keyOfRegister(registry, event));
  return refusal ?? (known ? leaseRefusal(registry, known, event.shownHash) : null);
}

/** In the words of the Argus contract. */
const FULL: Refused = { ok: false, reason: 'too-many-clusters', error: 'fleet cluster cap reached' };

/** A fleet and what was given in it is kept for ever, so there is an end to them (RULES 36). */
function fleetRefusal({ numbers, rules }: Registry, fleet: string, known?: Member): Refused | null {
  if (known?.numbers.has(fleet)) return null;
  if (known && known.numbers.size >= rules.maxFleetsPerIdentity)
    return refused(
      'too-many-fleets',
      `this identity was in ${known.numbers.size} fleets, and '${fleet}' would be one too many (SHARDLIGHT_MAX_FLEETS_PER_IDENTITY)`,
    );
  if (numbers.has(fleet) || numbers.size < rules.maxFleets) return null;
  return refused(
    'too-many-fleets',
    `fleet '${fleet}' is one too many: this server keeps at most ${rules.maxFleets} (SHARDLIGHT_MAX_FLEETS)`,
  );
}

/** Why there can be no bot of that key; null: there is one, or may be. */
export function botRefusal({ bots, rules }: Registry, key: string): Refused | null {
  if (bots.has(key)) return null;
  if (!rules.learnBots) return refused('unknown-bot', `bot '${key}' does not exist`);
  const learnt = [...bots.values()].filter((one) => one.configuredCount === null).length;
  if (learnt < MAX_LEARNT_BOTS) return null;
  return refused(
    'too-many-bots',
    `bot '${key}' is one too many: this server learns at most ${MAX_LEARNT_BOTS} bots; name it in SHARDLIGHT_BOTS`,
  );
}

/** The bot a member belongs to: what it says, else the first matching row, else the first configured bot, else `main`. */
export function keyOfMember(
  { rules }: Pick<Registry, 'rules'>,
  { identity, fleet, saidBot }: Pick<Member, 'identity' | 'fleet' | 'saidBot'>,
): string {
  if (saidBot !== null) return saidBot;
  const row = rules.memberRows.find((one) =>
    'fleet' in one ? one.fleet === fleet : matches(one.identity, identity),
  );
  return row?.bot ?? rules.configuredBots[0]?.key ?? DEFAULT_BOT;
}

/** The same for who registers: an operator's word wins, as long as there is that bot. */
export function keyOfRegister(registry: Registry, { identity, fleet, bot }: RegisterEvent): string {
  const assigned = registry.clusters.get(identity)?.assignedBot ?? null;
  if (assigned !== null && registry.bots.has(assigned)) return assigned;
  return keyOfMember(registry, { identity, fleet, saidBot: bot });
}

export const unknownMember = (
  { clusters }: Registry,
  { identity }: Pick<ForgetEvent, 'identity'>,
): Refused | null =>
  clusters.has(identity) ? null : refused('unknown-member', 'identity is not registered');

/** An operator's word creates no bot; null is none. */
const unknownBot = ({ bots }: Registry, key: string | null): Refused | null =>
  key === null || bots.has(key) ? null : refused('unknown-bot', `bot '${key}' does not exist`);

/** Only a ban that is there can be taken back. */
function unknownBan({ bans }: Registry, glob: string): Refused | null {
  if (bans.has(glob)) return null;
  const there = bans.size === 0 ? 'nothing is banned' : `banned: ${[...bans].join(', ')}`;
  return refused('unknown-ban', `there is no ban of '${glob}' (${there})`);
}

export const refused = (reason: Refusal, error: string): Refused => ({ ok: false, reason, error });
