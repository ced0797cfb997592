// The one list of everything that is wrong, the worst first: what, where, why, since when.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { BotRow, BotTroubleRow, ClusterRow, TotalRow } from '../../shared/operator-wire.js';
import { countsOf, groupOfBot, groupOfCluster, whyOfBot, whyOfCluster, type Subject } from '../health.js';
import { shardHref } from '../place.js';
import { words } from '../words.js';
import { botName, clusterLink, dot, since } from './parts.js';

/** More are a click away. */
const FIRST = 12;

export interface TroublesProps {
  subjects: readonly Subject[];
  total: TotalRow | undefined;
  bots: readonly BotRow[];
  now: number;
}

export function Troubles({ subjects, total, bots, now }: TroublesProps): VNode {
  const [isLong, setLong] = useState(false);
  const shown = isLong ? subjects : subjects.slice(0, FIRST);
  const all = html`<button type="button" class="link" onClick=${() => setLong(true)}>
    ${words.global.all(subjects.length)}
  </button>`;
  const list = html`<ul class="worst-list">
    ${shown.map((one) => row(one, bots, now))}
  </ul>`;
  const well = html`<p class="well">${dot('up')} ${words.global.allFine}</p>`;
  return html`${shown.length > 0 ? list : well} ${subjects.length > shown.length ? all : null}
    <p class="quiet">${closing(subjects, total, bots).join(' ')}</p>`;
}

/** What the list leaves out: the rest of it, what is well, and what is restarting, which is no trouble. */
function closing(
  subjects: readonly Subject[],
  total: TotalRow | undefined,
  bots: readonly BotRow[],
): string[] {
  const { changing } = countsOf(bots);
  const unsent = (total?.troubles ?? 0) - subjects.length;
  const listed = subjects.filter(({ cluster }) => cluster !== null).length;
  const others = (total?.clusters ?? 0) - listed;
  return [
    ...(unsent > 0 ? [words.global.more(unsent)] : []),
    ...(unsent <= 0 && listed > 0 && others > 0 ? [words.global.fine(others)] : []),
    ...(changing > 0 ? [words.global.restarting(changing)] : []),
  ];
}

const row = (one: Subject, bots: readonly BotRow[], now: number): VNode =>
  one.cluster ? clusterTrouble(one.cluster, now) : botTrouble(one.bot, botName(bots, one.bot.bot), now);

const clusterTrouble = (cluster: ClusterRow, now: number): VNode =>
  html`<li key=${`cluster/${cluster.identity}`}>
    ${dot(groupOfCluster(cluster))}
    <span class="who">${clusterLink(cluster)} <small>${cluster.identity}</small></span>
    <span class="why">${whyOfCluster(cluster).join(' ')}</span>
    <span class="when">${when(beganAt(cluster), now)}</span>
  </li>`;

const botTrouble = (bot: BotTroubleRow, name: string, now: number): VNode =>
  html`<li key=${`bot/${bot.bot}`}>
    ${dot(groupOfBot(bot))}
    <span class="who">${shardLink(bot, name)} <small>${words.trouble.which(bot.which)}</small></span>
    <span class="why">${whyOfBot(bot).join(' ')}</span>
    <span class="when">${when(bot.downSince, now)}</span>
  </li>`;

const shardLink = ({ bot, which }: BotTroubleRow, name: string): VNode =>
  html`<a href=${shardHref(bot, Number.parseInt(which, 10))}>${name}</a>`;

const when = (at: number | null, now: number): VNode | string | null => (at === null ? null : since(at, now));

const beganAt = ({ status, since: at, downSince }: ClusterRow): number | null =>
  status === 'up' ? downSince : at;

/** When the first of what is down went down; null: nothing is. */
export function firstDown(subjects: readonly Subject[]): number | null {
  const times = subjects.flatMap(({ cluster, bot }) => (cluster ? beganAt(cluster) : bot.downSince) ?? []);
  return times.length > 0 ? Math.min(...times) : null;
}
