// The pages as the server renders them: complete, escaped, without a guild ID, and allowed by their own CSP.
import { createHash } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';
import t from 'tap';
import { contentSecurityPolicy, loadPages, type PageAssets } from '../../server/pages/assets.js';
import { noBrand } from '../../server/pages/brand.js';
import { favicon, groups } from '../../server/pages/favicon.js';
import { notFoundPage } from '../../server/pages/not-found.js';
import { operatorPage } from '../../server/pages/operator.js';
import { plainAnswer, plainPage } from '../../server/pages/plain.js';
import { curlLines } from '../../server/pages/start.js';
import { drawPage, pageFor, type PageAnswer } from '../../server/pages/status.js';
import { readGuild, shardOf } from '../../public/shared/guild.js';
import { shardViewOf } from '../../public/shared/shard.js';
import { en } from '../../public/shared/words/en.js';
import type { PublicView } from '../../public/shared/wire.js';
import { botOf, incidentOf, MINUTE, NOW, viewOf } from '../shared/views.js';
import './brand.js';
import './card.js';
import './drawn.js';
import './embed.js';
import './language.js';
import './mark.js';
import './served.js';

const { assets, files, csp } = loadPages();
const origin = 'https://status.example.com';
const choice = { lang: 'en', isChosen: false } as const;
const page = (view: PublicView, answer: PageAnswer | null = null): string => {
  const drawn = drawPage({
    view,
    now: NOW,
    firstShards: view.bots.map((bot) => shardViewOf(bot, 0)),
    origin,
    needsToken: true,
    publicUrl: origin,
    lang: choice.lang,
    assets,
  });
  return pageFor(drawn, { answer, typed: '', choice, now: NOW }).html.toString();
};

const trouble = viewOf(botOf('2'.repeat(3) + '3'.repeat(237)));

void t.test('the title, the icon and the heading carry the state', (t) => {
  const html = page(trouble);
  t.match(html, '<title>3 of 240 shards down · My Bot status</title>');
  t.match(html, 'href="/favicon/down.svg"');
  t.match(html, '<h1>3 of 240 shards of My Bot have been down since 14:02 UTC.</h1>');
  t.end();
});

void t.test(
  'the root carries where the script resumes, the data block the rest, and the states only once',
  (t) => {
    const html = page(trouble);
    t.match(html, `data-version="812" data-epoch="e1" data-at="${NOW}"`);
    const json = /<script type="application\/json" id=view>(.*)<\/script>/.exec(html)![1]!;
    t.match(JSON.parse(json), {
      title: 'My Bot status',
      bots: [{ key: 'main', ages: [130_000, 130_000, 130_000] }],
    });
    t.notMatch(json, 'states');
    t.end();
  },
);

void t.test('an answer names the shard, marks its tile and links to it, without the guild ID', (t) => {
  const guild = '81384788765712384';
  const bot = trouble.bots[0]!;
  const answer: PageAnswer = { kind: 'found', direct: false, bots: [shardViewOf(bot, shardOf(guild, 240))] };
  const html = page(trouble, answer);
  t.match(html, 'It is on shard 178 of 240 of My Bot.');
  t.match(html, '<li class="online marked" id="marked">178');
  t.match(html, 'href="#marked"');
  t.notMatch(html, guild);
  t.end();
});

void t.test('every bot answers, each with a mark of its own', (t) => {
  const view = viewOf(botOf('33'), botOf('33', { key: 'demo', name: 'Demo' }));
  const bots = view.bots.map((bot) => shardViewOf(bot, 1));
  const html = page(view, { kind: 'found', direct: true, bots });
  t.match(html, 'They are on shard 1 of 2 of Demo.');
  t.match(html, 'id="marked-demo"');
  t.notMatch(html, '<p class=note>');
  t.end();
});

void t.test('every refusal is a kind sentence, and no bot is one too', (t) => {
  for (const text of [
    '',
    '<@1>',
    '<#1>',
    '<@&1>',
    '<:a:1>',
    'discord.gg/x',
    'https://x.y',
    'abc',
    '12',
    '9'.repeat(30),
  ]) {
    const read = readGuild(text);
    if (!read.ok) t.match(page(trouble, { kind: 'refused', reason: read.reason }), '<p class=refused>', text);
  }
  t.match(page(viewOf(), { kind: 'found', direct: false, bots: [] }), 'No bot has reported here yet');
  t.end();
});

