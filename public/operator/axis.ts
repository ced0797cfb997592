// The steps of a chart's axis and what stands at them: round numbers in one unit that fits the highest value.
import type { Unit } from './grades.js';

export interface Axis {
  /** Values at which a line is drawn, ascending, the first at the bottom; at least two. */
  steps: number[];
  /** What stands at each. */
  labels: string[];
}

/** Highest values from `from` on are written as `sign`s, each of `size`. */
interface AxisUnit {
  from: number;
  size: number;
  sign: string;
}

const inUnit = (from: number, size: number, sign: string): AxisUnit => ({ from, size, sign });

const UNITS: Record<Unit, readonly AxisUnit[]> = {
  count: [inUnit(1e9, 1e9, 'G'), inUnit(1e6, 1e6, 'M'), inUnit(1e5, 1e3, 'k'), inUnit(-Infinity, 1, '')],
  per_second: [inUnit(1e4, 1e3, 'k/s'), inUnit(-Infinity, 1, '/s')],
  ratio: [inUnit(-Infinity, 0.01, ' %')],
  seconds: [
    inUnit(172_800, 86_400, ' d'),
    inUnit(7_200, 3_600, ' h'),
    inUnit(120, 60, ' min'),
    inUnit(1, 1, ' s'),
    inUnit(-Infinity, 0.001, ' ms'),
  ],
};

const STEPS = 3;
const MAX_DECIMALS = 3;
/** What floating point adds, in parts of a number. */
const NOISE = 1e-9;

/** From 0, or from below the lowest, to above the highest, in some three steps. A flat line is seen from 0 on. */
export function axisFor(unit: Unit, lowest: number, highest: number, isFromZero: boolean): Axis {
  const { size, sign } = UNITS[unit].find(({ from }) => highest >= from)!;
  const scaled = roundSteps(seen(lowest / size), seen(highest / size), isFromZero);
  return { steps: scaled.map((step) => tidy(step * size)), labels: labelsOf(scaled, sign) };
}

/** What is closer to 0 than any label can say is 0. */
const seen = (n: number): number => (Math.abs(n) < NOISE ? 0 : n);

const tidy = (n: number): number => Number(n.toPrecision(12));

function roundSteps(lowest: number, highest: number, isFromZero: boolean): number[] {
  const isFlat = highest - lowest <= Math.abs(highest) * NOISE;
  const low = isFromZero || isFlat ? Math.min(0, lowest) : lowest;
  const step = roundStep((highest - low || 1) / STEPS);
  const first = Math.floor(low / step + NOISE);
  const last = Math.max(first + 1, Math.ceil(highest / step - NOISE));
  return Array.from({ length: last - first + 1 }, (_, i) => tidy((first + i) * step));
}

/** The next of the numbers that people count in. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 2.5, 5].find((one) => one * power >= rough * (1 - NOISE)) ?? 10;
  return factor * power;
}

/** As many decimals as tell the steps apart. */
function labelsOf(steps: readonly number[], sign: string): string[] {
  const apart = steps[1]! - steps[0]!;
  const write = (decimals: number): string[] => steps.map((step) => step.toFixed(decimals));
  const isTrue = (label: string, i: number): boolean => Math.abs(Number(label) - steps[i]!) <= apart / 100;
  let decimals = 0;
  while (decimals < MAX_DECIMALS && !write(decimals).every(isTrue)) decimals++;
  return write(decimals).map((text) => (Number(text) === 0 ? '0' : `${separated(text)}${sign}`));
}

/** "16,550" */
function separated(text: string): string {
  const [whole = '', decimals] = text.split('.');
  const parts = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return decimals === undefined ? parts : `${parts}.${decimals}`;
}
