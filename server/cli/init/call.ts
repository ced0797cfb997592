// How `shardlight init` is called: its flags, their help, and what is wrong with a call.
import { resolve } from 'node:path';
import { readFlags, type Terminal } from '../command.js';
import { mistakesIn, unanswered } from './answers.js';
import { questionKeys, questions, type Question, type QuestionKey, type Texts } from './questions.js';

export interface Call {
  /** Answers that are given as flags. */
  texts: Texts;
  /** Where to write, absolute. */
  folder: string;
  discordToken: string | undefined;
  newTokens: boolean;
  /** Somebody is asked for what no flag says. */
  asks: boolean;
  force: boolean;
  json: boolean;
}

const switches = {
  'discord-token': { type: 'string' },
  'new-tokens': { type: 'boolean', default: false },
  'out-dir': { type: 'string', default: '.' },
  force: { type: 'boolean', default: false },
  yes: { type: 'boolean', short: 'y', default: false },
  json: { type: 'boolean', default: false },
} as const;

const asked = Object.fromEntries(questionKeys.map((key) => [key, { type: 'string' }])) as Record<
  QuestionKey,
  { type: 'string' }
>;

/** `why` may be several sentences, a line each. */
export function readCall(
  args: string[],
  { isInteractive }: Pick<Terminal, 'isInteractive'>,
): { ok: true; call: Call } | { ok: false; why: string } {
  const flags = readFlags(args, { ...asked, ...switches });
  if (!flags.ok) return flags;
  const { values } = flags;
  const given = questionKeys.flatMap((key) => (values[key] === undefined ? [] : [[key, values[key]]]));
  const call = {
    texts: Object.fromEntries(given) as Texts,
    folder: resolve(values['out-dir']),
    discordToken: values['discord-token'],
    newTokens: values['new-tokens'],
    asks: isInteractive && !values.yes,
    force: values.force,
    json: values.json,
  };
  const wrong = wrongIn(call, values.yes);
  return wrong.length > 0 ? { ok: false, why: wrong.join('\n') } : { ok: true, call };
}

function wrongIn({ texts, discordToken, asks }: Call, takesDefaults: boolean): string[] {
  const wrong = mistakesIn(texts);
  if (discordToken !== undefined && texts.bots !== undefined)
    wrong.push('Please give --bots or --discord-token, not both.');
  if (discordToken?.trim() === '') wrong.push('--discord-token: found nothing; accepted: a bot token.');
  if (wrong.length > 0 || asks || takesDefaults) return wrong;
  const wanted = unanswered(texts).filter((key) => key !== 'bots' || discordToken === undefined);
  if (wanted.length === 0) return [];
  const names = wanted.map((key) => `--${key}`).join(', ');
  return [
    `This is not a terminal, so nobody can be asked. Please give ${names}, or --yes for their defaults.`,
  ];
}

const INDENT = 28;
const flagLines = (flag: string, help: string, standard: string): string =>
  `${`  --${flag}`.padEnd(INDENT)}${help}\n${' '.repeat(INDENT)}Default: ${standard}.`;

const questionLines = questionKeys.map((key) => {
  const { value, help, defaultText }: Question<unknown> = questions[key];
  return flagLines(`${key} ${value}`, help, defaultText);
});

export const USAGE = `Usage: shardlight init [flags]

Writes what a status page needs to run: .env with its tokens and, as you choose, a compose.yaml, a systemd unit,
the lines for a reverse proxy. In a terminal it asks for what no flag gives.

${[
  ...questionLines,
  flagLines(
    'discord-token <token>',
    'A bot token, instead of --bots: it is sent to Discord and not kept.',
    'Discord is not asked',
  ),
  flagLines('new-tokens', 'Make new tokens, even where an earlier .env has some.', 'those are kept'),
  flagLines('out-dir <folder>', 'Where the files are written.', 'here'),
  flagLines('force', 'Replace existing files. Other settings in .env are kept.', 'ask, or refuse'),
  flagLines('yes, -y', 'Ask nothing, and take the defaults.', 'ask'),
  flagLines('json', 'Print {"files":…,"url":…,"port":…,"bots":…} at the end; no secrets in it.', 'no data'),
].join('\n')}
  --help, -h                This text.

Exit codes: 0 written, 1 nothing written, 2 wrong call.`;
