// Everything in outline: what is wrong, where, since when, and what changed; then fleets and shards.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { compareFleets, subjectsOf, verdictOf, type Subject, type Verdict } from '../health.js';
import { connectHref } from '../place.js';
import { flipsOf, listOf, theOne, type RowMap } from '../rows.js';
import { lasting, shortTime } from '../times.js';
import { words } from '../words.js';
import { botStrip } from './bot.js';
import type { Doing } from './doing.js';
import { fleetCard } from './fleet-card.js';
import { Flips } from './flips.js';
import { headline, section } from './parts.js';
import { totals } from './totals.js';
import { firstDown, Troubles } from './troubles.js';

export function globalVerdict(rows: RowMap): Verdict {
  return verdictOf({
    total: theOne(rows, 'total'),
    bots: listOf(rows, 'bot'),
    fleets: listOf(rows, 'fleet'),
  });
}

export function globalView(rows: RowMap, now: number, doing: Doing): VNode {
  const total = theOne(rows, 'total');
  const bots = listOf(rows, 'bot').sort((a, b) => (a.key < b.key ? -1 : 1));
  const fleets = listOf(rows, 'fleet').sort(compareFleets);
  const subjects = subjectsOf(listOf(rows, 'cluster'), listOf(rows, 'trouble'));
  const { group, sentence } = globalVerdict(rows);
  const isBare = bots.length === 0 && !total?.clusters;
  const start = html`<a class="button" href=${connectHref}>${words.verdict.start}</a>`;
  const changed = html`<${Flips} flips=${flipsOf(rows)} bots=${bots} now=${now} />`;
  const list = html`<${Troubles} ...${{ subjects, total, bots, now }} />`;
  const cards = html`<ul class="cards">
    ${fleets.map((fleet) => fleetCard(fleet, now))}
  </ul>`;
  const strips = html`<div class="bots">${bots.map((bot) => botStrip(bot, rows, doing))}</div>`;
  return html`<div class="global">
    ${headline(group, sentence, isBare ? start : beginning(subjects, now))}
    ${
      total?.full
        ? html`<ul class="notes">
            <li>${words.global.full(total.full.join(', '))}</li>
          </ul>`
        : null
    }
    ${total?.clusters ? html`<section aria-label=${words.global.totals}>${totals(total.values)}</section>` : null}
    <div class="columns">
      ${section('worst', words.global.worst, list)} ${section('changed', words.global.flips, changed)}
    </div>
    ${fleets.length > 0 ? section('fleets', words.global.fleets, cards) : null}
    ${bots.length > 0 ? section('bots', words.global.shards, strips) : null}
  </div>`;
}

/** Since when what is down is down. */
function beginning(subjects: readonly Subject[], now: number): string | null {
  const first = firstDown(subjects);
  return first === null ? null : words.verdict.since(shortTime(first, now), lasting(now - first));
}
