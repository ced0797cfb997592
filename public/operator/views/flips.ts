// The list of what changed last, a line an event.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { BotRow, FlipRow } from '../../shared/operator-wire.js';
import { eventsOf, groupOfEvent, sentenceOf, shortRanges, type FlipEvent } from '../flips.js';
import { shardHref } from '../place.js';
import { words } from '../words.js';
import { botName, dot, minute } from './parts.js';

const FIRST = 8;

export interface FlipsProps {
  flips: readonly FlipRow[];
  bots: readonly BotRow[];
  now: number;
}

export function Flips({ flips, bots, now }: FlipsProps): VNode {
  const [isLong, setLong] = useState(false);
  const events = eventsOf(flips);
  if (events.length === 0) return html`<p class="quiet">${words.now.noFlips}</p>`;
  const shown = isLong ? events : events.slice(0, FIRST);
  const more =
    events.length > shown.length
      ? html`<button type="button" class="link" onClick=${() => setLong(true)}>${words.flip.older}</button>`
      : null;
  return html`<ol class="flips">
      ${shown.map((event) => line(event, bots, now))}
    </ol>
    ${more}`;
}

function line(event: FlipEvent, bots: readonly BotRow[], now: number): VNode {
  const { at, bot, what, cause, shards, others } = event;
  const said = sentenceOf({ ...event, bot: botName(bots, bot) });
  const first = Math.min(...shards);
  const href = shardHref(bot, first);
  const isOne = shards.size + others === 1 && cause === null;
  const which = html`<a class="ranges" translate=${false} href=${href}>${shortRanges(shards)}</a>`;
  const text = isOne ? html`<a class="quietly" href=${href}>${said}</a>` : [`${said} `, which];
  return html`<li key=${`${at}/${bot}/${what}/${first}`}>
    ${minute(at, now)}${dot(groupOfEvent(event))}<span>${text}</span>
  </li>`;
}
