// What Discord says about a bot, and what is made of it when it says nothing useful. The token is shown to nobody.
import t from 'tap';
import { askDiscord } from '../../server/cli/init/discord.js';
import { bots } from '../../server/settings/config-values.js';
import { applicationOf, BOT_TOKEN, gatewayOf, standIn, text, unauthorized } from './discord-stand-in.js';

void t.test('Discord says how many shards a bot wants, and its name', async (t) => {
  const discord = await standIn(t, {
    '/gateway/bot': gatewayOf(240),
    '/applications/@me': applicationOf('My Bot'),
  });
  t.same(await askDiscord(BOT_TOKEN, discord.api), { ok: true, bots: 'main:240:My Bot' });
  t.same(discord.asked, ['/gateway/bot', '/applications/@me']);
});

void t.test('a name is cut down to what a list of bots can hold', async (t) => {
  for (const [name, bot] of [
    ['a;b\n"c"$`\\', { name: 'a b c' }],
    ['  ', { name: 'main' }],
    [7, { name: 'main' }],
    ["Ann's Bot", { name: "Ann's Bot" }],
    ['🤖'.repeat(200), { name: '🤖'.repeat(80) }],
  ] as const) {
    const { api } = await standIn(t, {
      '/gateway/bot': gatewayOf(2),
      '/applications/@me': applicationOf(name),
    });
    const answer = await askDiscord(BOT_TOKEN, api);
    t.match(bots.schema.parse(answer.ok ? answer.bots : ''), [{ key: 'main', shardCount: 2, ...bot }]);
  }
});

void t.test('without a name there is still the number of shards', async (t) => {
  for (const answer of [unauthorized, text('<html>')]) {
    const { api } = await standIn(t, { '/gateway/bot': gatewayOf(3), '/applications/@me': answer });
    t.same(await askDiscord(BOT_TOKEN, api), { ok: true, bots: 'main:3:' });
  }
});

void t.test('what goes wrong is a sentence, and never holds the token', async (t) => {
  const at = async (answer: ReturnType<typeof text>): Promise<string> =>
    (await standIn(t, { '/gateway/bot': answer })).api;
  const never = await at(() => undefined);
  for (const [api, token, why] of [
    [await at(gatewayOf(1)), 'wrong', 'does not know this bot token'],
    [await at(gatewayOf(1)), 'two\nlines', 'could not be asked from here.'],
    [await at(gatewayOf(1)), 'non-ascii-→', 'could not be asked from here.'],
    [await at(text('slow down', 429)), BOT_TOKEN, 'wants a pause'],
    [await at(text('', 502)), BOT_TOKEN, 'an error (502)'],
    [await at(text('<html>')), BOT_TOKEN, 'not understood'],
    [await at(gatewayOf('many')), BOT_TOKEN, 'not understood'],
    [await at(gatewayOf(0)), BOT_TOKEN, 'not understood'],
    [await at(gatewayOf(99_999)), BOT_TOKEN, 'not understood'],
    [await at((response) => response.destroy()), BOT_TOKEN, 'could not be asked from here (UND_ERR_SOCKET).'],
    [
      await at((response) => response.writeHead(302, { location: '/' }).end()),
      BOT_TOKEN,
      'could not be asked',
    ],
    ['http://127.0.0.1:1', BOT_TOKEN, 'could not be asked from here'],
    [never, BOT_TOKEN, 'did not answer in time'],
  ] as const) {
    const answer = await askDiscord(token, api, api === never ? 50 : undefined);
    t.match(answer, { ok: false, why }, why);
    t.notMatch(JSON.stringify(answer), token);
  }
});
