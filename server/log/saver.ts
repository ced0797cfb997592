// Saves the world every few seconds while it changes, and once at the end; what fails is tried again.

export interface Saver {
  /** Something changed that the next save should hold. */
  note: () => void;
  /** Saves now, among the others, and does not reject: what fails is tried again. */
  saveNow: () => Promise<void>;
  /** Saves what is not saved yet, as fast as it can; rejects when it cannot. */
  finish: () => Promise<void>;
}

export interface SaverOptions {
  /** `inSlices`: beats must not wait for it. Before it rejects, it has said why. */
  save: (inSlices: boolean) => Promise<void>;
  everyMs: number;
  schedule: (delayMs: number, run: () => void) => void;
}

export function createSaver({ save, everyMs, schedule }: SaverOptions): Saver {
  let isDue = false;
  let isNews = false;
  let isFinished = false;
  let isSaving = false;
  let underWay: Promise<void> = Promise.resolve();

  const attempt = async (): Promise<void> => {
    isNews = false;
    isSaving = true;
    try {
      await save(true);
    } catch {
      isNews = true;
    }
    isSaving = false;
  };
  /** One at a time. */
  const next = (): Promise<void> => (isSaving ? underWay.then(attempt) : attempt());
  const run = (): void => {
    if (isFinished) return;
    underWay = next().then(() => {
      isDue = false;
      if (isNews) plan();
    });
  };
  const plan = (): void => {
    if (isDue) return;
    isDue = true;
    schedule(everyMs, run);
  };
  return {
    note: () => {
      isNews = true;
      plan();
    },
    saveNow: async () => {
      underWay = next().then(() => {
        if (isNews) plan();
      });
      await underWay;
    },
    finish: async () => {
      isFinished = true;
      await underWay;
      await save(false);
    },
  };
}
