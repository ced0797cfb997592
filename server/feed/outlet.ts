// What is published in a turn of the event loop reaches each socket as one piece: so many bytes a turn, the rest in the next ones.
import { MAX_FRAME_BYTES } from '../../public/shared/wire.js';
import type { Schedule } from './ticker.js';

export interface Outlet {
  /** Sends at once, or in a later turn when this one's bytes are spent; in order. */
  say: (text: string) => void;
  /** Forgets what waits. */
  clear: () => void;
}

const HEADER_BYTES = 4;
export const bytesOf = (text: string): number => Buffer.byteLength(text) + HEADER_BYTES;

export function createOutlet(send: (text: string) => void, schedule: Schedule): Outlet {
  const waiting: string[] = [];
  let spent = 0;
  const mayGo = (text: string): boolean => spent === 0 || spent + bytesOf(text) <= MAX_FRAME_BYTES;
  const go = (text: string): void => {
    if (spent === 0) schedule(0, turn);
    spent += bytesOf(text);
    send(text);
  };
  const turn = (): void => {
    spent = 0;
    let gone = 0;
    while (gone < waiting.length && mayGo(waiting[gone]!)) go(waiting[gone++]!);
    waiting.splice(0, gone);
  };
  return {
    say: (text) => {
      if (waiting.length === 0 && mayGo(text)) go(text);
      else waiting.push(text);
    },
    clear: () => void (waiting.length = 0),
  };
}
