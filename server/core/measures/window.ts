// What a cluster's counters rose by in the last five minutes, in slots of 15 seconds: 20 rows of numbers, however often it beats.

export const WINDOW_MS = 300_000;
export const SLOTS = 20;
const SLOT_MS = WINDOW_MS / SLOTS;

/**
 * Increases are kept, not totals: a counter that began anew needs no memory of it, and 32 bits are exact for up to
 * 16 million in 15 seconds, which they would not be for totals.
 */
export interface Window {
  /** How many counters there are. */
  width: number;
  /** The number of 15 seconds since 1970 that a slot holds. */
  slotNumbers: Float64Array;
  /** Slot by slot, one number a counter. */
  increases: Float32Array;
}

/** Both arrays share one buffer: a buffer of its own costs some 200 bytes. */
export function createWindow(width: number): Window {
  const numberBytes = SLOTS * Float64Array.BYTES_PER_ELEMENT;
  const buffer = new ArrayBuffer(numberBytes + SLOTS * width * Float32Array.BYTES_PER_ELEMENT);
  const slotNumbers = new Float64Array(buffer, 0, SLOTS).fill(-Infinity);
  return { width, slotNumbers, increases: new Float32Array(buffer, numberBytes) };
}

/** The counters rose by this much. */
export function addIncreases(window: Window, increases: readonly number[], at: number): void {
  const { width, slotNumbers } = window;
  const number = Math.floor(at / SLOT_MS);
  const slot = ((number % SLOTS) + SLOTS) % SLOTS;
  const row = window.increases.subarray(slot * width, (slot + 1) * width);
  if (slotNumbers[slot] !== number) row.fill(0);
  slotNumbers[slot] = number;
  for (let i = 0; i < width; i++) row[i] = Math.min(row[i]! + increases[i]!, LARGEST);
}

/** What 32 bits hold; beyond it they would say Infinity. */
const LARGEST = 3e38;

/** What each counter rose by in the last five minutes, the slot under way included. */
export function sumOfWindow({ width, slotNumbers, increases }: Window, at: number): number[] {
  const sums = new Array<number>(width).fill(0);
  const first = Math.floor(at / SLOT_MS) - SLOTS + 1;
  for (let slot = 0; slot < SLOTS; slot++) {
    if (slotNumbers[slot]! < first) continue;
    for (let i = 0; i < width; i++) sums[i]! += increases[slot * width + i]!;
  }
  return sums;
}
