// What moves on a page without being asked to, from its first moment on.
import type { Page } from 'playwright-core';

interface Shift {
  hadRecentInput: boolean;
  sources: { node: Element | null; previousRect: DOMRect; currentRect: DOMRect }[];
}

type Watching = typeof globalThis & { shiftsSoFar: () => string[] };

/** Before the page is opened. */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const placeOf = ({ x, y, width, height }: DOMRect): string =>
      [x, y, width, height].map(Math.round).join(' ');
    const shifts: string[] = [];
    const take = (entries: unknown[]): void => {
      for (const { hadRecentInput, sources } of entries as Shift[])
        for (const { node, previousRect, currentRect } of hadRecentInput ? [] : sources)
          shifts.push(
            `${node?.parentElement?.className} ${node?.nodeName}: ${placeOf(previousRect)} to ${placeOf(currentRect)}`,
          );
    };
    const observer = new PerformanceObserver((list) => take(list.getEntries()));
    observer.observe({ type: 'layout-shift', buffered: true });
    (globalThis as Watching).shiftsSoFar = () => (take(observer.takeRecords()), shifts);
  });
}

/** In words: what moved, from where to where. What has just changed is drawn first. */
export const shiftsOf = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    for (let frames = 0; frames < 2; frames++) await new Promise(requestAnimationFrame);
    return (globalThis as Watching).shiftsSoFar();
  });
