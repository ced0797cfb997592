// The small pieces that all views are made of: marks, pills, times, sections.
import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import type { BotRow, ClusterRow, ClusterStatusName } from '../../shared/operator-wire.js';
import type { Group, ShownName } from '../../shared/states.js';
import type { Grade } from '../grades.js';
import { clusterHref } from '../place.js';
import { exactTime, shortDuration, shortTime } from '../times.js';
import { words } from '../words.js';

/** The square of a state, with its sign; what it says stands beside it. */
export const swatch = (state: ShownName): VNode =>
  html`<span class=${`swatch ${state}`} aria-hidden="true"></span>`;

/** A state in its colour, sign and word. */
export const stateBadge = (state: ShownName): VNode =>
  html`<span class="state">${swatch(state)} ${words.state[state]}</span>`;

const STATE_OF: Record<ClusterStatusName, ShownName> = { up: 'online', down: 'offline', stopped: 'stopped' };

export const statusBadge = (status: ClusterStatusName): VNode =>
  html`<span class="state">${swatch(STATE_OF[status])} ${words.status[status]}</span>`;

/** A dot that tells groups apart by shape too, for lists where a word stands beside it. */
export const dot = (group: Group): VNode => html`<span class=${`mark ${group}`} aria-hidden="true"></span>`;

export const pill = (text: string, grade: Grade): VNode =>
  html`<span class=${`pill ${grade}`}>${text}</span>`;

/** A number with the sign of its grade; nothing but the number when it is good or neutral. */
export const graded = (text: string, grade: Grade): VNode =>
  html`<span class=${`value ${grade}`}>${named(text)}${gradeWord(grade)}</span>`;

const gradeWord = (grade: Grade): VNode | null =>
  grade === 'warn' || grade === 'bad'
    ? html`<span class="unseen"> ${grade === 'bad' ? words.grade.bad : words.grade.warn}</span>`
    : null;

export const moment = (at: number, now: number): VNode =>
  html`<time datetime=${new Date(at).toISOString()}>${exactTime(at, now)}</time>`;

/** The same to the minute, the exact time on pointing. */
export const minute = (at: number, now: number): VNode =>
  html`<time datetime=${new Date(at).toISOString()} title=${exactTime(at, now)}>${shortTime(at, now)}</time>`;

/** How long something lasts, the exact time on pointing. */
export const since = (at: number | null, now: number): VNode | string =>
  at === null
    ? words.none
    : html`<time datetime=${new Date(at).toISOString()} title=${exactTime(at, now)}
        >${shortDuration(now - at)}</time
      >`;

export const clusterName = ({ fleet, number }: Pick<ClusterRow, 'fleet' | 'number'>): string =>
  words.cluster.name(fleet, number);

export const clusterLink = (cluster: ClusterRow): VNode =>
  html`<a href=${clusterHref(cluster.identity)} translate=${false}>${clusterName(cluster)}</a>`;

/** Where rows stack, each cell names its column. */
export const cellLabel = (label: string): VNode => html`<span class="cell-label">${label}</span> `;

/** Names, ids and versions are the same in every language. */
export const named = (text: string): VNode => html`<span translate=${false}>${text}</span>`;

export function section(
  id: string,
  title: string,
  content: ComponentChildren,
  beside?: ComponentChildren,
): VNode {
  return html`<section class=${`part ${id}`} aria-labelledby=${`${id}-title`}>
    <div class="part-head">
      <h2 id=${`${id}-title`}>${title}</h2>
      ${beside ?? null}
    </div>
    ${content}
  </section>`;
}

export const botName = (bots: readonly BotRow[], key: string): string =>
  bots.find((bot) => bot.key === key)?.name ?? key;

/** The head of every view: what it is about, and in one sentence how it is. */
export function headline(group: Group, title: ComponentChildren, sentence: ComponentChildren): VNode {
  return html`<div class=${`headline ${group}`} role="status">
    <h1 tabindex="-1">${title}</h1>
    ${sentence ? html`<p>${sentence}</p>` : null}
  </div>`;
}
