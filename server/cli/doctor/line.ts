// What the doctor says: one line for each check, with its state, what was seen and how to fix it.

export type State = 'ok' | 'warning' | 'problem' | 'skipped';

export interface Line {
  /** Which check it is, for programs; several lines may have one name. */
  name: string;
  state: State;
  what: string;
  /** What to do; "": nothing. */
  fix: string;
}

export const ok = (name: string, what: string): Line => ({ name, state: 'ok', what, fix: '' });
export const warning = (name: string, what: string, fix: string): Line => ({
  name,
  state: 'warning',
  what,
  fix,
});
export const problem = (name: string, what: string, fix: string): Line => ({
  name,
  state: 'problem',
  what,
  fix,
});
/** It could not be looked at; `what` says why. */
export const skipped = (name: string, what: string, fix = ''): Line => ({
  name,
  state: 'skipped',
  what,
  fix,
});

export const isSick = (lines: readonly Line[]): boolean => lines.some(({ state }) => state === 'problem');

/** Never by colour alone: the mark says it too. Scripts look for the first two, as Argus's doctor has them. */
const MARKS: Record<State, string> = { ok: '[ok]', problem: '[!!]', warning: '[??]', skipped: '[--]' };
const COLOURS: Record<State, number> = { ok: 32, problem: 31, warning: 33, skipped: 2 };

/** As people read it: what to do stands below, indented. */
export function textOf({ state, what, fix }: Line, isColoured: boolean): string {
  const mark = isColoured ? `\u001b[${COLOURS[state]}m${MARKS[state]}\u001b[0m` : MARKS[state];
  return fix === '' ? `${mark} ${what}` : `${mark} ${what}\n     ${fix}`;
}

/** In one sentence, for the end: "2 problems, 1 warning, 9 fine, 1 not looked at". */
export function summaryOf(lines: readonly Line[]): string {
  const count = (wanted: State): number => lines.filter(({ state }) => state === wanted).length;
  return [
    counted(count('problem'), 'problem'),
    counted(count('warning'), 'warning'),
    `${count('ok')} fine`,
    `${count('skipped')} not looked at`,
  ].join(', ');
}

/** "1 cluster", "2 clusters" */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

const MAX_SHOWN = 160;

/** A text that came from elsewhere: short, and unable to steer a terminal. */
export function shown(text: string): string {
  const flat = text
    .slice(0, 4 * MAX_SHOWN)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return flat.length > MAX_SHOWN ? `${flat.slice(0, MAX_SHOWN)}…` : flat;
}

const SHORTEST_SECRET = 6; // shorter ones are in every other word

/** The same without any of these, should a server send back what it was sent. */
export function withoutSecrets(line: Line, secrets: readonly string[]): Line {
  const hidden = (text: string): string =>
    secrets
      .filter(({ length }) => length >= SHORTEST_SECRET)
      .reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
  return { ...line, what: hidden(line.what), fix: hidden(line.fix) };
}
