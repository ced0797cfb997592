// What is run inside the measured page: each function stands alone, for only its text reaches the browser.

interface Shift extends PerformanceEntry {
  value: number;
  hadRecentInput: boolean;
}

interface Interaction extends PerformanceEntry {
  interactionId: number;
}

interface Watched {
  layoutShift: number;
  slowestInputMs: number;
  inputs: number;
}

/** To be run before anything of the page: sums what moves unasked, and keeps the slowest answer to an input. */
export function watch(): void {
  const watched: Watched = { layoutShift: 0, slowestInputMs: 0, inputs: 0 };
  Object.assign(globalThis, { watched });
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput } of list.getEntries() as Shift[])
      if (!hadRecentInput) watched.layoutShift += value;
  }).observe({ type: 'layout-shift', buffered: true });
  const timings = { type: 'event', buffered: true, durationThreshold: 16 };
  new PerformanceObserver((list) => {
    for (const { duration, interactionId } of list.getEntries() as Interaction[]) {
      if (!interactionId) continue;
      watched.inputs++;
      watched.slowestInputMs = Math.max(watched.slowestInputMs, duration);
    }
  }).observe(timings);
}

/** Once there was time for the last frames to be reported. */
export const watched = (): Promise<Watched> =>
  new Promise((resolve) =>
    setTimeout(() => resolve((globalThis as unknown as { watched: Watched }).watched), 300),
  );

export const firstPaint = (): Promise<number> =>
  new Promise((resolve) => {
    new PerformanceObserver((list) => {
      for (const { startTime } of list.getEntriesByName('first-contentful-paint')) resolve(startTime);
    }).observe({ type: 'paint', buffered: true });
  });

/** Waits for the first tile's state to change and two frames to pass: then the change has been shown. */
export function watchFirstTile(): void {
  const tile = document.querySelector('.tiles > li')!;
  const seen = new Promise<number>((resolve) => {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => resolve(Date.now())));
    });
    observer.observe(tile, { attributeFilter: ['class'] });
  });
  Object.assign(globalThis, { seen });
}

/** By the clock of the machine. */
export const whenSeen = (): Promise<number> => (globalThis as unknown as { seen: Promise<number> }).seen;
