// The button that edits a bot, and what it asks.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { BotRow } from '../../shared/operator-wire.js';
import { botActs } from '../fleet-words.js';
import { ask, textOf, type Question } from './dialogs.js';
import type { Doing } from './doing.js';

export const editButton = (bot: BotRow, doing: Doing): VNode =>
  html`<button
    type="button"
    class="plain"
    disabled=${doing.why !== null}
    title=${doing.why}
    aria-label=${botActs.editLabel(bot.name)}
    onClick=${() => ask(doing, editing(bot))}
  >
    ${botActs.edit}
  </button>`;

const MAX_SHARDS = 16_384;

function editing(bot: BotRow): Question {
  const { title, text, name: nameLabel, shards, confirm, done, badCount } = botActs;
  const fields = html`<label
      >${nameLabel}
      <input
        name="name"
        maxlength="100"
        defaultValue=${bot.setName ?? ''}
        placeholder=${bot.name}
        autocomplete="off"
    /></label>
    <label
      >${shards}
      <input
        name="shards"
        inputmode="numeric"
        maxlength="6"
        defaultValue=${bot.setShardCount ?? ''}
        placeholder=${`${bot.shardCount}`}
        autocomplete="off"
    /></label>`;
  const read: Question['read'] = (form) => {
    const name = textOf(form, 'name') || null;
    const count = textOf(form, 'shards').replaceAll(',', '');
    const shardCount = count === '' ? null : Number(count);
    const isWrong =
      shardCount !== null && !(/^\d+$/.test(count) && shardCount >= 1 && shardCount <= MAX_SHARDS);
    if (isWrong) return badCount;
    return {
      action: { path: 'bot', body: { bot: bot.key, name, shard_count: shardCount } },
      done: done(name ?? bot.key),
    };
  };
  return { title: title(bot.name), text, fields, confirm, isDanger: false, read };
}
