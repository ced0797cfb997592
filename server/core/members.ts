// Clusters that talk to us: their number in their fleet, and the bot they belong to (RULES 7 and 8).
import type { RegisterEvent } from './event.js';
import type { Answer, Change, Refusal } from './change.js';
import { release } from './claims.js';
import { declare } from './shard-count.js';
import {
  addBot,
  addCluster,
  clusterName,
  MAX_LEARNT_BOTS,
  type Bot,
  type Cluster,
  type World,
} from './world.js';

/** The bot where reports go that name none, on a server that knows none. */
const DEFAULT_BOT = 'main';

export type BotChoice =
  { ok: true; bot: Bot; isNew: boolean } | { ok: false; reason: Refusal; error: string };

/** The bot of that key, created where reports may create bots. */
export function botOf(world: World, key: string): BotChoice {
  const bot = world.bots.get(key);
  if (bot) return { ok: true, bot, isNew: false };
  if (!world.rules.learnBots)
    return { ok: false, reason: 'unknown-bot', error: `bot '${key}' does not exist` };
  const learnt = [...world.bots.values()].filter((one) => !one.configured).length;
  if (learnt < MAX_LEARNT_BOTS) return { ok: true, bot: addBot(world, key, key, null), isNew: true };
  const error = `bot '${key}' is one too many: this server learns at most ${MAX_LEARNT_BOTS} bots; name it in SHARDLIGHT_BOTS`;
  return { ok: false, reason: 'too-many-bots', error };
}

/** The bot a member belongs to: what it says, else the first matching row, else the first configured bot, else `main`. */
export function keyOfMember(world: World, identity: string, fleet: string, saidBot: string | null): string {
  if (saidBot !== null) return saidBot;
  const row = world.rules.memberRows.find((one) =>
    'fleet' in one ? one.fleet === fleet : matches(one.identity, identity),
  );
  return row?.bot ?? world.rules.configuredBots[0]?.key ?? DEFAULT_BOT;
}

/** Whether a text matches a glob, whose `*` stands for any characters. Linear, whatever the pattern. */
export function matches(glob: string, text: string): boolean {
  const [head = '', ...tails] = glob.split('*');
  if (tails.length === 0) return text === glob;
  if (!text.startsWith(head)) return false;
  const last = tails.pop()!;
  let from = head.length;
  for (const part of tails) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}

/** A cluster presents itself: known ones keep their number in a fleet, new ones get the next. */
export function register(world: World, event: RegisterEvent): { answer: Answer; changes: Change[] } {
  const known = world.clusters.get(event.identity);
  if (!known && world.clusters.size >= world.rules.maxClusters) return { answer: full(world), changes: [] };
  const choice = botOf(world, keyOfMember(world, event.identity, event.fleet, event.bot));
  if (!choice.ok) return { answer: choice, changes: [] };
  const changes: Change[] = choice.isNew ? [{ type: 'bot', bot: choice.bot }] : [];
  const cluster = known ?? welcome(world, choice.bot, event);
  if (known) changes.push(...welcomeBack(world, known, choice.bot, event));
  cluster.seenAt = event.at;
  declare(cluster, event.shardCount, event.at);
  changes.push({ type: 'member', cluster });
  return { answer: { ok: true, number: cluster.number }, changes };
}

function full(world: World): Answer {
  const error = `this server keeps at most ${world.rules.maxClusters} clusters (SHARDLIGHT_MAX_CLUSTERS)`;
  return { ok: false, reason: 'too-many-clusters', error };
}

function welcome(world: World, bot: Bot, event: RegisterEvent): Cluster {
  const { identity, fleet, version, bot: saidBot, leaseHash, at } = event;
  const host = event.host ?? '';
  const scrapeTarget = event.scrapeTarget ?? '';
  const number = nextNumber(world, fleet);
  return addCluster(world, bot, at, {
    identity,
    fleet,
    number,
    version,
    saidBot,
    leaseHash,
    host,
    scrapeTarget,
  });
}

function welcomeBack(world: World, cluster: Cluster, bot: Bot, event: RegisterEvent): Change[] {
  const formerly = clusterName(cluster);
  const changes = bot === cluster.bot ? [] : changeBot(world, cluster, bot, event.at);
  cluster.fleet = event.fleet;
  cluster.number = cluster.numbers.get(event.fleet) ?? nextNumber(world, event.fleet);
  cluster.numbers.set(cluster.fleet, cluster.number);
  cluster.version = event.version;
  cluster.saidBot = event.bot;
  cluster.leaseHash = event.leaseHash;
  return clusterName(cluster) === formerly
    ? changes
    : [...changes, { type: 'cluster', bot, cluster, formerly }];
}

function changeBot(world: World, cluster: Cluster, bot: Bot, at: number): Change[] {
  const changes = [...cluster.claims.keys()].flatMap((shard) => release(world, cluster, shard, at));
  changes.push({ type: 'cluster', bot: cluster.bot, cluster, formerly: clusterName(cluster) });
  cluster.bot.clusters.delete(cluster);
  cluster.bot = bot;
  bot.clusters.add(cluster);
  cluster.declaredCount = null;
  return changes;
}

function nextNumber(world: World, fleet: string): number {
  const number = (world.numbers.get(fleet) ?? 0) + 1;
  world.numbers.set(fleet, number);
  return number;
}
