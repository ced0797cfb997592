// The pages as a server sends them: to Discord's crawler in time, with every header, small, and asked for in every way.
import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { post, serve, testClock, type TestClock, type TestServer } from '../harness.js';
import { ask } from '../http/raw.js';
import { pngSize, tagsOf } from './tags.js';

const GUILD = '81384788765712384';
const DISCORDBOT = { 'user-agent': 'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)' };

async function fleet(
  t: Test,
  count: number,
  more: Record<string, string> = {},
  clock?: TestClock,
): Promise<TestServer> {
  const server = await serve(t, { SHARDLIGHT_BOTS: `main:${count}:My Bot`, ...more }, clock);
  const shards = Array.from({ length: count }, (_, id) => ({ id, state: id < 3 ? 'offline' : 'online' }));
  for (let from = 0; from < count; from += 4_096)
    await post(`${server.base}/api/bots/main/shards`, { shards: shards.slice(from, from + 4_096) });
  return server;
}

async function crawled(url: string): Promise<Buffer> {
  return Buffer.from(await (await fetch(url, { headers: DISCORDBOT })).arrayBuffer());
}

void t.test("Discord's crawler reads the state of 16,384 shards, and its picture", async (t) => {
  const server = await fleet(t, 16_384, { SHARDLIGHT_PUBLIC_URL: 'https://s.example' });
  for (const path of ['/', `/?guild=${GUILD}`]) {
    const page = (await crawled(server.base + path)).toString();
    const tags = tagsOf(page);
    t.match(tags.get('og:title'), path === '/' ? '3 of 16,384 shards down' : 'Your server is not affected');
    t.notMatch(page, GUILD);
    const card = await crawled(tags.get('og:image')!.replace('https://s.example', server.base));
    t.same(pngSize(card), { width: 1200, height: 630 });
    t.ok(card.length <= 100 * 1024);
  }
});

void t.test(
  'the card is kept, told unchanged by its ETag, open to other origins, and in the language asked for',
  async (t) => {
    const server = await fleet(t, 240);
    const first = await fetch(`${server.base}/card.png`);
    const etag = first.headers.get('etag')!;
    t.equal(first.headers.get('content-type'), 'image/png');
    t.match(first.headers.get('cache-control'), /^public, max-age=\d\d?$/);
    t.equal(first.headers.get('cross-origin-resource-policy'), 'cross-origin');
    t.equal(first.headers.get('content-encoding'), null, 'a picture is packed already');
    const again = await ask(server.port, 'GET /card.png?v=any', { 'If-None-Match': etag });
    t.equal(again.status, 304);
    const german = await fetch(`${server.base}/card.png?lang=de`);
    t.not(german.headers.get('etag'), etag);
    for (const lang of ['ja', 'xx', ''])
      t.equal(
        (await fetch(`${server.base}/card.png?lang=${lang}`)).headers.get('etag'),
        etag,
        `${lang}: English`,
      );
  },
);

const PAGE_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

void t.test('pages say what they may, and hash exactly what is inlined', async (t) => {
  const server = await fleet(t, 16, {
    SHARDLIGHT_TITLE: '<img src=x onerror=alert(1)>',
    SHARDLIGHT_FOOTER: '</footer><script>alert(1)</script>',
    SHARDLIGHT_ACCENT: '#ffcc00,#664400',
  });
  for (const path of ['/', '/?guild=abc', '/nothing-here']) {
    const answer = await fetch(server.base + path, { headers: { accept: 'text/html' } });
    const html = await answer.text();
    for (const [name, value] of Object.entries(PAGE_HEADERS))
      t.equal(answer.headers.get(name), value, `${path} ${name}`);
    t.match(answer.headers.get('permissions-policy'), 'camera=()');
    t.equal(answer.headers.get('strict-transport-security'), null);
    const csp = answer.headers.get('content-security-policy')!;
    const hashes = [...csp.matchAll(/'sha256-([^']+)'/g)].map(([, hash]) => hash!).sort();
    const inline = [...html.matchAll(/<(?:style|script)>([\s\S]*?)<\/(?:style|script)>/g)].map(
      ([, text]) => text!,
    );
    t.same(hashes, inline.map((text) => createHash('sha256').update(text).digest('base64')).sort());
    t.notMatch(csp, 'unsafe');
    t.match(csp, "frame-ancestors 'none'");
    t.notMatch(html, /<img src=x|<script>alert/);
  }
});

