// Whose language wins: the address, then the browser's list, then English.
import fc from 'fast-check';
import t from 'tap';
import { brotliCompressSync, constants } from 'node:zlib';
import { loadPages } from '../../server/pages/assets.js';
import { acceptedLanguage, chooseLanguage, homeOf, type Choice } from '../../server/pages/language.js';
import { notFoundPage } from '../../server/pages/not-found.js';
import { drawPage, pageFor } from '../../server/pages/status.js';
import { languageCodes, languages, voiceIn } from '../../public/shared/languages.js';
import { serve } from '../harness.js';
import { botOf, NOW, viewOf } from '../shared/views.js';

const accepted: [header: string, lang: string | undefined][] = [
  ['', undefined],
  ['de', 'de'],
  ['de-AT', 'de'],
  ['DE-ch,en;q=0.5', 'de'],
  ['pt', 'pt-BR'],
  ['pt-PT,en;q=0.8', 'pt-BR'],
  ['pt-BR', 'pt-BR'],
  ['ja-JP,ja;q=0.9,en-US;q=0.8', 'ja'],
  ['nl,fr;q=0.5', 'fr'],
  ['nl', undefined],
  ['en;q=0.3, es;q=0.7, de;q=0.5', 'es'],
  ['fr;q=0.7,ru;q=0.7', 'fr'],
  ['de;q=0,en', 'en'],
  ['de;q=0', undefined],
  ['de ; q=0.2 , ru ; Q=0.9', 'ru'],
  ['*', 'en'],
  ['nl,*;q=0.5', 'en'],
  ['nl,*;q=0.5,de;q=0.8', 'de'],
  ['de;q=high,fr;q=0.1', 'fr'],
  ['de;q=,fr;q=0.1', 'fr'],
  ['de;q=2,fr;q=0.1', 'fr'],
  ['de;level=1;q=0.1,fr;q=0.2', 'fr'],
  [',;,,ru', 'ru'],
  ['zh-Hans-CN', undefined],
  [`${'nl,'.repeat(1_000)}de`, undefined],
];

void t.test('Accept-Language is read by quality, then by place', (t) => {
  for (const [header, lang] of accepted) t.equal(acceptedLanguage(header), lang, header.slice(0, 60));
  t.end();
});

void t.test(
  'a language of the address beats those of the browser; one that we do not speak is ignored',
  (t) => {
    t.same(chooseLanguage('ru', 'de'), { lang: 'ru', isChosen: true });
    t.same(chooseLanguage('PT', 'de'), { lang: 'pt-BR', isChosen: true });
    t.same(chooseLanguage('xx', 'de'), { lang: 'de', isChosen: false });
    t.same(chooseLanguage('', ''), { lang: 'en', isChosen: false });
    t.same(chooseLanguage(null, 'nl'), { lang: 'en', isChosen: false });
    t.end();
  },
);

void t.test('the way home keeps the language only if the address had it', (t) => {
  t.equal(homeOf({ lang: 'ru', isChosen: true }, ''), '/?lang=ru');
  t.equal(homeOf({ lang: 'ru', isChosen: false }, ''), '/');
  t.equal(homeOf({ lang: 'ru', isChosen: true }, '/status'), '/status/?lang=ru');
  t.equal(homeOf({ lang: 'ru', isChosen: false }, '/status'), '/status/');
  t.end();
});

void t.test('whatever is asked for, the answer is a language of ours', (t) => {
  const pieces = fc.constantFrom('de', 'en', 'pt-PT', '*', ';q=', '0.5', ',', '-', ' ', '1e9', '__proto__');
  const header = fc.oneof(
    fc.string(),
    fc.array(pieces).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(fc.option(header), header, (asked, accept) =>
      languageCodes.includes(chooseLanguage(asked, accept).lang),
    ),
  );
  t.end();
});

const { assets, files } = loadPages();
const origin = 'https://status.example.com';
const view = viewOf(botOf('2'.repeat(3) + '3'.repeat(237)));

const page = (choice: Choice): string => {
  const { lang } = choice;
  const about = {
    view,
    now: NOW,
    firstShards: [],
    origin,
    needsToken: true,
    publicUrl: origin,
    lang,
    assets,
  };
  return pageFor(drawPage(about), { answer: null, typed: '', choice, now: NOW }).html.toString();
};

