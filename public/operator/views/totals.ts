// The nine values beside each other, each with its grade.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { formatValue, gradeOf, metrics, valueOf } from '../grades.js';
import { graded } from './parts.js';

export function totals(values: readonly (number | null)[]): VNode {
  const each = metrics.map((metric) => {
    const value = valueOf(values, metric);
    const grade = gradeOf(metric, value);
    return html`<div class=${`total ${grade}`} key=${metric.key}>
      <dt>${metric.label}</dt>
      <dd>${graded(formatValue(metric.unit, value), grade)}</dd>
    </div>`;
  });
  return html`<dl class="totals">${each}</dl>`;
}
