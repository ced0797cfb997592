// Waiting in scripts: for something to be so, not for time to pass.

const LOOK_EVERY_MS = 20;
const GIVE_UP_AFTER_MS = 20_000;

/** Throws, naming what it waited for, when it does not come. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
  while (!(await isSo())) {
    if (performance.now() > giveUpAt) throw new Error(`${what} did not come in time`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
