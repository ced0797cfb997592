// Asks the questions of `init` at a terminal, one at a time.
import { Writable } from 'node:stream';
import { confirm, isCancel, password, select, text, updateSettings } from '@clack/prompts';
import type { Ask } from './answers.js';
import type { DiscordAnswer } from './discord.js';
import { questions, type Question, type QuestionKey } from './questions.js';

export interface Wizard {
  ask: Ask;
  /** Null: they would rather stop. */
  agree: (words: string) => Promise<boolean | null>;
}

export interface WizardOptions {
  isColoured: boolean;
  say: (text: string) => void;
  askDiscord: (token: string) => Promise<DiscordAnswer>;
}

export function createWizard({ isColoured, say, askDiscord }: WizardOptions): Wizard {
  updateSettings({ aliases: { [END_OF_INPUT]: 'cancel' } });
  const output = screenOf(process.stderr, isColoured);
  const ask = (key: QuestionKey, standard: string): Promise<string | null> =>
    key === 'bots' ? askBots(standard, output, say, askDiscord) : askOne(questions[key], standard, output);
  return { ask, agree: async (message) => orNull(await confirm({ message, initialValue: false, output })) };
}

/** Ctrl-D: without this the program would end in the middle of a question. */
const END_OF_INPUT = '\u0004';

const orNull = <T>(answer: T): Exclude<T, symbol> | null =>
  isCancel(answer) ? null : (answer as Exclude<T, symbol>);

async function askOne(about: Question<unknown>, standard: string, output: Writable): Promise<string | null> {
  const message = about.ask ?? about.help;
  if (about.choices) {
    const options = about.choices.map(({ value, label }) => ({ value, label }));
    return orNull(await select({ message, options, initialValue: standard, output }));
  }
  const validate = (given = ''): string | undefined => {
    const read = about.read(given || standard);
    return read.ok ? undefined : `Please give ${read.accepts}.`;
  };
  const shown = standard === '' ? {} : { placeholder: standard };
  return orNull(await text({ message, ...shown, defaultValue: standard, validate, output }));
}

/** From a list, or from Discord; when Discord is of no help, from a list after all. */
async function askBots(
  standard: string,
  output: Writable,
  say: WizardOptions['say'],
  askDiscord: WizardOptions['askDiscord'],
): Promise<string | null> {
  for (;;) {
    const message = 'Which bots are there?';
    const initialValue = standard === '' ? 'later' : 'list';
    const way = orNull(await select({ message, options: WAYS, initialValue, output }));
    if (way === 'later') return '';
    if (way !== 'discord') return way === null ? null : askOne(questions.bots, standard, output);
    const token = orNull(await password({ message: 'The bot token', output, clearOnError: true }));
    if (token === null) return null;
    const answer = await askDiscord(token);
    say(
      answer.ok ? `Discord says: ${answer.bots}` : `${answer.why} Please choose another way, or try again.`,
    );
    if (answer.ok) return answer.bots;
  }
}

const WAYS = [
  { value: 'later', label: 'Learn them from their reports' },
  { value: 'list', label: 'I type a list' },
  {
    value: 'discord',
    label: 'Ask Discord about one, with its bot token',
    hint: 'it is sent to Discord and kept nowhere',
  },
] satisfies { value: string; label: string; hint?: string }[];

/** Without colours the cursor must still move. Consoles that do not know how large they are say 0. */
function screenOf(terminal: NodeJS.WriteStream, isColoured: boolean): Writable {
  const screen = new Writable({
    decodeStrings: false,
    write: (chunk: string, _, done) =>
      void terminal.write(isColoured ? chunk : chunk.replaceAll(COLOUR, ''), done),
  });
  terminal.on('resize', () => screen.emit('resize'));
  return Object.defineProperties(screen, {
    columns: { get: () => terminal.columns || 80 },
    rows: { get: () => terminal.rows || 24 },
  });
}

const COLOUR = /\u001b\[[0-9;]*m/g;