void t.test('a page is wholly in its language: root, sentence, and the words for its script', (t) => {
  for (const lang of languageCodes) {
    const html = page({ lang, isChosen: false });
    t.ok(html.includes(`<html lang="${lang}"`));
    t.ok(html.includes(voiceIn(lang).say('page.skip')));
    const json = /<script type="application\/json" id=words>(.*)<\/script>/.exec(html)![1]!;
    t.same(JSON.parse(json), languages[lang].words.live);
    t.match(
      notFoundPage(assets, 'Status', { lang, isChosen: false }),
      languages[lang].words.page['lost.text'],
    );
  }
  t.end();
});

void t.test('the switch names every language in itself, marks the one in use, and names no guild', (t) => {
  const html = page({ lang: 'ru', isChosen: false });
  t.match(html, '<a href="?lang=ru" lang=ru hreflang=ru aria-current=true>Русский</a>');
  t.match(html, '<a href="?lang=pt-BR" lang=pt-BR hreflang=pt-BR>Português (Brasil)</a>');
  t.equal(html.split('hreflang=').length - 1, languageCodes.length);
  t.end();
});

void t.test('form and links keep a language that the address chose, and only then', (t) => {
  t.match(page({ lang: 'ja', isChosen: true }), '<input type=hidden name=lang value=ja>');
  t.match(page({ lang: 'ja', isChosen: true }), '<a href="/?lang=ja" class=site>');
  t.match(notFoundPage(assets, 'Status', { lang: 'ja', isChosen: true }), 'href="/?lang=ja"');
  t.notMatch(page({ lang: 'ja', isChosen: false }), 'name=lang');
  t.match(page({ lang: 'ja', isChosen: false }), '<a href="/" class=site>');
  t.end();
});

void t.test('the script contains no language', (t) => {
  const script = files.find(({ path }) => path === assets.scriptUrl)!.body.toString();
  for (const lang of languageCodes)
    for (const phrase of Object.values(languages[lang].words.live))
      for (const form of typeof phrase === 'string' ? [phrase] : Object.values(phrase))
        if (form.length > 12) t.notOk(script.includes(form), form);
  t.end();
});

void t.test(
  'in every language 240 shards are at most 30 KB: document, script and icon, as they are sent',
  (t) => {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
    const packed = (body: string | Buffer): number => brotliCompressSync(body, { params }).length;
    const rest = files.filter(({ path }) => path === assets.scriptUrl || path === assets.favicon('down'));
    const restBytes = rest.reduce((sum, { body }) => sum + packed(body), 0);
    for (const lang of languageCodes) {
      const bytes = packed(page({ lang, isChosen: false })) + restBytes;
      t.ok(bytes <= 30_000, `${lang}: ${bytes}`);
    }
    t.end();
  },
);

void t.test('a server answers in the language asked for, says which, and lets caches know', async (t) => {
  const { base } = await serve(t, { SHARDLIGHT_BOTS: 'main:240:My Bot' });
  const get = (path: string, accept: string): Promise<Response> =>
    fetch(base + path, { headers: { accept: 'text/html', 'accept-language': accept } });
  for (const [path, accept, lang] of [
    ['/', 'de-AT,en;q=0.5', 'de'],
    ['/?lang=fr', 'de', 'fr'],
    ['/?guild=81384788765712384&lang=pt', '', 'pt-BR'],
    ['/?lang=xx', 'nl', 'en'],
    ['/nowhere?lang=ja', 'ru', 'ja'],
    ['/nowhere', 'ru', 'ru'],
  ] as const) {
    const answer = await get(path, accept);
    t.ok((await answer.text()).includes(`<html lang="${lang}"`), path);
    t.equal(answer.headers.get('content-language'), lang);
    t.match(answer.headers.get('vary'), /\baccept-language\b/);
    t.equal(answer.headers.get('set-cookie'), null);
  }
  const [german, english] = await Promise.all([get('/', 'de'), get('/', 'en')]);
  t.not(german.headers.get('etag'), english.headers.get('etag'));
  t.match(await (await get('/plain', 'de')).text(), 'has reported yet', 'plain text stays English');
});
