// The trend of one value as a chart: readable axes, thresholds, and the value under the pointer or the arrow keys.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { formatValue, gradeOf, valueOf, type Metric } from '../grades.js';
import { linePath, nearest, scaleOf, type Box, type Point, type Scale } from '../scale.js';
import { exactTime, shortTime } from '../times.js';
import { clusterWords } from '../cluster-words.js';
import { graded } from './parts.js';

export interface ChartProps {
  metric: Metric;
  /** The value now. */
  value: number;
  /** All values at each time, the oldest first. */
  points: readonly { at: number; values: readonly (number | null)[] }[];
  /** The point that is looked at, in all charts at once; null: none. */
  looked: number | null;
  look: (index: number | null) => void;
  now: number;
  /** Whether the value still counts: that of a cluster that is down does not. */
  isCurrent: boolean;
}

const WIDTH = 340;
const HEIGHT = 116;
const BOX: Box = { left: 50, right: WIDTH - 6, top: 8, bottom: HEIGHT - 20 };
/** Below that, three times at the axis would be the same minute. */
const MINUTES_MATTER_MS = 240_000;
/** Counts that hardly change would be a flat line on an axis from zero. */
const FLOATING = ['guilds', 'cached_users'];

export function chart(props: ChartProps): VNode {
  const { metric, value, points, looked, isCurrent } = props;
  const grade = isCurrent ? gradeOf(metric, value) : 'neutral';
  const line: Point[] = points.map((point) => ({ at: point.at, value: valueOf(point.values, metric) }));
  const hasLine = line.filter((point) => Number.isFinite(point.value)).length > 1;
  const pointed = looked === null ? undefined : line[looked];
  return html`<div class=${`panel ${grade}`} key=${metric.key}>
    <div class="panel-head">
      <h3>${metric.label}</h3>
      ${
        pointed
          ? html`<span class="pointed"
              >${exactTime(pointed.at, props.now)} <b>${formatValue(metric.unit, pointed.value)}</b></span
            >`
          : graded(formatValue(metric.unit, value), grade)
      }
    </div>
    ${hasLine ? drawing(line, props) : html`<p class="quiet">${clusterWords.points(points.length)}</p>`}
  </div>`;
}

function drawing(line: readonly Point[], { metric, looked, look, now }: ChartProps): VNode {
  const scale = scaleOf(line, BOX, metric.unit, !FLOATING.includes(metric.key));
  const last = line.length - 1;
  const index = Math.min(looked ?? last, last);
  const said = `${exactTime(line[index]!.at, now)}: ${formatValue(metric.unit, line[index]!.value)}`;
  const onPointer = (event: PointerEvent): void => {
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    look(nearest(line, scale, ((event.clientX - left) / width) * WIDTH));
  };
  const onKey = (event: KeyboardEvent): void => {
    const next = { ArrowLeft: index - 1, ArrowRight: index + 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    look(Math.max(0, Math.min(last, next)));
  };
  return html`<div
    class="chart"
    role="slider"
    tabindex="0"
    aria-label=${clusterWords.trend(metric.label)}
    aria-valuemin="0"
    aria-valuemax=${last}
    aria-valuenow=${index}
    aria-valuetext=${said}
    onPointerMove=${onPointer}
    onPointerDown=${onPointer}
    onPointerLeave=${() => look(null)}
    onKeyDown=${onKey}
    onBlur=${() => look(null)}
  >
    <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      ${axes(line, scale, now)} ${thresholds(scale, metric)}
      <path
        class="area"
        d=${`${linePath(line, scale)}L${scale.x(line[last]!.at)} ${BOX.bottom}L${BOX.left} ${BOX.bottom}Z`}
      />
      <path class="line" d=${linePath(line, scale)} />
      ${looked === null ? null : crosshair(line[index]!, scale)}
    </svg>
  </div>`;
}

function axes(line: readonly Point[], { steps, labels, y, x }: Scale, now: number): VNode {
  const first = line[0]!.at;
  const last = line.at(-1)!.at;
  const middle = (first + last) / 2;
  const timeOf = last - first < MINUTES_MATTER_MS ? exactTime : shortTime;
  return html`<g class="axes">
    ${steps.map(
      (step, i) =>
        html`<path key=${step} d=${`M${BOX.left} ${y(step)}H${BOX.right}`} />
          <text x=${BOX.left - 6} y=${y(step) + 3.5} text-anchor="end">${labels[i]}</text>`,
    )}
    <text x=${BOX.left} y=${HEIGHT - 4}>${timeOf(first, now)}</text>
    <text x=${x(middle)} y=${HEIGHT - 4} text-anchor="middle">${timeOf(middle, now)}</text>
    <text x=${BOX.right} y=${HEIGHT - 4} text-anchor="end">${timeOf(last, now)}</text>
  </g>`;
}

function thresholds({ steps, y }: Scale, { limits }: Metric): VNode | null {
  if (!limits) return null;
  const inSight = (['warn', 'bad'] as const).filter(
    (name) => limits[name] <= steps.at(-1)! && limits[name] > steps[0]!,
  );
  return html`<g
    >${inSight.map(
      (name) =>
        html`<path
          key=${name}
          class=${`limit ${name}`}
          d=${`M${BOX.left} ${y(limits[name])}H${BOX.right}`}
        />`,
    )}</g
  >`;
}

const crosshair = ({ at, value }: Point, { x, y }: Scale): VNode =>
  html`<g class="cross"
    ><path d=${`M${x(at)} ${BOX.top}V${BOX.bottom}`} />
    ${Number.isFinite(value) ? html`<circle cx=${x(at)} cy=${y(value)} r="3.5" />` : null}</g
  >`;
