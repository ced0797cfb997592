// Where a trend is drawn: readable steps for the axes, places for the points. Pure; `views/chart.ts` draws.

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

export interface Scale {
  x: (at: number) => number;
  y: (value: number) => number;
  /** Values at which a line is drawn, ascending, the first at the bottom. */
  steps: number[];
}

/** Numbers that people count in; what is smaller than `minimum` is not told apart. */
function roundStep(span: number, count: number): number {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const nice = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * (1 - 1e-9)) ?? 10;
  return nice * power;
}

/** From 0 or below the lowest to above the highest: `count` or fewer equal steps. A flat line gets room above. */
export function stepsFor(lowest: number, highest: number, isFromZero: boolean, count = 3): number[] {
  const low = isFromZero ? Math.min(0, lowest) : lowest;
  const flat = highest - low <= Math.abs(highest) * 1e-9;
  const span = flat ? Math.abs(highest) || 1 : highest - low;
  const step = roundStep(span, count);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil((flat ? low + span : highest) / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Points in order of time; at least one of them has a finite value. */
export function scaleOf(points: readonly Point[], box: Box, isFromZero: boolean): Scale {
  const values = points.map(({ value }) => value).filter(Number.isFinite);
  const steps = stepsFor(Math.min(...values), Math.max(...values), isFromZero);
  const [low, high] = [steps[0]!, steps.at(-1)!];
  const from = points[0]!.at;
  const ms = Math.max(1, points.at(-1)!.at - from);
  return {
    steps,
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
  const places = [...spark].map((digit, i) => {
    const level = Number.parseInt(digit, SPARK_BASE) / (SPARK_BASE - 1);
    return `${round((i / (spark.length - 1)) * width)} ${round(height - (level || 0) * height)}`;
  });
  return `M${places.join('L')}`;
}