void t.test('a new install reads how to light up the first shard, with its own address', (t) => {
  const html = page(viewOf());
  t.match(html, 'No bot has reported yet.');
  t.match(html, `curl -X POST ${origin}/api/bots/main/shards`);
  t.match(html, `ARGUS_FLEET_URL=${origin}`);
  t.notMatch(page(trouble), 'id=start');
  t.end();
});

void t.test('a bot that was never heard of is shown, with the lines for it below', (t) => {
  const view = viewOf(botOf('0000', { key: 'demo', heardAt: null }));
  t.match(page(view), 'data-bot="demo"');
  t.match(page(view), '<main class=unheard>', 'and nothing else in sight');
  t.match(page(trouble), '<main>');
  t.equal(
    curlLines(view, origin, false),
    `curl -X POST ${origin}/api/bots/demo/shards \\
  -H 'Content-Type: application/json' \\
  -d '{"shard_count":4,"shards":[{"id":0,"state":"online","latency_ms":41.2}]}'`,
  );
  t.match(curlLines(view, origin, true), "-H 'Authorization: Bearer <token>'");
  t.end();
});

void t.test('titles, bot names and cluster names are text, whatever they contain', (t) => {
  const evil = `</script><img src=x onerror=alert(1)>"'&`;
  const bot = botOf('32', { name: evil, clusters: [{ name: `${evil} #1`, shards: '0' }] });
  const answer: PageAnswer = { kind: 'found', direct: false, bots: [shardViewOf(bot, 0)] };
  const html = page({ ...viewOf(bot), title: evil, epoch: evil }, answer);
  t.notMatch(html, '<img');
  t.notMatch(html, '</script>"');
  t.end();
});

void t.test('the CSP holds the hashes of exactly what is inlined, and nothing unsafe', (t) => {
  const html = page(trouble);
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  t.match(csp, `script-src 'self' ${hash(/<script>(.*?)<\/script>/s.exec(html)![1]!)};`);
  t.match(csp, `style-src ${hash(/<style>(.*?)<\/style>/s.exec(html)![1]!)};`);
  t.notMatch(csp, 'unsafe');
  t.equal(contentSecurityPolicy(assets), csp);
  t.end();
});

void t.test('no element carries a style or a handler of its own', (t) => {
  t.notMatch(page(trouble), /<[^>]+ (style|on\w+)=/);
  t.end();
});

void t.test('everything a page names is among the files to serve', (t) => {
  const paths = files.map((file) => file.path);
  t.ok(paths.includes(assets.scriptUrl));
  for (const group of groups) {
    t.ok(paths.includes(assets.favicon(group)));
    t.match(favicon(group), /^<svg .*<\/svg>$/);
  }
  t.throws(() => loadPages(noBrand, '', '/nowhere/'));
  t.end();
});

void t.test('the 404 page leads home and needs no script', (t) => {
  const html = notFoundPage(assets satisfies PageAssets, 'Bots & more', choice);
  t.match(html, en.page['lost.text']);
  t.match(html, 'href="/"');
  t.match(html, '<span>Bots &amp; more</span>');
  t.notMatch(html, 'src="/assets');
  t.end();
});

void t.test('the plain page is a table of all bots and a list of what is not online', (t) => {
  const text = plainPage(
    viewOf(botOf('22137', { certain: false }), botOf('3', { key: 'b', name: 'B\nC', heardAt: null })),
    NOW,
  );
  t.equal(
    text,
    `My Bot status
3 of at least 5 shards of My Bot have been down since 14:02 UTC.
As of 2026-11-21 14:04:10 UTC

bot     shards  online  starting  reconnecting  stopping  unhealthy  offline  unknown  stopped  last heard
My Bot     >=5       1         0             0         0          1        2        0        1  2026-11-21 14:04:06 UTC
B C          1       1         0             0         0          0        0        0        0  never

My Bot, not online:
  Not responding since 14:02 UTC: 2
  Offline since 14:02 UTC: 0–1
  Stopped on purpose at 14:02 UTC: 4
`,
  );
  t.end();
});

