// How often the fleet is drawn: by the clock, never by what visitors ask.
import t from 'tap';
import { languageCodes, type Language } from '../../public/shared/languages.js';
import { shardViewOf } from '../../public/shared/shard.js';
import { PUBLIC } from '../../server/http/guard.js';
import { NO_HEADERS, type Request } from '../../server/http/message.js';
import { loadPages } from '../../server/pages/assets.js';
import { createDrawnPages } from '../../server/pages/drawn-pages.js';
import { createPages, type Pages } from '../../server/pages/serve.js';
import { drawPage, type DrawnPage } from '../../server/pages/status.js';
import { botOf, NOW, viewOf } from '../shared/views.js';

const built = loadPages();
const SHARDS = 601;
/** A guild of that shard. */
const guildOn = (shard: number): string => `${(BigInt(SHARDS) * 100_000_000n + BigInt(shard)) << 22n}`;
const origin = 'https://status.example.com';

/** Pages of a fleet that counts how often somebody walks through its shards. */
function countingPages(): { pages: Pages; walks: () => number; pass: (ms: number) => void } {
  let walks = 0;
  let now = 0;
  const bot = botOf('3'.repeat(SHARDS - 1) + '2');
  const watched = Object.defineProperty({ ...bot }, 'states', {
    get: () => (walks++, bot.states),
    enumerable: true,
  });
  const view = viewOf(watched);
  const pages = createPages({
    view: () => view,
    lookup: (query) => [
      shardViewOf(bot, query.kind === 'direct' ? 0 : Number((BigInt(query.id) >> 22n) % BigInt(SHARDS))),
    ],
    now: () => now,
    shownNow: () => NOW,
    origin: () => origin,
    publicUrl: null,
    needsToken: false,
    previewed: () => undefined,
    built,
    render: () => Promise.reject(new Error('no card is asked for')),
  });
  return { pages, walks: () => walks, pass: (ms) => void (now += ms) };
}

const request = (query: string, headers: Partial<Request['headers']> = {}): Request => ({
  method: 'GET',
  path: '/',
  params: {},
  query: new URLSearchParams(query),
  headers: { ...NO_HEADERS, ...headers },
  address: '192.0.2.1',
  household: '192.0.2.1',
  knownAddress: null,
  site: { hosts: ['status.example.com'], scheme: 'https' },
  subject: PUBLIC,
  body: Buffer.alloc(0),
});

void t.test('nothing that a visitor may vary draws the fleet again', async (t) => {
  const { pages, walks } = countingPages();
  for (const lang of languageCodes) await pages.status(request(`lang=${lang}`));
  await pages.plain(request(''));
  const before = walks();
  const bodies = new Set<string>();
  for (let i = 0; i < 300; i++) {
    const guild = guildOn(i);
    const lang = languageCodes[i % languageCodes.length]!;
    const asked = [
      request(`guild=${guild}`),
      request(`guild=${guild}&lang=${lang}&x=${i}`, { cookie: `a=${i}` }),
      request(`guild=@me&y=${i}`, { 'accept-language': `${lang};q=0.${i}, x-${i}` }),
      request(`guild=abc${i}`, { 'user-agent': `Discordbot/${i}` }),
      request(`x=${i}`, { 'accept-encoding': 'br', 'if-none-match': `"${i}"` }),
    ];
    for (const one of asked) bodies.add(String((await pages.status(one)).body));
    for (const one of asked) await pages.plain(one);
  }
  t.ok(bodies.size > 800, 'the answers differ');
  t.equal(walks(), before);
});

void t.test(
  'an answer is put into the page in all its places, as whole as if it was drawn with it',
  async (t) => {
    const { pages } = countingPages();
    const asked = await pages.status(request(`guild=${guildOn(5)}`));
    const html = String(asked.body);
    t.match(html, '<li class="online marked" id="marked">5');
    t.match(html, 'It is on shard 5 of 601');
    t.match(html, '<meta name="robots" content="noindex">');
    t.match(html, 'og:title" content="Your server is not affected');
    t.match(html, /shard=5"/, 'the card of that shard');
    t.notMatch(html, '<!--', 'no place is left open');
    const refused = await pages.status(request(`guild=${encodeURIComponent('"><b>1')}`));
    t.match(String(refused.body), '<input id=guild value="&quot;&gt;&lt;b&gt;1" name=guild');
    t.equal(refused.headers?.['cache-control'], 'private, no-store');
    const other = await pages.status(request(`guild=${guildOn(6)}`));
    t.not(asked.headers?.['etag'], other.headers?.['etag']);
    const again = await pages.status(request(`guild=${guildOn(5)}`));
    t.equal(again.headers?.['etag'], asked.headers?.['etag']);
  },
);

const ABOUT = {
  view: viewOf(botOf('33')),
  now: NOW,
  firstShards: [],
  origin,
  needsToken: false,
  publicUrl: null,
};

function countingDraws(): {
  ask: (lang: Language) => Promise<unknown>;
  drawn: Language[];
  pass: (ms: number) => void;
} {
  let now = 0;
  const drawn: Language[] = [];
  const draw = (lang: Language): DrawnPage => {
    drawn.push(lang);
    return drawPage({ ...ABOUT, lang, assets: built.assets });
  };
  const ask = createDrawnPages({ draw, now: () => now, nextTurn: () => Promise.resolve() });
  return { ask, drawn, pass: (ms) => void (now += ms) };
}

void t.test('a page is drawn once a second, however many ask', async (t) => {
  const { ask, drawn, pass } = countingDraws();
  await Promise.all([ask('en'), ask('en'), ask('de')]);
  pass(999);
  await ask('en');
  t.same(drawn, ['en', 'de']);
  pass(1);
  await Promise.all([ask('en'), ask('en')]);
  t.same(drawn, ['en', 'de', 'en']);
});

void t.test(
  'of many languages one is drawn in half a second, and none is older than 5 seconds',
  async (t) => {
    const { ask, drawn, pass } = countingDraws();
    await Promise.all(languageCodes.map(ask));
    t.same(drawn, languageCodes, 'each when it is first asked for');
    for (let i = 0; i < 100; i++) {
      pass(100);
      for (const lang of languageCodes) await ask(lang);
    }
    const again = drawn.length - languageCodes.length;
    t.ok(again <= 34, `${again} in 10 seconds`);
    for (const lang of languageCodes) t.ok(drawn.slice(languageCodes.length).includes(lang), lang);
  },
);

void t.test('a page that could not be drawn is tried again', async (t) => {
  let tries = 0;
  const draw = (lang: Language): DrawnPage => {
    if (++tries === 1) throw new Error('no');
    return drawPage({ ...ABOUT, lang, assets: built.assets });
  };
  const ask = createDrawnPages({ draw, now: () => 0, nextTurn: () => Promise.resolve() });
  const both = await Promise.allSettled([ask('en'), ask('de')]);
  t.same(
    both.map(({ status }) => status),
    ['rejected', 'fulfilled'],
  );
  await ask('en');
  t.equal(tries, 3);
});
