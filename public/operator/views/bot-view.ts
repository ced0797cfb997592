// One bot: its shards as a strip, its clusters, and what changed.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { BotRow, RowKey } from '../../shared/operator-wire.js';
import type { Group } from '../../shared/states.js';
import { countsOf, type Verdict } from '../health.js';
import type { Place } from '../place.js';
import { flipsOf, listOf, type RowMap } from '../rows.js';
import { botWords, fleetsWords } from '../fleet-words.js';
import { words } from '../words.js';
import { botStrip, sizeOf } from './bot.js';
import { Clusters } from './clusters.js';
import { editButton } from './bot-act.js';
import type { Doing } from './doing.js';
import { Flips } from './flips.js';
import { headline, named, section } from './parts.js';

export interface BotProps {
  place: Extract<Place, { view: 'bot' }>;
  rows: RowMap;
  now: number;
  doing: Doing;
  show: (place: Place) => void;
}

const botOf = (rows: RowMap, key: string): BotRow | undefined =>
  rows.get(`bot/${key}` satisfies RowKey) as BotRow | undefined;

export function groupOfBotRow(bot: BotRow): Group {
  const { down, online, changing, stopped } = countsOf([bot]);
  if (down > 0) return down === bot.shardCount ? 'down' : 'degraded';
  if (changing > 0) return 'changing';
  if (online > 0) return 'up';
  return stopped > 0 ? 'stopped' : 'unknown';
}

/** What its shards are that are not online: "16 not working", "8 restarting". */
export function botSaid({ down, changing, stopped, unknown }: ReturnType<typeof countsOf>): string[] {
  const parts = [
    [down, botWords.down],
    [changing, botWords.changing],
    [stopped, botWords.stopped],
    [unknown, botWords.unknown],
  ] as const;
  return parts.flatMap(([n, say]) => (n > 0 ? say(n) : []));
}

export function botVerdict(rows: RowMap, key: string): Verdict {
  const bot = botOf(rows, key);
  if (!bot) return { group: 'unknown', sentence: key, short: key };
  const what = botSaid(countsOf([bot]))[0] ?? words.verdict.fine;
  return { group: groupOfBotRow(bot), sentence: bot.name, short: `${bot.name}: ${what}` };
}

export function BotView({ place, rows, now, doing, show }: BotProps): VNode {
  const bot = botOf(rows, place.bot);
  if (!bot) return html`<p class="quiet">${words.loading}</p>`;
  const { group, sentence } = botVerdict(rows, place.bot);
  const clusters = listOf(rows, 'cluster');
  const said = [sizeOf(bot), botSaid(countsOf([bot])).join(', ')].filter(Boolean).map((text) => `${text}.`);
  return html`<div class="bot-view">
    ${headline(group, named(sentence), said.join(' '))}
    <div class="actions">${editButton(bot, doing)}</div>
    ${section('strip-of', fleetsWords.columns.shards, botStrip(bot, rows, doing))}
    ${
      clusters.length > 0
        ? html`<${Clusters}
            ...${{ clusters, place, now, doing, show, rows, label: botWords.table(bot.name), isOfFleet: false }}
          />`
        : null
    }
    ${section('changed', words.now.flips, html`<${Flips} flips=${flipsOf(rows)} bots=${listOf(rows, 'bot')} now=${now} />`)}
  </div>`;
}
