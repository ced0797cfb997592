// Now: what is wrong, worst first and all of it; then what all comes to, the bots, and what changed.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { moreOf, subjectsOf, verdictOf, type Subject, type Verdict, type Whole } from '../health.js';
import { settingsHref } from '../place.js';
import { flipsOf, listOf, theOne, type RowMap } from '../rows.js';
import { ago, lasting, shortTime } from '../times.js';
import { words } from '../words.js';
import { botStrips } from './bot.js';
import type { Doing } from './doing.js';
import { Flips } from './flips.js';
import { headline, section } from './parts.js';
import { totals } from './totals.js';
import { firstDown, Troubles } from './troubles.js';

const wholeOf = (rows: RowMap): Whole => ({
  total: theOne(rows, 'total'),
  bots: listOf(rows, 'bot'),
  fleets: listOf(rows, 'fleet'),
  isDown: theOne(rows, 'now')?.isDown ?? false,
});

export const nowVerdict = (rows: RowMap): Verdict => verdictOf(wholeOf(rows));

export function nowView(rows: RowMap, now: number, doing: Doing): VNode {
  const whole = wholeOf(rows);
  const { total, bots } = whole;
  const clusters = listOf(rows, 'cluster');
  const subjects = subjectsOf(clusters, listOf(rows, 'trouble'), total?.full);
  const { group, sentence } = verdictOf(whole);
  const isBare = bots.length === 0 && !total?.clusters;
  const start = html`<a class="button" href=${settingsHref}>${words.verdict.start}</a>`;
  return html`<div class="now">
    ${headline(group, sentence, isBare ? start : underline(whole, subjects, now))}
    <${Troubles} ...${{ subjects, total, bots, now }} />
    ${
      total?.clusters
        ? totals(
            total.values,
            subjects.flatMap(({ cluster }) => cluster ?? []),
          )
        : null
    }
    ${
      isBare
        ? null
        : html`<div class="columns">
            ${section('all-bots', words.now.bots, botStrips(rows, doing))}
            ${section('changed', words.now.flips, html`<${Flips} flips=${flipsOf(rows)} bots=${bots} now=${now} />`)}
          </div>`
    }
  </div>`;
}

/** What the headline leaves out, and since when; when all is well, since when it is. */
function underline(whole: Whole, subjects: readonly Subject[], now: number): string | null {
  const first = firstDown(subjects);
  const since = first === null ? null : words.verdict.since(shortTime(first, now), lasting(now - first));
  const endedAt = whole.total?.endedAt ?? null;
  const isWell = (whole.total?.troubles ?? 0) === 0;
  const lastEnd = endedAt !== null && isWell ? words.verdict.lastEnd(ago(now - endedAt)) : null;
  return moreOf(whole, since) ?? lastEnd;
}
