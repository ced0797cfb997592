// The nine values beside each other; what is over its limit somewhere below says so.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import type { ClusterFacts } from '../../shared/trouble.js';
import { formatValue, gradeOf, isAnyMeasured, metrics, valueOf, type Metric } from '../grades.js';
import { strained } from '../health.js';
import { words } from '../words.js';
import { graded } from './parts.js';

/** `among`: the clusters in trouble. A sum that is over its limit alone is nobody's, and nothing counts that there is none of. */
export function totals(values: readonly (number | null)[], among: readonly ClusterFacts[]): VNode | null {
  if (!isAnyMeasured(values)) return null;
  const wrong = new Set(
    among
      .filter(({ status }) => status === 'up')
      .flatMap((one) => strained(one.values).map(({ metric }) => metric)),
  );
  const shown = metrics.filter((metric) => isThere(metric, valueOf(values, metric)));
  return html`<dl class="totals" aria-label=${words.now.totals}>
    ${shown.map((metric) => {
      const value = valueOf(values, metric);
      const grade = wrong.has(metric) ? gradeOf(metric, value) : 'neutral';
      return html`<div class=${`total ${grade}`} key=${metric.key}>
        <dt>${metric.label}</dt>
        <dd>${graded(formatValue(metric.unit, value), grade)}</dd>
      </div>`;
    })}
  </dl>`;
}

const isThere = ({ unit }: Metric, value: number): boolean =>
  Number.isFinite(value) && (value > 0 || unit === 'ratio' || unit === 'per_second');
