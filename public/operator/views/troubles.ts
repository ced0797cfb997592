// The one list of everything that is wrong, the worst first: what, why, since when.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { BotRow, BotTroubleRow, ClusterRow, TotalRow } from '../../shared/operator-wire.js';
import {
  countsOf,
  groupOfBot,
  groupOfCluster,
  keyOf,
  whyOfBot,
  whyOfCluster,
  type Subject,
} from '../health.js';
import { botHref, clusterHref, fleetsHref, shardHref } from '../place.js';
import { shortTime } from '../times.js';
import { words } from '../words.js';
import { botName, clusterName, dot, since } from './parts.js';
import { useSteady } from './steady.js';

/** More are a click away. */
const FIRST = 12;

export interface TroublesProps {
  subjects: readonly Subject[];
  total: TotalRow | undefined;
  bots: readonly BotRow[];
  now: number;
}

export function Troubles({ subjects, total, bots, now }: TroublesProps): VNode | null {
  const [isLong, setLong] = useState(false);
  const host = useRef<HTMLUListElement>(null);
  const byKey = new Map(subjects.map((one) => [keyOf(one), one]));
  const order = useSteady([...byKey.keys()], now, host);
  if (subjects.length === 0) return null;
  const shown = isLong ? order : order.slice(0, FIRST);
  const all = html`<button type="button" class="link" onClick=${() => setLong(true)}>
    ${words.now.all(subjects.length)}
  </button>`;
  const closed = closing(subjects, total, bots);
  return html`<section class="trouble" aria-label=${words.now.worst}>
    <ul class="troubles" ref=${host}>
      ${shown.map((key) => row(byKey.get(key)!, bots, now))}
    </ul>
    ${subjects.length > shown.length ? all : null}
    ${closed.length > 0 ? html`<p class="quiet closing">${closed.join(' ')}</p>` : null}
  </section>`;
}

/** What the list leaves out: the rest of it, what is well, and what is restarting, which is no trouble. */
function closing(
  subjects: readonly Subject[],
  total: TotalRow | undefined,
  bots: readonly BotRow[],
): string[] {
  const { changing } = countsOf(bots);
  const unsent = (total?.troubles ?? 0) - subjects.filter(({ bound }) => bound === null).length;
  const listed = subjects.filter(({ cluster }) => cluster !== null).length;
  const others = (total?.clusters ?? 0) - listed;
  return [
    ...(unsent > 0 ? [words.now.more(unsent)] : []),
    ...(unsent <= 0 && listed > 0 && others > 0 ? [words.now.others(others)] : []),
    ...(changing > 0 ? [words.now.restarting(changing)] : []),
  ];
}

function row(one: Subject, bots: readonly BotRow[], now: number): VNode {
  const { mark, href, name, why, at } = lineOf(one, bots, now);
  return html`<li key=${keyOf(one)}>
    ${dot(mark)}
    <a class="what" href=${href} translate=${false}>${name}</a>
    <span class="why">${why}</span>
    <span class="when">${at === null ? null : since(at, now)}</span>
  </li>`;
}

interface Line {
  mark: Parameters<typeof dot>[0];
  href: string;
  name: string;
  why: string;
  at: number | null;
}

function lineOf(one: Subject, bots: readonly BotRow[], now: number): Line {
  if (one.cluster) return clusterLine(one.cluster, bots, now);
  if (one.bot) return botLine(one.bot, botName(bots, one.bot.bot));
  return { mark: 'degraded', href: fleetsHref, name: one.bound, why: words.trouble.full, at: null };
}

function clusterLine(cluster: ClusterRow, bots: readonly BotRow[], now: number): Line {
  const { identity, bot, since: at, which } = cluster;
  const name = clusterName(cluster);
  const ofBot = bots.find(({ key }) => key === bot)?.shardCount;
  const told = { which, ...(ofBot ? { ofBot } : {}), ...(at === null ? {} : { clock: shortTime(at, now) }) };
  return {
    mark: groupOfCluster(cluster),
    href: clusterHref(identity),
    name: bots.length > 1 ? words.trouble.of(name, botName(bots, bot)) : name,
    why: whyOfCluster(cluster, told).join(' '),
    at: beganAt(cluster),
  };
}

const botLine = (bot: BotTroubleRow, name: string): Line => ({
  mark: groupOfBot(bot),
  href: /^\d+$/.test(bot.which) ? shardHref(bot.bot, Number(bot.which)) : botHref(bot.bot),
  name: /^\d+$/.test(bot.which) ? words.shard.name(Number(bot.which), name) : name,
  why: whyOfBot(bot).join(' '),
  at: bot.downSince,
});

const beganAt = ({ status, since: at, downSince }: ClusterRow): number | null =>
  status === 'up' ? downSince : at;

/** When the first of what is down went down; null: nothing is. */
export function firstDown(subjects: readonly Subject[]): number | null {
  const times = subjects.flatMap(({ cluster, bot }) => (cluster ? beganAt(cluster) : bot?.downSince) ?? []);
  return times.length > 0 ? Math.min(...times) : null;
}
