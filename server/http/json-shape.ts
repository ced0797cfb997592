// Whether a long JSON text is of a kind that JSON.parse reads as fast as any: what nests, or is new again and again, takes fifty times as long.
import { randomBytes } from 'node:crypto';

/** Up to here it is cheap, whatever it is. */
const SHORT_CHARACTERS = 64 * 1024;
const MAX_DEPTH = 64;
/** Lists and objects are longer than that on average, wherever they say something. */
const CHARACTERS_A_LIST = 16;
/** Keys that differ: objects that are alike share them. */
const MAX_KEYS = 5_120; // 5,000 families of metrics are heard
/** Texts that differ, keys among them. */
const MAX_TEXTS = 20_000;

const TOO_DEEP = `the body nests deeper than ${MAX_DEPTH} levels`;
const TOO_EMPTY = `the body has more lists and objects than one for ${CHARACTERS_A_LIST} of its characters`;
const TOO_MANY_KEYS = `the body has more than ${MAX_KEYS} different keys`;
const TOO_MANY_TEXTS = `the body has more than ${MAX_TEXTS} different texts`;

/** Why it is refused before it is parsed (RULES 40); null: it is not. It need not be JSON. */
export function whyOdd(text: string): string | null {
  if (text.length <= SHORT_CHARACTERS) return null;
  const most = text.length / CHARACTERS_A_LIST;
  const seen = beginSeen();
  let depth = 0;
  let lists = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      i = readText(text, i, seen);
      if (seen.keys > MAX_KEYS) return TOO_MANY_KEYS;
      if (seen.texts > MAX_TEXTS) return TOO_MANY_TEXTS;
    } else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      if (++depth > MAX_DEPTH) return TOO_DEEP;
      if (++lists > most) return TOO_EMPTY;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth--;
  }
  return null;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Which texts there were, by a place that many of them share: then fewer are counted than there are. */
interface Seen {
  round: number;
  texts: number;
  keys: number;
}

const PLACES = 1 << 16;
const textAt = new Uint32Array(PLACES);
const keyAt = new Uint32Array(PLACES);
let rounds = 0;

/** The marks of the rounds before need not be wiped away. */
function beginSeen(): Seen {
  rounds = (rounds + 1) >>> 0 || 1;
  return { round: rounds, texts: 0, keys: 0 };
}

/** Of our choice, so that nobody can make texts that share a place. */
const MULTIPLIER = randomBytes(4).readUInt32LE() | 1;
const MIX_SHIFT = 15;
const MIXER = 0x2c1b3c6d; // odd, with as many ones as zeros

/** Values that are longer are not compared with others by who parses them. */
const SHORT_TEXT = 12;

/** Notes the text that begins there; where it ends. */
function readText(text: string, start: number, seen: Seen): number {
  const end = endOfText(text, start);
  const isLong = end - start > SHORT_TEXT;
  if (isLong && !isKey(text, end)) return end;
  let hash = 0;
  for (let i = start + 1; i < end; i++) hash = Math.imul(hash + text.charCodeAt(i), MULTIPLIER);
  const place = placeOf(hash);
  if (textAt[place] !== seen.round) {
    textAt[place] = seen.round;
    seen.texts++;
  }
  if (keyAt[place] !== seen.round && (isLong || isKey(text, end))) {
    keyAt[place] = seen.round;
    seen.keys++;
  }
  return end;
}

/** Spread over all of them, whatever the multiplier is. */
function placeOf(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> MIX_SHIFT), MIXER);
  return (mixed ^ (mixed >>> MIX_SHIFT)) & (PLACES - 1);
}

/** The quote that no odd number of backslashes stands before. */
function endOfText(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && text.charCodeAt(end - 1) === BACKSLASH) {
    let first = end - 1;
    while (text.charCodeAt(first - 1) === BACKSLASH) first--;
    if ((end - first) % 2 === 0) break;
    end = text.indexOf('"', end + 1);
  }
  return end < 0 ? text.length : end;
}

const BLANK = 0x20;

/** A colon follows. */
function isKey(text: string, end: number): boolean {
  let i = end + 1;
  while (i < text.length && text.charCodeAt(i) <= BLANK) i++;
  return text.charCodeAt(i) === COLON;
}
