// The one colour of each group of states: of the tab's icon, and of what browsers and chats draw around the page.
import type { Group } from './states.js';

export const groupColours: Record<Group, string> = {
  up: '#4ca1a4',
  changing: '#6b8dd7',
  degraded: '#ffe049',
  down: '#fa7d53',
  unknown: '#908d90',
  stopped: '#908d90',
};