void t.test('Strict-Transport-Security is promised only where people come over https', async (t) => {
  const server = await fleet(t, 1, { SHARDLIGHT_PUBLIC_URL: 'https://s.example' });
  for (const path of ['/', '/api/view', '/nothing'])
    t.equal(
      (await ask(server.port, `GET ${path}`)).headers.get('strict-transport-security'),
      'max-age=31536000',
    );
});

void t.test('questions may be read from pages of any origin, the page itself from none', async (t) => {
  const server = await fleet(t, 1);
  t.equal(
    (await fetch(`${server.base}/api/view`)).headers.get('cross-origin-resource-policy'),
    'cross-origin',
  );
  t.equal((await fetch(`${server.base}/`)).headers.get('access-control-allow-origin'), null);
});

void t.test('robots.txt, the manifest and /favicon.ico are there', async (t) => {
  const server = await fleet(t, 16, { SHARDLIGHT_TITLE: 'Status of "all"' });
  t.equal(
    await (await fetch(`${server.base}/robots.txt`)).text(),
    'User-agent: *\nAllow: /\nDisallow: /api/\n',
  );
  const manifest = await fetch(`${server.base}/manifest.webmanifest`);
  t.equal(manifest.headers.get('content-type'), 'application/manifest+json');
  const { name, icons } = (await manifest.json()) as { name: string; icons: { src: string; type: string }[] };
  t.equal(name, 'Status of "all"');
  t.equal((await fetch(server.base + icons[0]!.src)).headers.get('content-type'), icons[0]!.type);
  const icon = await fetch(`${server.base}/favicon.ico`, { redirect: 'manual' });
  t.equal(icon.status, 302);
  t.equal(icon.headers.get('location'), '/favicon/down.svg');
});

void t.test(
  'a logo is served for good, under a CSP that runs nothing, and named by page and manifest',
  async (t) => {
    const path = join(mkdtempSync(join(tmpdir(), 'shardlight-logo-')), 'logo.svg');
    writeFileSync(
      path,
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><script>alert(1)</script></svg>',
    );
    const server = await fleet(t, 1, { SHARDLIGHT_LOGO: path });
    const src = /<img class=logo src="([^"]+)" alt="" width=2 height=1>/.exec(
      await (await fetch(server.base)).text(),
    )![1]!;
    const logo = await fetch(server.base + src);
    t.equal(logo.headers.get('content-type'), 'image/svg+xml');
    t.equal(logo.headers.get('cache-control'), 'public, max-age=31536000, immutable');
    t.equal(
      logo.headers.get('content-security-policy'),
      "default-src 'none'; sandbox; frame-ancestors 'none'",
    );
    t.match(await (await fetch(`${server.base}/manifest.webmanifest`)).text(), src);
  },
);

void t.test('HEAD says of every page what GET would, without the body', async (t) => {
  const server = await fleet(t, 16, {}, testClock()); // the card's tag has the minute in it
  const script = /src="(\/assets\/[^"]+)"/.exec(await (await fetch(server.base)).text())![1]!;
  const paths = [
    '/',
    '/?guild=1',
    '/plain',
    '/card.png',
    '/robots.txt',
    '/manifest.webmanifest',
    '/favicon.ico',
    '/favicon/up.svg',
    script,
  ];
  for (const path of paths) {
    const head = await ask(server.port, `HEAD ${path}`);
    const get = await ask(server.port, `GET ${path}`);
    t.equal(head.status, get.status, path);
    t.equal(head.body, '', path);
    t.equal(head.headers.get('etag'), get.headers.get('etag'), path);
    t.equal(head.headers.get('content-type'), get.headers.get('content-type'), path);
  }
  t.match((await ask(server.port, `GET ${script}`)).headers.get('cache-control'), 'immutable');
});

