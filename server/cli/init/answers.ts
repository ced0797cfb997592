// From flags, an earlier `.env` and whoever is asked to answers: every question has exactly one in the end.
import { namesOf, variables, type Environment, type VariableKey } from '../../config.js';
import { loadSettings } from '../../settings/read-config.js';
import {
  questionKeys,
  questions,
  type Answers,
  type Question,
  type QuestionKey,
  type Texts,
} from './questions.js';

export interface Answered {
  values: Answers;
  /** As `.env` has them. */
  texts: Record<QuestionKey, string>;
}

/** Gives the answer to one question, `standard` when nobody is asked; null: they would rather stop. */
export type Ask = (key: QuestionKey, standard: string) => Promise<string | null>;

/** Which flags are wrong, each in a sentence. */
export function mistakesIn(flags: Texts): string[] {
  return questionKeys.flatMap((key) => {
    const text = flags[key];
    if (text === undefined) return [];
    const read = questions[key].read(text);
    if (!read.ok) return [`--${key}: found ${read.found}; accepted: ${read.accepts}.`];
    const reason = about(key).unneeded?.(flags) ?? null;
    return reason === null ? [] : [`--${key} is not needed: ${reason}.`];
  });
}

/** Flags that are wanted where nobody can be asked. */
export const unanswered = (flags: Texts): QuestionKey[] =>
  questionKeys.filter(
    (key) => flags[key] === undefined && about(key).ask !== null && !about(key).unneeded?.(flags),
  );

/** Flags must be free of mistakes. Null: whoever was asked stopped. */
export async function answer(
  flags: Texts,
  earlier: Texts,
  ask: Ask,
  random: () => string,
): Promise<Answered | null> {
  const texts: Texts = { ...flags };
  for (const key of questionKeys) {
    if (flags[key] !== undefined) continue;
    const { ask: words, default: standardOf, unneeded } = about(key);
    const isAsked = words !== null && !unneeded?.(texts);
    const standard = earlier[key] ?? standardOf(texts, random);
    const text = isAsked ? await ask(key, standard) : standard;
    if (text === null) return null;
    texts[key] = text;
  }
  return read(texts as Record<QuestionKey, string>);
}

/** What an earlier `.env` answers; what is wrong there answers nothing. Secrets only when they are to be kept. */
export function earlierAnswers(environment: Environment, keepsSecrets: boolean): Texts {
  const { settings } = loadSettings(environment); // finds secrets in the files that are named for them, too
  const isThere = Object.keys(environment).length > 0;
  const found = questionKeys.flatMap((key): [QuestionKey, string][] => {
    const { variable, silent } = about(key);
    if (variable === undefined) return [];
    const isSecret = 'secret' in variables[variable];
    if (isSecret && !keepsSecrets) return [];
    const said = isSecret ? (settings[variable] as string[]).join(',') : textOf(variable, environment);
    const text = said || (isThere ? silent : undefined);
    return text && questions[key].read(text).ok ? [[key, text]] : [];
  });
  return Object.fromEntries(found);
}

const textOf = (variable: VariableKey, environment: Environment): string | undefined =>
  namesOf(variable)
    .map((name) => environment[name]?.trim())
    .find(Boolean);

const about = (key: QuestionKey): Question<unknown> => questions[key];

function read(given: Record<QuestionKey, string>): Answered {
  const rows = questionKeys.map((key) => {
    const answer = questions[key].read(given[key]);
    if (!answer.ok) throw new Error(`the default of ${key} is not one that it takes`);
    return [key, answer] as const;
  });
  return {
    values: Object.fromEntries(rows.map(([key, { value }]) => [key, value])) as Answers,
    texts: Object.fromEntries(rows.map(([key, { written }]) => [key, written])) as Answered['texts'],
  };
}
