// The text of `.env`: what was answered, each with a word on what it is, and what stood there before that nobody asked about.
import { namesOf, variables, type Environment, type VariableKey } from '../../config.js';
import type { Answered } from './answers.js';
import { quoted } from './env-quotes.js';
import { questionKeys, questions, type Answers, type Question } from './questions.js';

/** Or the name of what stood there before and cannot be written again. */
export type EnvText = { ok: true; text: string } | { ok: false; name: string };

/** `earlier` is what the file has said so far. */
export function envFile(answered: Answered, earlier: Environment): EnvText {
  const chosen = linesOf(answered);
  const decided = new Set(decidedBy(chosen).flatMap(namesOf).flatMap(withFile));
  const kept = Object.entries(earlier).filter(([name]) => !decided.has(name)) as [string, string][];
  const lost = kept.find(([name, value]) => !NAME.test(name) || quoted(value) === null);
  if (lost) return { ok: false, name: lost[0] };
  const rows = chosen.map(
    ([key, value]) => `# ${variables[key].help}\n${namesOf(key)[0]!}=${quoted(value)!}\n`,
  );
  const old = kept.map(([name, value]) => `${name}=${quoted(value)!}\n`);
  const after = old.length > 0 ? [`# What stood here before.\n${old.join('')}`] : [];
  return { ok: true, text: [HEAD, ...rows, ...after].join('\n') };
}

const HEAD = `# Shardlight reads this in the folder it is started in; the environment wins.
# Written by "shardlight init". It holds secrets: whoever has a token may do what is said above it.
`;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const withFile = (name: string): string[] => [name, `${name}_FILE`];

/** Whatever a question decides is no longer taken from before, even where the answer is to leave it out. */
const decidedBy = (chosen: [VariableKey, string][]): VariableKey[] => [
  ...questionKeys.flatMap((key) => (questions[key] as Question<unknown>).variable ?? []),
  ...chosen.map(([key]) => key),
];

/** What is as it would be without a line has none. */
function linesOf({ values, texts }: Answered): [VariableKey, string][] {
  const lines: [VariableKey, string | null][] = [
    ['TITLE', texts.title],
    ['PUBLIC_URL', texts.url],
    ['LINK_SUPPORT', texts['support-link']],
    ['ACCENT', texts.accent],
    ['HOST', values.run === 'compose' ? null : texts.host],
    ['PORT', texts.port],
    ['TRUSTED_PROXY', trustedProxy(values)],
    ['BOTS', texts.bots],
    ['NAMESPACE', values.namespace === variables.NAMESPACE.default ? null : texts.namespace],
    ['CORS_ORIGINS', texts['cors-origins']],
    ['REQUIRE_LEASE', values['require-lease'] ? texts['require-lease'] : null],
    ['INGEST_TOKEN', texts['ingest-token']],
    ['VIEWER_TOKEN', texts['viewer-token']],
    ['OPERATOR_TOKEN', texts['operator-token']],
  ];
  return lines.filter((line): line is [VariableKey, string] => Boolean(line[1]));
}

/**
 * Whose X-Forwarded-For counts. From outside a container a proxy has an address of Docker's choice, but nobody else
 * gets at the port, which is published to this machine only. compose.yaml says it for the Caddy beside it.
 */
function trustedProxy({ proxy, run }: Answers): string | null {
  if (proxy === 'none' || (proxy === 'caddy' && run === 'compose')) return null;
  return run === 'compose' ? '1' : '127.0.0.1,::1';
}
