// The operator's accent colour: refused at the start where it could not be read, with a shade that can.
import type { Mistake } from '../settings/read-config.js';
import { contrast, READABLE, readableShade, type Hex } from './contrast.js';

export interface Accent {
  dark: Hex;
  light: Hex;
}

/** What the accent stands on, `--ground` and `--raised` of public/style/tokens.css (a test compares them). */
export const grounds = {
  dark: ['#0b1220', '#131d31'],
  light: ['#ffffff', '#f3f6fa'],
} as const satisfies Record<keyof Accent, readonly Hex[]>;

/** Null when every theme can be read. One colour never can in both, so the answer names two. */
export function accentMistake(accent: Accent): Mistake | null {
  const failing = (['dark', 'light'] as const).filter((theme) => worst(accent, theme) < READABLE);
  if (failing.length === 0) return null;
  const told = failing.map(
    (theme) => `${accent[theme]} at ${worst(accent, theme).toFixed(1)}:1 on the ${theme} theme`,
  );
  return {
    variable: 'SHARDLIGHT_ACCENT',
    found: told.join(' and '),
    accepts: `two colours "dark,light", each read at ${READABLE}:1 or better on its theme; for example ${suggestion(accent)}`,
  };
}

const worst = (accent: Accent, theme: keyof Accent): number =>
  Math.min(...grounds[theme].map((ground) => contrast(accent[theme], ground)));

const suggestion = ({ dark, light }: Accent): string =>
  `${readableShade(dark, grounds.dark, '#ffffff')},${readableShade(light, grounds.light, '#000000')}`;
