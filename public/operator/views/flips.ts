// The list of what changed last, as sentences.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { BotRow, FlipRow } from '../../shared/operator-wire.js';
import { groupFlips, groupOfFlip, sentenceOf, shortRanges, type FlipGroup } from '../flips.js';
import { shardHref } from '../place.js';
import { words } from '../words.js';
import { botName, dot, moment } from './parts.js';

const FIRST = 12;

export interface FlipsProps {
  flips: readonly FlipRow[];
  bots: readonly BotRow[];
  now: number;
}

export function Flips({ flips, bots, now }: FlipsProps): VNode {
  const [isLong, setLong] = useState(false);
  const groups = groupFlips(flips);
  if (groups.length === 0) return html`<p class="quiet">${words.global.noFlips}</p>`;
  const shown = isLong ? groups : groups.slice(0, FIRST);
  const more =
    groups.length > shown.length
      ? html`<button type="button" class="link" onClick=${() => setLong(true)}>${words.flip.older}</button>`
      : null;
  return html`<ol class="flips">
      ${shown.map((group) => flip(group, bots, now))}
    </ol>
    ${more}`;
}

function flip(group: FlipGroup, bots: readonly BotRow[], now: number): VNode {
  const { at, bot, shards, to } = group;
  const said = sentenceOf({ ...group, bot: botName(bots, bot) });
  const key = `${at}/${bot}/${to}/${shards[0]}`;
  const href = shardHref(bot, Math.min(...shards));
  const which =
    shards.length > 1
      ? html`<a class="ranges" translate=${false} href=${href}>${shortRanges(shards)}</a>`
      : null;
  const text = which ? [`${said} `, which] : html`<a class="quietly" href=${href}>${said}</a>`;
  return html`<li key=${key}>${moment(at, now)}${dot(groupOfFlip(group))}<span>${text}</span></li>`;
}
