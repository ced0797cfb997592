// Where a trend is drawn: places for its points, and its paths. Pure; `views/chart.ts` draws.
import { axisFor, type Axis } from './axis.js';
import type { Unit } from './grades.js';

export interface Point {
  at: number;
  value: number;
}

/** In the units of the drawing. */
export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface Scale extends Axis {
  x: (at: number) => number;
  y: (value: number) => number;
}

/** Points in order of time; at least one of them has a finite value. */
export function scaleOf(points: readonly Point[], box: Box, unit: Unit, isFromZero: boolean): Scale {
  const values = points.map(({ value }) => value).filter(Number.isFinite);
  const axis = axisFor(unit, Math.min(...values), Math.max(...values), isFromZero);
  const [low, high] = [axis.steps[0]!, axis.steps.at(-1)!];
  const from = points[0]!.at;
  const ms = Math.max(1, points.at(-1)!.at - from);
  return {
    ...axis,
    x: (at) => round(box.left + ((at - from) / ms) * (box.right - box.left)),
    y: (value) => round(box.bottom - ((value - low) / (high - low)) * (box.bottom - box.top)),
  };
}

const round = (n: number): number => Math.round(n * 10) / 10;

/** The path of a line, interrupted where a value is missing. */
export function linePath(points: readonly Point[], { x, y }: Scale): string {
  let path = '';
  let isDrawing = false;
  for (const { at, value } of points) {
    if (Number.isFinite(value)) path += `${isDrawing ? 'L' : 'M'}${x(at)} ${y(value)}`;
    isDrawing = Number.isFinite(value);
  }
  return path;
}

/** The point nearest to a place along the axis. */
export function nearest(points: readonly Point[], { x }: Scale, place: number): number {
  let best = 0;
  for (let i = 1; i < points.length; i++)
    if (Math.abs(x(points[i]!.at) - place) < Math.abs(x(points[best]!.at) - place)) best = i;
  return best;
}

const SPARK_BASE = 36;

/** The path of a sparkline in a box of `width` × `height`; "" below two points. */
export function sparkPath(spark: string, width: number, height: number): string {
  if (spark.length < 2) return '';
  const places = Array.from(spark, (digit, i) => {
    const level = Number.parseInt(digit, SPARK_BASE) / (SPARK_BASE - 1);
    return `${round((i / (spark.length - 1)) * width)} ${round(height - (level || 0) * height)}`;
  });
  return `M${places.join('L')}`;
}
