// Measures what reading a hostile body costs, in a process that nothing else slows, and says which cost too much.
import type { Handler } from '../../server/http/message.js';
import { createStage, requestOf } from './stage.js';

/** Unpacked: some milliseconds of work where a body is read once, and minutes where a field is read again for each of its characters. */
const BYTES = 80 * 1024;

const repeated = (part: string): string => part.repeat(Math.floor(BYTES / part.length));
const listOf = (item: string): string => `[${repeated(`${item},`)}${item}]`;
const objectOf = (keyOf: (i: number) => string): string =>
  `{${Array.from({ length: BYTES / 12 }, (_, i) => `"${keyOf(i)}":0`).join(',')}}`;
const nested = (open: string, close: string): string => {
  const depth = Math.floor(BYTES / (open.length + close.length));
  return `${open.repeat(depth)}0${close.repeat(depth)}`;
};

/** JSON of about that many bytes, each the worst of its kind. */
const VALUES: Record<string, string> = {
  letters: `"${repeated('a')}"`,
  digits: `"${repeated('1')}"`,
  'a number': repeated('1'),
  colons: `"${repeated(':')}"`,
  dots: `"${repeated('.')}"`,
  blanks: `"${repeated(' ')}x"`,
  'URL schemes': `"${repeated('a+.-')}"`,
  globs: `"${repeated('*')}"`,
  quotes: `"${repeated('\\"')}"`,
  'control characters': `"${repeated('\\u0001')}"`,
  'other letters': `"${repeated('€')}"`,
  zeros: listOf('0'),
  nulls: listOf('null'),
  texts: listOf('""'),
  'empty lists': listOf('[]'),
  'empty objects': listOf('{}'),
  'lists of lists': listOf('[[[[[[0]]]]]]'),
  'rows without a state': listOf('{"id":0}'),
  'rows of a wrong state': listOf('{"id":0,"state":9}'),
  'rows of no latency': listOf('{"id":0,"state":3}'),
  'rows of wrong options': listOf('{"id":0,"state":3,"latency_ms":"","guilds":-1,"unavailable":""}'),
  'rows beyond all shards': listOf('{"id":16383,"state":3,"latency_ms":1}'),
  keys: objectOf((i) => `k${i}`),
  'objects of a new key each': `[${Array.from({ length: BYTES / 16 }, (_, i) => `{"k${10_000 + i}":${i}}`).join(',')}]`,
  'new texts': `[${Array.from({ length: BYTES / 9 }, (_, i) => `"k${10_000 + i}"`).join(',')}]`,
  'small numbers': listOf('1e-307'),
  'keys that are numbers': objectOf((i) => `${i * 7919}`),
  'nested lists': nested('[', ']'),
  'nested objects': nested('{"a":', '}'),
  NaN: listOf('NaN'),
  minuses: listOf('-1'),
  samples: listOf('{"name":"discord_shard_up"}'),
  'samples of no shard': listOf('{"name":"discord_shard_up","labels":{"shard":"x"},"value":1}'),
  'samples of many bounds': `[${Array.from({ length: BYTES / 80 }, (_, i) => `{"name":"discord_app_command_duration_seconds_bucket","labels":{"le":"${i}"},"value":1}`).join(',')}]`,
};

const FIELDS = [
  'identity',
  'lease',
  'fleet',
  'version',
  'host',
  'scrape_target',
  'bot',
  'name',
  'shard_count',
  'shards',
  'snapshot',
];

/** The whole body, each field that any route reads, and the places of a snapshot. */
const PLACES: Record<string, (value: string) => string> = {
  'the body': (value) => value,
  'an unknown field': (value) => `{"identity":"a","shards":[],"x":${value}}`,
  ...Object.fromEntries(
    FIELDS.map((field) => [
      field,
      (value: string) =>
        `{${field === 'identity' ? '' : '"identity":"a",'}${field === 'shards' ? '' : '"shards":[],'}"${field}":${value}}`,
    ]),
  ),
  'shards of nobody': (value) => `{"shards":${value}}`,
  metrics: (value) => `{"identity":"a","snapshot":{"metrics":${value}}}`,
  samples: (value) => `{"identity":"a","snapshot":{"metrics":{"m":{"samples":${value}}}}}`,
  labels: (value) => sampleWith(`"name":"discord_shard_up","labels":${value},"value":1`),
  'a label': (value) => sampleWith(`"name":"discord_shard_up","labels":{"shard":${value}},"value":1`),
  'a bound': (value) =>
    sampleWith(`"name":"discord_app_command_duration_seconds_bucket","labels":{"le":${value}},"value":1`),
  'a value': (value) => sampleWith(`"name":"discord_guilds","value":${value}`),
  'a name': (value) => sampleWith(`"name":${value},"value":1`),
};

const sampleWith = (fields: string): string =>
  `{"identity":"a","snapshot":{"metrics":{"m":{"samples":[{${fields}}]}}}}`;

const PLAIN = JSON.stringify({
  shards: Array.from({ length: BYTES / 48 }, (_, id) => ({ id, state: 'online', latency_ms: 41.25 })),
});

function timed(run: () => unknown): number {
  const began = performance.now();
  run();
  return performance.now() - began;
}

/** What reads a thing twice, or finds words for each mistake, stays below; what is read again for each of its characters does not. */
const TIMES_PARSING = 32;
/** The machine is shared: a slow moment is no slow body, and a body that is slow is so each time. */
const TRIES = 50;
/** No moment is that slow three times. */
const HOPELESS = 1_000;
const triesFor = (times: number): number => (times > HOPELESS && times < Infinity ? 3 : TRIES);

/** How many times as long as JSON.parse for a plain body of its size. */
const timesParsing = (body: string, read: (body: string) => void): number =>
  timed(() => read(body)) / timed(() => JSON.parse(PLAIN));

/** "keys as a bound: 46 times" */
function tooCostly(route: Route, handle: Handler): string[] {
  const params = route === 'batch' ? { bot: 'main' } : {};
  const read = (body: string): void => void handle(requestOf(params, body));
  read(PLAIN);
  return Object.entries(PLACES).flatMap(([place, bodyOf]) =>
    Object.entries(VALUES).flatMap(([name, value]) => {
      const body = bodyOf(value);
      let times = Infinity;
      for (let i = 0; i < triesFor(times) && times > TIMES_PARSING; i++)
        times = Math.min(times, timesParsing(body, read));
      return times > TIMES_PARSING ? [`${name} as ${place}: ${times.toFixed(0)} times`] : [];
    }),
  );
}

type Route = 'register' | 'heartbeat' | 'goodbye' | 'batch';

const route = process.argv[2] as Route;
const { handlers } = await createStage();
console.log(JSON.stringify(tooCostly(route, handlers[route])));
