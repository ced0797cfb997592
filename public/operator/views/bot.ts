// A bot in the global view: its shards as a strip, what is odd about it, and the button that edits it.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { BotRow } from '../../shared/operator-wire.js';
import { shortRanges } from '../flips.js';
import { shardHref } from '../place.js';
import { stripOf, type RowMap } from '../rows.js';
import { words } from '../words.js';
import type { Doing } from './doing.js';
import { Strip } from './strip.js';

export function botStrip(bot: BotRow, rows: RowMap, doing: Doing): VNode {
  const { key, name, shardCount } = bot;
  const states = stripOf(rows, key).slice(0, shardCount);
  const open = (shard: number): void => doing.open(shardHref(key, shard));
  return html`<div class="bot" key=${key}>
    ${head(bot, doing)}<${Strip} bot=${key} name=${name} states=${states} open=${open} />
  </div>`;
}

function head(bot: BotRow, doing: Doing): VNode {
  const { key, name, shardCount, certain, declared, doubleClaims } = bot;
  const resharding =
    declared.length > 1 ? html`<span class="tag">${words.bot.resharding(declared)}</span>` : null;
  const double = html`<a class="tag warn" href=${shardHref(key, doubleClaims[0] ?? 0)}
    >${words.bot.double(shortRanges(doubleClaims))}</a
  >`;
  return html`<div class="bot-head">
    <h3 translate=${false}>${name}</h3>
    <span class="quiet">${words.bot.size(shardCount, certain)}</span>
    ${resharding}${doubleClaims.length > 0 ? double : null}
    <button
      type="button"
      class="plain"
      disabled=${doing.why !== null}
      title=${doing.why}
      aria-label=${words.bot.editLabel(name)}
      onClick=${() => doing.start({ kind: 'bot', bot })}
    >
      ${words.bot.edit}
    </button>
  </div>`;
}