void t.test('the plain page answers first what it was asked', (t) => {
  const first = (answer: PageAnswer): string => plainAnswer(answer, trouble, NOW).split('\n')[0]!;
  t.match(
    first({ kind: 'found', direct: false, bots: [shardViewOf(trouble.bots[0]!, 178)] }),
    /^Your server is not affected\. It is on shard 178 of 240 .* 3 other shards are down\.$/,
  );
  t.match(first({ kind: 'refused', reason: 'large' }), 'This number is too large');
  t.end();
});

void t.test('the plain page lists the incidents, one line each', (t) => {
  const bots = [botOf('2213', { name: 'B\nC' })];
  const ended = incidentOf({ cause: 'asia #2', startedAt: NOW - 30 * MINUTE, endedAt: NOW - 22 * MINUTE });
  const text = plainPage({ ...viewOf(...bots), incidents: [incidentOf({}), ended] }, NOW);
  t.match(
    text,
    `
Latest
  Ongoing since 14:02 UTC, 2 minutes so far: 3 shards (0–2). Reported down by the bot.
  Resolved 21 Nov 2026, 13:34–13:42 UTC, 8 minutes: 3 shards (0–2). The process asia #2 went silent.
`,
  );
  t.end();
});

void t.test('the page lists the incidents, and carries them for the script', (t) => {
  const html = page({ ...trouble, incidents: [incidentOf({ cause: '</script><img>' })] });
  t.match(html, '<section id=latest');
  t.match(html, 'since 14:02 UTC, 2 minutes so far');
  t.notMatch(html, '<img>');
  t.match(html, '"incidents":[{"id":"main-2"');
  t.end();
});

void t.test('pages stay small: 240 shards in 15 KB, 3,584 in 30 KB, before the script', (t) => {
  const size = (count: number): number => {
    const states = Array.from({ length: count }, (_, id) => `${((id * 2654435761) >>> 7) % 7}`).join('');
    return brotliCompressSync(page(viewOf(botOf(states)))).length;
  };
  t.ok(size(240) < 15_000);
  t.ok(size(3_584) < 30_000);
  t.ok(brotliCompressSync(files[0]!.body).length < 17_408);
  t.end();
});

void t.test('the operator view is the same for everybody, small, and under a CSP of its own', (t) => {
  const { operator } = loadPages();
  const { assets: own, viewUrls, csp: ownCsp } = operator;
  const html = operatorPage(operator);
  const script = files.find(({ path }) => path === own.scriptUrl)!;
  const packed = (body: string | Buffer): number => brotliCompressSync(body).length;
  const first = packed(script.body) + packed(html);
  t.ok(first <= 30 * 1024, `the first load: ${first} bytes`);
  const views = Object.entries(viewUrls);
  t.same(views.map(([view]) => view).sort(), ['cluster', 'fleet', 'incidents', 'settings', 'signin']);
  for (const [view, urls] of views) {
    const bodies = urls.map((url) => files.find(({ path }) => path === url)!.body);
    const bytes = bodies.reduce((sum, body) => sum + packed(body), 0);
    t.ok(bytes <= 8 * 1024, `${view}, which is fetched when it is opened: ${bytes} bytes`);
    t.match(html, `data-${view}="${urls.join(' ')}"`);
  }
  t.match(html, `<script src="${own.scriptUrl}" type=module>`);
  t.match(html, '<meta name="robots" content="noindex">');
  t.match(html, '<noscript>');
  t.notMatch(html, 'My Bot');
  t.notMatch(page(trouble), own.scriptUrl, 'the public page does without it');
  for (const inline of [own.css, own.themeScript]) {
    const hash = createHash('sha256').update(inline).digest('base64');
    t.match(ownCsp, `'sha256-${hash}'`);
  }
  t.notMatch(html, / style=| on\w+=/, 'nothing that the CSP forbids');
  t.end();
});
