// The bots, each with its shards as a strip; squares are as large in all of them.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { BotRow } from '../../shared/operator-wire.js';
import { botHref, shardHref } from '../place.js';
import { listOf, stripOf, type RowMap } from '../rows.js';
import { words } from '../words.js';
import type { Doing } from './doing.js';
import { Strip } from './strip.js';

export function botStrips(rows: RowMap, doing: Doing): VNode {
  const bots = listOf(rows, 'bot').sort(compareBots);
  const most = Math.max(...bots.map(({ shardCount }) => shardCount));
  return html`<div class="bots">
    ${bots.map(
      (bot) => html`<div class="bot" key=${bot.key}>${botHead(bot)}${botStrip(bot, rows, doing, most)}</div>`,
    )}
  </div>`;
}

/** The largest first. */
export const compareBots = (a: BotRow, b: BotRow): number =>
  b.shardCount - a.shardCount || (a.key < b.key ? -1 : 1);

/** `most`: how many shards the largest strip beside it has. */
export function botStrip(
  { key, name, shardCount }: BotRow,
  rows: RowMap,
  doing: Doing,
  most = shardCount,
): VNode {
  const states = stripOf(rows, key).slice(0, shardCount);
  const open = (shard: number): void => doing.open(shardHref(key, shard));
  return html`<${Strip} bot=${key} name=${name} states=${states} most=${most} open=${open} />`;
}

function botHead(bot: BotRow): VNode {
  return html`<div class="bot-head">
    <h3><a href=${botHref(bot.key)} translate=${false}>${bot.name}</a></h3>
    <span class="quiet">${sizeOf(bot)}</span>
  </div>`;
}

/** "240 shards in 15 clusters, resharding 240 → 256" */
export const sizeOf = ({ shardCount, clusters, certain, declared }: BotRow): string =>
  words.bot.size(shardCount, clusters, certain) +
  (declared.length > 1 ? `, ${words.bot.resharding(declared)}` : '');
