// Finds fleets, clusters and shards by what an operator types: a name, a number, an identity, "main 17".
import { nameOf } from '../../../public/shared/states.js';
import type { SearchHit } from '../../../public/shared/operator-wire.js';
import { clusterName } from '../names.js';
import type { Bot, Cluster, World } from '../world.js';

const MAX_HITS = 20;

/** How well it fits: the lower, the better. */
const EXACT = 0;
const BEGINS = 1;
const CONTAINS = 2;

interface Found {
  rank: number;
  /** Between equals: by this. */
  name: string;
  hit: SearchHit;
}

/** Best first, at most 20. Fleets come before clusters, and clusters before shards, where they fit as well. */
export function search(world: World, typed: string): SearchHit[] {
  const text = typed.trim().toLowerCase().replace(/\s+/g, ' ');
  if (text === '') return [];
  const found = [...fleets(world, text), ...clusters(world, text), ...shards(world, text)];
  found.sort((a, b) => a.rank - b.rank); // stable: each kind is in its own order
  return found.slice(0, MAX_HITS).map(({ hit }) => hit);
}

function fitOf(text: string, name: string): number | null {
  const place = name.toLowerCase().indexOf(text);
  if (place < 0) return null;
  if (place > 0) return CONTAINS;
  return name.length === text.length ? EXACT : BEGINS;
}

function fleets(world: World, text: string): Found[] {
  const names = new Set([...world.clusters.values()].map(({ fleet }) => fleet));
  const found: Found[] = [];
  for (const name of names) {
    const rank = fitOf(text, name);
    if (rank !== null) found.push({ rank, name, hit: { kind: 'fleet', fleet: name } });
  }
  return found.sort(byName);
}

function clusters(world: World, text: string): Found[] {
  const found: Found[] = [];
  const number = /^#?(\d{1,9})$/.exec(text)?.[1];
  for (const cluster of world.clusters.values()) {
    const rank = fitOfCluster(cluster, text, number === undefined ? null : Number(number));
    if (rank === null) continue;
    const { identity, fleet, status } = cluster;
    const hit: SearchHit = { kind: 'cluster', identity, fleet, number: cluster.number, status };
    found.push({ rank, name: clusterName(cluster), hit });
  }
  return found.sort(byName);
}

/** "asia #2", "asia 2" and "asia#2" are the same; a number alone fits every cluster of that number. */
function fitOfCluster(cluster: Cluster, text: string, number: number | null): number | null {
  const { identity, fleet } = cluster;
  const names = [identity, clusterName(cluster), `${fleet} ${cluster.number}`, `${fleet}#${cluster.number}`];
  let best = number === cluster.number ? BEGINS : null;
  for (const name of names) {
    const rank = fitOf(text, name);
    if (rank !== null && (best === null || rank < best)) best = rank;
  }
  return best;
}

const SHARD = /^(?:(.+?)[ /])?(?:shard )?(\d{1,5})$/;

function shards(world: World, text: string): Found[] {
  const [, asked = '', digits] = SHARD.exec(text) ?? [];
  const of = asked === 'shard' ? '' : asked;
  const shard = Number(digits);
  const found: Found[] = [];
  for (const bot of world.bots.values()) {
    const rank = of === '' ? BEGINS : fitOfBot(bot, of);
    if (digits === undefined || rank === null || shard >= bot.shardCount) continue;
    const hit: SearchHit = { kind: 'shard', bot: bot.key, shard, state: nameOf(bot.state[shard]!) };
    found.push({ rank, name: bot.key, hit });
  }
  return found;
}

function fitOfBot(bot: Bot, text: string): number | null {
  const ranks = [fitOf(text, bot.key), fitOf(text, bot.name)].filter((rank) => rank !== null);
  return ranks.length > 0 ? Math.min(...ranks) : null;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** "asia #2" before "asia #10": shorter names first, then as they are written. */
const byName = (a: Found, b: Found): number =>
  a.rank - b.rank || a.name.length - b.name.length || compare(a.name, b.name);
