// `shardlight init`: asks how the page is to run, or takes flags, and writes what is needed to start it.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isPublished } from '../../public/shared/distribution.js';
import { VERSION } from '../version.js';
import { EXIT, misused, type Command, type Terminal } from './command.js';
import { answer, earlierAnswers, type Ask } from './init/answers.js';
import { readCall, USAGE, type Call } from './init/call.js';
import { askDiscord, DISCORD_API, type DiscordAnswer } from './init/discord.js';
import { envFile } from './init/env-file.js';
import { filesOf } from './init/files.js';
import { nextSteps } from './init/next-steps.js';
import { clashOf, type Answers, type Texts } from './init/questions.js';
import { createWizard } from './init/wizard.js';
import { NODE_FLAGS } from './runtime.js';
import type { Source } from './templates/deployment.js';
import { whyNoUnit } from './templates/systemd.js';
import { existing, readEarlier, writeAll, type OutFile } from './init/write.js';

/** `discordApi` is where Discord's API is. */
export const createInit = (discordApi: string): Command => ({
  usage: USAGE,
  run: async (args, terminal) => {
    const read = readCall(args, terminal);
    if (!read.ok) return misused(terminal, read.why, SEE_HELP);
    return perform(read.call, terminal, (token) => askDiscord(token, discordApi));
  },
});

export const init = createInit(DISCORD_API);

const SEE_HELP = 'shardlight init --help shows all flags.';

async function perform(call: Call, terminal: Terminal, discord: AskDiscord): Promise<number> {
  const stop = (why: string): number => (terminal.say(`${why}\nNothing was written.`), EXIT.problem);
  const { ask, agree } = createWizard({ ...terminal, askDiscord: discord });
  const earlier = readEarlier(call.folder);
  if (!earlier.ok) return stop(`The .env in ${call.folder} cannot be read: ${earlier.why}.`);
  const texts = await withDiscord(call, terminal, discord);
  const kept = earlierAnswers(earlier.environment, !call.newTokens);
  const answered = await answer(texts, kept, call.asks ? ask : takeStandard, mint);
  if (!answered) return stop('Stopped.');
  const clash = clashOf(answered.values);
  if (clash !== null) return misused(terminal, clash, SEE_HELP);
  const env = envFile(answered, earlier.environment);
  if (!env.ok) return stop(cannotKeep(env.name));
  const where = { folder: call.folder, command: COMMAND, source: sourceOf(ROOT) };
  const why = answered.values.run === 'systemd' ? whyNoUnit(where) : null;
  if (why !== null) return stop(why);
  const files = filesOf(answered.values, env.text, where);
  const refusal = await refusalToReplace(call, files, agree);
  if (refusal !== null) return stop(refusal);
  const unwritten = writeAll(call.folder, files);
  if (unwritten !== null) return stop(`The files cannot be written to ${call.folder}: ${unwritten}.`);
  tell(call, terminal, answered.values, files);
  return EXIT.ok;
}

type AskDiscord = (token: string) => Promise<DiscordAnswer>;

const takeStandard: Ask = (_, standard) => Promise.resolve(standard);
const mint = (): string => randomBytes(32).toString('base64url');

/** This program; out of npx's cache, which is cleared now and then, the one that `npm install --global` puts beside Node.js. */
const here = fileURLToPath(new URL('../cli/main.js', import.meta.url));
const isPassing = here.includes(`${sep}_npx${sep}`);
const program = isPassing ? join(dirname(process.execPath), 'shardlight') : here;
/** The folder of the package that runs: a checkout, or where npm put it. */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
const COMMAND = `${process.execPath} ${NODE_FLAGS.join(' ')} "${program}"`;

/** A checkout has a Dockerfile; the package has none. */
function sourceOf(root: string): Source {
  if (existsSync(join(root, 'Dockerfile'))) return { kind: 'checkout', context: root };
  return { kind: isPublished ? 'package' : 'tarball', version: VERSION };
}

/** What a bot token on the command line tells. */
async function withDiscord(call: Call, { say }: Terminal, discord: AskDiscord): Promise<Texts> {
  if (call.discordToken === undefined) return call.texts;
  const told = await discord(call.discordToken);
  if (told.ok) return { ...call.texts, bots: told.bots };
  say(`${told.why} ${call.asks ? '' : 'Bots will appear as they report.'}`.trim());
  return call.texts;
}

/** Null: nothing stands in the way, or it may go. */
async function refusalToReplace(
  { asks, force, folder }: Call,
  files: OutFile[],
  agree: (words: string) => Promise<boolean | null>,
): Promise<string | null> {
  const names = existing(folder, files);
  if (names.length === 0 || force) return null;
  const there = `${names.join(', ')} in ${folder}`;
  if (!asks) return `${there} exists already. Give --force to replace it, or another --out-dir.`;
  const isAgreed = await agree(`Replace ${there}? Other settings in .env are kept.`);
  return isAgreed ? null : 'The existing files stay.';
}

const cannotKeep = (name: string): string =>
  `${name} is set in the existing .env to a value that not all readers of such files would read the same.
What to do: move that file away, run this again, and add the line by hand.`;

function tell({ folder, json }: Call, { say, print }: Terminal, answers: Answers, files: OutFile[]): void {
  const { url, port, bots } = answers;
  const names = files.map(({ name }) => name);
  say(`Written to ${folder}: ${names.join(', ')}\n`);
  const place = { folder, isHere: folder === process.cwd(), isPassing, version: VERSION };
  say(nextSteps(answers, { ...place, command: COMMAND, root: ROOT, source: sourceOf(ROOT) }));
  if (!json) return;
  const paths = names.map((name) => ({ path: join(folder, name), written: true }));
  const shown = bots.map(({ key, name, shardCount }) => ({ key, name, shards: shardCount }));
  print(JSON.stringify({ files: paths, url, port, bots: shown }));
}
