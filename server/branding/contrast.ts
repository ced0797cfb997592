// How well a colour can be read on another: WCAG 2.2's relative luminance and contrast ratio.

/** `#rrggbb` */
export type Hex = string;

/** What text must reach on its background (WCAG 2.2 AA). */
export const READABLE = 4.5;

const channels = (colour: Hex): number[] =>
  [1, 3, 5].map((from) => Number.parseInt(colour.slice(from, from + 2), 16));

const linear = (channel: number): number =>
  channel <= 0.04045 * 255 ? channel / 255 / 12.92 : ((channel / 255 + 0.055) / 1.055) ** 2.4;

function luminance(colour: Hex): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map(linear);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** 1 to 21. */
export function contrast(one: Hex, other: Hex): number {
  const [dark = 0, bright = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

const STEPS = 50;

/** The colour itself where it can be read on all of these, else the nearest shade towards `end` that can. */
export function readableShade(colour: Hex, grounds: readonly Hex[], end: '#ffffff' | '#000000'): Hex {
  for (let step = 0; step < STEPS; step++) {
    const shade = mix(colour, end, step / STEPS);
    if (grounds.every((ground) => contrast(shade, ground) >= READABLE)) return shade;
  }
  return end;
}

function mix(from: Hex, to: Hex, part: number): Hex {
  const ends = channels(to);
  const mixed = channels(from).map((channel, i) => Math.round(channel + (ends[i]! - channel) * part));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}
