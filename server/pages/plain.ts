// `GET /plain`: the status as a readable text table, for terminals and for people who want nothing else; `?guild=ID` is answered first.
import { shownCounts, shownStates } from '../../public/shared/counts.js';
import { incidentLines } from '../../public/shared/latest.js';
import { idsByState, stateLine } from '../../public/shared/section.js';
import { shownNames } from '../../public/shared/states.js';
import { verdictOf } from '../../public/shared/verdict.js';
import { englishUtc } from '../../public/shared/languages.js';
import type { PageVoice } from '../../public/shared/voice.js';
import type { BotView, PublicView } from '../../public/shared/wire.js';
import { answerTexts, type PageAnswer } from './answer.js';

const columns = [
  'bot',
  'shards',
  'online',
  'starting',
  'reconnecting',
  'stopping',
  'unhealthy',
  'offline',
  'unknown',
  'stopped',
  'last heard',
];

/** What stands before the table where somebody asked: a line for each bot. */
export const plainAnswer = (answer: PageAnswer, view: PublicView, now: number): string =>
  `${answerTexts(answer, view, now, englishUtc()).map(oneLine).join('\n')}\n\n`;

export function plainPage(view: PublicView, now: number): string {
  const voice = englishUtc();
  const details = view.bots.map((bot) => notOnline(bot, voice, now)).filter((text) => text !== '');
  const head = [
    view.title,
    verdictOf(view, voice, now).sentence,
    voice.say('page.asOf', { clock: utc(view.at) }),
  ];
  return [...head, '', ...table(view.bots), ...details, ...incidents(view, voice, now)].join('\n') + '\n';
}

/** One line each; nothing where there were none. */
function incidents(view: PublicView, voice: PageVoice, now: number): string[] {
  if (view.incidents.length === 0) return [];
  const lines = view.incidents.map((incident) => {
    const { status, when, length, what, shards, cause } = incidentLines(incident, view, now, voice);
    const times = length === '' ? when : `${when}, ${length}`;
    return oneLine(`  ${status} ${times}: ${shards === '' ? what : `${what} (${shards})`}. ${cause}`);
  });
  return ['', voice.say('latest.title'), ...lines];
}

function table(bots: BotView[]): string[] {
  const rows = [columns, ...bots.map(row)];
  const widths = columns.map((_, index) => Math.max(...rows.map((cells) => cells[index]!.length)));
  const line = (cells: string[]): string =>
    cells
      .map((cell, index) => pad(cell, widths[index]!, index))
      .join('  ')
      .trimEnd();
  return rows.map(line);
}

const isText = (column: number): boolean => column === 0 || column === columns.length - 1;
const pad = (cell: string, width: number, column: number): string =>
  isText(column) ? cell.padEnd(width) : cell.padStart(width);

function row({ name, shardCount, certain, heardAt, ...bot }: BotView): string[] {
  const counts = shownCounts(bot.counts);
  const amounts = [
    counts.online,
    counts.starting,
    counts.resuming,
    counts.stopping,
    counts.unhealthy,
    counts.offline,
    counts.unknown,
    counts.stopped,
  ];
  const heard = heardAt === null ? 'never' : utc(heardAt);
  return [oneLine(name), `${certain ? '' : '>='}${shardCount}`, ...amounts.map(String), heard];
}

/** The shards of a bot that are not online, state by state; nothing when all are. */
function notOnline(bot: BotView, voice: PageVoice, now: number): string {
  const ids = idsByState(shownStates(bot));
  const states = shownNames.flatMap((name, state) =>
    name !== 'online' && ids[state]!.length > 0 ? [state] : [],
  );
  if (states.length === 0) return '';
  const lines = states.map((state) => `  ${stateLine(bot, state, ids[state]!, voice, now)}`);
  return `\n${oneLine(bot.name)}, ${voice.say('plain.notReady')}\n${lines.join('\n')}`;
}

const utc = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** A name must not forge lines of the table, nor talk to a terminal. */
const oneLine = (text: string): string => text.replace(/\p{Cc}+/gu, ' ');