void t.test('pages carry their version and are told unchanged by their ETag', async (t) => {
  const server = await fleet(t, 16);
  const page = await ask(server.port, 'GET /');
  t.match(page.body, /<html[^>]* data-version="\d+" data-epoch="[\w-]+"/);
  const again = await ask(server.port, 'GET /', { 'If-None-Match': page.headers.get('etag')! });
  t.equal(again.status, 304);
  t.equal(again.body, '');
});

/** What goes over the wire, packed as browsers ask for it. */
async function weigh(server: TestServer): Promise<Record<'page' | 'script' | 'icon', number>> {
  const packed = async (path: string): Promise<{ bytes: number; text: string }> => {
    const { headers, body } = await ask(server.port, `GET ${path}`, { 'Accept-Encoding': 'br' });
    const bytes = Buffer.from(body, 'latin1');
    return {
      bytes: bytes.length,
      text: (headers.get('content-encoding') === 'br' ? brotliDecompressSync(bytes) : bytes).toString(),
    };
  };
  const page = await packed('/');
  const [script, icon] = await Promise.all(
    [/<script src="([^"]+)"/, /<link rel="icon"[^>]* href="([^"]+)"/].map((link) =>
      packed(link.exec(page.text)![1]!),
    ),
  );
  return { page: page.bytes, script: script!.bytes, icon: icon!.bytes };
}

void t.test(
  'the first load is light: 240 shards in 28 KB, 3,584 in 45 KB, the script in 17 KB',
  async (t) => {
    for (const [count, budget] of [
      [240, 28_000],
      [3_584, 45_000],
    ] as const) {
      const { page, script, icon } = await weigh(await fleet(t, count));
      t.ok(page + script + icon <= budget, `${count} shards: ${page} + ${script} + ${icon} bytes`);
      t.ok(script <= 17_408, `the script: ${script} bytes`);
    }
  },
);

void t.test(
  'without a public address a picture is below the host that was asked, for whoever shows links',
  async (t) => {
    const { port, log } = await fleet(t, 4, { SHARDLIGHT_TRUSTED_PROXY: '1' });
    const tagsAt = async (headers: Record<string, string>): Promise<Map<string, string>> =>
      tagsOf((await ask(port, 'GET /', headers)).body);
    const crawler = { 'User-Agent': DISCORDBOT['user-agent'] };
    t.match(
      (await tagsAt({ ...crawler, Host: '127.0.0.1:9190' })).get('og:image'),
      /^http:\/\/127\.0\.0\.1:9190\/card/,
    );
    t.notMatch(log.join('\n'), 'SHARDLIGHT_PUBLIC_URL', 'an address of this machine is nobody’s link');
    const forwarded = {
      Host: '127.0.0.1:9190',
      'X-Forwarded-Host': 'bots.example',
      'X-Forwarded-Proto': 'https',
    };
    for (let i = 0; i < 2; i++) {
      const tags = await tagsAt({ ...crawler, ...forwarded, 'Accept-Encoding': 'br' });
      t.match(tags.get('og:image'), /^https:\/\/bots\.example\/card\.png\?v=/);
      t.equal(tags.get('og:url'), 'https://bots.example/');
    }
    const warnings = log.filter((line) => line.includes('SHARDLIGHT_PUBLIC_URL'));
    t.equal(warnings.length, 1);
    t.match(warnings[0], 'name the host that was asked: https://bots.example. Set it');
    for (const Host of ['a"><script>', 'a/b', 'a'.repeat(256), 'a@b'])
      t.match((await tagsAt({ ...crawler, Host })).get('og:image'), /^\/card\.png/, Host.slice(0, 20));
    const browser = {
      'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/145.0',
      Host: 'bots.example',
    };
    t.match((await tagsAt(browser)).get('og:image'), /^\/card\.png/, 'browsers share one page');
    const [one, other] = await Promise.all(
      ['a.example', 'b.example'].map((Host) => ask(port, 'GET /', { ...crawler, Host })),
    );
    t.not(one!.headers.get('etag'), other!.headers.get('etag'));
  },
);
