// The nine values beside each other, each with its grade.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { formatValue, gradeOf, metrics, valueOf } from '../grades.js';
import { graded } from './parts.js';

/** `shards`: of how many shards those that are up are; null: not known here. */
export function totals(values: readonly (number | null)[], shards: number | null = null): VNode {
  const each = metrics.map((metric) => {
    const value = valueOf(values, metric);
    const grade = gradeOf(metric, value);
    const of =
      metric.key === 'shards_up' && shards !== null
        ? html`<small>/${formatValue('count', shards)}</small>`
        : null;
    return html`<div class=${`total ${grade}`} key=${metric.key}>
      <dt>${metric.label}</dt>
      <dd>${graded(formatValue(metric.unit, value), grade)}${of}</dd>
    </div>`;
  });
  return html`<dl class="totals">${each}</dl>`;
}
