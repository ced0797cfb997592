// The icon of the tab, one small SVG per group of states: the state is seen while the tab is not.
import type { Group } from '../../public/shared/states.js';
import { groupColours } from '../../public/shared/theme-color.js';

export const groups: readonly Group[] = ['up', 'changing', 'degraded', 'down', 'unknown', 'stopped'];

/** In a box of 32: check, loop, exclamation mark, cross, question mark, square. */
export const groupStrokes: Record<Group, string> = {
  up: 'M9 16.5l5 5 9-11',
  changing: 'M22.5 13.5A7.2 7.2 0 1 0 23 18M23 9v5h-5',
  degraded: 'M16 8v10M16 23v.1',
  down: 'M10.5 10.5l11 11M21.5 10.5l-11 11',
  unknown: 'M12 12.5a4 4 0 1 1 5.5 3.7c-1 .5-1.5 1-1.5 2.3M16 23v.1',
  stopped: 'M11 11h10v10H11z',
};

export const faviconPath = (group: Group): string => `/favicon/${group}.svg`;

export const favicon = (group: Group): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="${groupColours[group]}"/><path d="${groupStrokes[group]}" fill="none" stroke="#0b1220" stroke-width="3.6" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
