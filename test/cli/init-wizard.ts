// `shardlight init` at a real terminal: its questions, its defaults, changing one's mind.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import t from 'tap';
import { folder } from '../process/child.js';
import { applicationOf, BOT_TOKEN, gatewayOf, standIn } from './discord-stand-in.js';
import { KEY, noTerminal, sitDown } from './terminal.js';

const skip = { skip: noTerminal };
const pathOf = (url: string): string => `'${fileURLToPath(new URL(url, import.meta.url))}'`;
const INIT = `'${process.execPath}' ${pathOf('../../server/cli/main.js')} init`;
const AT_DISCORD = `'${process.execPath}' ${pathOf('./init-at-discord.js')}`;

void t.test('it asks for everything, and takes no nonsense', skip, async (t) => {
  const cwd = folder(t);
  const { at, ended } = sitDown(t, `${INIT} --json > data.json`, cwd);
  await at('What is the title', `My # Page${KEY.enter}`);
  await at('Where will people find the page?', `nonsense${KEY.enter}`);
  await at('Please give an address like', `${KEY.clear}https://status.example.com${KEY.enter}`);
  await at('Which bots are there?', `${KEY.down}${KEY.enter}`);
  await at('Bots with their shards', `main:240:My Bot;other:16${KEY.enter}`);
  await at('Where do people find help', `https://discord.gg/example${KEY.enter}`);
  await at('Which accent colours', `#777777${KEY.enter}`);
  await at('each with a contrast of 4.5:1', `${KEY.clear}#a78bfa,#6d28d9${KEY.enter}`);
  await at('How will it run?', `${KEY.down}${KEY.down}${KEY.enter}`);
  await at('Which reverse proxy', KEY.enter);
  await at('Start it:', '');
  t.equal(await ended, 0);
  t.same(readdirSync(cwd), ['.env', 'Caddyfile', 'data.json']);
  t.match(parseEnv(readFileSync(join(cwd, '.env'), 'utf8')), {
    SHARDLIGHT_TITLE: 'My # Page',
    SHARDLIGHT_LINK_SUPPORT: 'https://discord.gg/example',
    SHARDLIGHT_PUBLIC_URL: 'https://status.example.com',
    SHARDLIGHT_BOTS: 'main:240:My Bot;other:16',
    SHARDLIGHT_HOST: '127.0.0.1',
    SHARDLIGHT_PORT: '9190',
    SHARDLIGHT_TRUSTED_PROXY: '127.0.0.1,::1',
  });
  const data = JSON.parse(readFileSync(join(cwd, 'data.json'), 'utf8')) as { files: unknown[] };
  t.match(data, { url: 'https://status.example.com', port: 9190, bots: [{ shards: 240 }, { key: 'other' }] });
  t.equal(data.files.length, 2);
});

void t.test('whoever stops in the middle has written nothing', skip, async (t) => {
  for (const [name, key] of [
    ['Ctrl-C', KEY.interrupt],
    ['Ctrl-D', KEY.end],
  ] as const) {
    const cwd = folder(t);
    const { at, raw, ended } = sitDown(t, INIT, cwd);
    await at('What is the title', KEY.enter);
    await at('Where will people find the page?', KEY.enter);
    await at('Which bots are there?', KEY.enter);
    await at('Where do people find help', KEY.enter);
    await at('Which accent', KEY.enter);
    await at('How will it run?', KEY.enter);
    await at('Which reverse proxy', key);
    await at('Nothing was written.', '');
    t.equal(await ended, 1, name);
    t.match(raw(), '\u001b[36m', 'in colour');
    t.same(readdirSync(cwd), []);
  }
});

const COLOUR = /\u001b\[[0-9;]*m/;
const ALL_BUT_URL = '--title= --bots= --support-link= --accent= --run hand --proxy none';

void t.test('what a flag says is not asked, and NO_COLOR is respected', skip, async (t) => {
  const cwd = folder(t);
  const { at, raw, ended } = sitDown(t, `${INIT} ${ALL_BUT_URL}`, cwd, { NO_COLOR: '1' });
  await at('Where will people find the page?', KEY.enter);
  await at('Start it:', '');
  t.equal(await ended, 0);
  t.notMatch(raw(), COLOUR);
  t.match(raw(), 'http://localhost:9190');
});

void t.test('before it replaces something it asks', skip, async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, '.env'), 'SHARDLIGHT_FOOTER=Ours\n');
  const line = `${INIT} ${ALL_BUT_URL} --url http://localhost --host 127.0.0.1`;
  const first = sitDown(t, line, cwd);
  await first.at(`Replace .env in ${cwd}?`, KEY.enter);
  await first.at('The existing files stay.', '');
  t.equal(await first.ended, 1);
  t.equal(readFileSync(join(cwd, '.env'), 'utf8'), 'SHARDLIGHT_FOOTER=Ours\n');
  const second = sitDown(t, line, cwd);
  await second.at('Replace .env', 'y');
  await second.at('Start it:', '');
  t.equal(await second.ended, 0);
  t.match(readFileSync(join(cwd, '.env'), 'utf8'), /INGEST_TOKEN=[^]*SHARDLIGHT_FOOTER=Ours\n$/);
});

void t.test(
  'Discord is asked with a hidden token, and when it is of no help there are other ways',
  skip,
  async (t) => {
    const cwd = folder(t);
    const { api } = await standIn(t, {
      '/gateway/bot': gatewayOf(16),
      '/applications/@me': applicationOf('My Bot'),
    });
    const rest = ALL_BUT_URL.replace('--bots= ', '');
    const { at, raw, ended } = sitDown(
      t,
      `${AT_DISCORD} ${api} ${rest} --url http://localhost --host 127.0.0.1`,
      cwd,
    );
    const third = `${KEY.down}${KEY.down}${KEY.enter}`;
    await at('Which bots are there?', third);
    await at('The bot token', `wrong${KEY.enter}`);
    await at('does not know this bot token', '');
    await at('Which bots are there?', third);
    await at('The bot token', `${BOT_TOKEN}${KEY.enter}`);
    await at('Discord says: main:16:My Bot', '');
    await at('Start it:', '');
    t.equal(await ended, 0);
    t.match(readFileSync(join(cwd, '.env'), 'utf8'), 'SHARDLIGHT_BOTS=main:16:My Bot\n');
    t.notMatch(raw(), BOT_TOKEN);
    t.notMatch(raw(), COLOUR, 'nor is anything coloured that should not be');
  },
);
