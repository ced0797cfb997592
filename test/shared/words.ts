// The words in every language: none missing, none unused, the same placeholders, and the plural forms that the language has.
import t from 'tap';
import ts from 'typescript';
import { languageCodes, languages, voiceIn, type Language } from '../../public/shared/languages.js';
import { verdictOf } from '../../public/shared/verdict.js';
import { clockLocale } from '../../public/shared/voice.js';
import { en, type Phrase } from '../../public/shared/words/en.js';
import { readSources } from '../sources.js';
import { botOf, NOW, viewOf } from './views.js';

/** `many` of these is for whole millions, which nobody has of anything here: `other` will do. */
const fallsBack: Partial<Record<Language, string[]>> = { es: ['many'], fr: ['many'], 'pt-BR': ['many'] };
const INTEGERS = [...Array(201).keys(), 1_000, 3_584, 16_384, 1_000_000];

const tableOf = (lang: Language): Record<string, Phrase> => {
  const { live, page } = languages[lang].words;
  return { ...live, ...page };
};
const formsOf = (phrase: Phrase): string[] => (typeof phrase === 'string' ? [phrase] : Object.values(phrase));
const placeholdersOf = (text: string): string => [...new Set(text.match(/\{\w+\}/g))].sort().join(' ');

const english = tableOf('en');
const others = languageCodes.filter((lang) => lang !== 'en');

void t.test('no key stands in both tables of English', (t) => {
  t.equal(Object.keys(english).length, Object.keys(en.live).length + Object.keys(en.page).length);
  t.end();
});

for (const lang of others)
  void t.test(`${lang} says everything that English says, and nothing else`, (t) => {
    t.same(Object.keys(languages[lang].words.live).sort(), Object.keys(en.live).sort());
    t.same(Object.keys(languages[lang].words.page).sort(), Object.keys(en.page).sort());
    t.end();
  });

for (const lang of languageCodes) {
  void t.test(`${lang}: placeholders are those of English, in each form`, (t) => {
    for (const [key, phrase] of Object.entries(tableOf(lang))) {
      const expected = placeholdersOf(formsOf(english[key]!)[0]!);
      for (const form of formsOf(phrase)) t.equal(placeholdersOf(form), expected, `${key}: ${form}`);
    }
    t.end();
  });

  void t.test(`${lang}: a phrase is plain text, closed and not empty`, (t) => {
    for (const form of Object.values(tableOf(lang)).flatMap(formsOf)) {
      t.notMatch(form.replaceAll(/\{\w+\}/g, '…'), /[{}<>]|&\w+;|^\s|\s$|^$/, form);
      t.notMatch(form, /['"]/, `typographic quotes: ${form}`);
    }
    t.end();
  });

  void t.test(`${lang}: what has plural forms counts {n}, and has each form of the language`, (t) => {
    const rules = new Intl.PluralRules(lang);
    const needed = new Set<string>(INTEGERS.map((n) => rules.select(n)));
    for (const category of fallsBack[lang] ?? []) needed.delete(category);
    for (const [key, phrase] of Object.entries(tableOf(lang))) {
      if (typeof phrase === 'string') continue;
      const isCounted = typeof english[key] !== 'string' || english[key].includes('{n}');
      t.ok(isCounted, `${key} knows its number`);
      t.same(Object.keys(phrase).sort(), [...needed.add('other')].sort(), key);
    }
    t.end();
  });
}

const exactly = (pattern: string): RegExp => new RegExp(`^${pattern}$`);
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `'bot.never'` is one key; `` `title.${group}.one` `` is every key of that shape. */
function keysIn(node: ts.Node): RegExp[] {
  if (ts.isStringLiteral(node) && !ts.isImportDeclaration(node.parent)) return [exactly(escaped(node.text))];
  if (!ts.isTemplateExpression(node) || !/^[a-z]+\./i.test(node.head.text)) return [];
  const rest = node.templateSpans.map(({ literal }) => `\\w+${escaped(literal.text)}`).join('');
  return [exactly(escaped(node.head.text) + rest)];
}

void t.test('every phrase is said somewhere', (t) => {
  const sources = readSources(['public', 'server']).filter(({ path }) => !path.includes('/words/'));
  const said = sources.flatMap(({ nodes }) => nodes.flatMap(keysIn));
  const unused = Object.keys(english).filter((key) => !said.some((pattern) => pattern.test(key)));
  t.same(unused, []);
  t.end();
});

const russian = (count: number): string => {
  const bot = botOf('2'.repeat(count) + '3'.repeat(240 - count));
  return verdictOf(viewOf(bot), voiceIn('ru'), NOW).sentence;
};

void t.test('Russian counts as Russians do', (t) => {
  t.equal(russian(1), 'My Bot: 1 шард из 240 не работает с 14:02 UTC.');
  t.equal(russian(3), 'My Bot: 3 шарда из 240 не работают с 14:02 UTC.');
  t.equal(russian(5), 'My Bot: 5 шардов из 240 не работают с 14:02 UTC.');
  t.equal(russian(21), 'My Bot: 21 шард из 240 не работает с 14:02 UTC.');
  t.end();
});

void t.test('numbers, ages and lengths of time are those of the language', (t) => {
  const said = languageCodes.map((lang) => {
    const { count, ago, duration } = voiceIn(lang);
    return `${lang}: ${count(16_384)} · ${ago(4_000)} · ${duration(120_000)}`.replaceAll(
      /[\u00a0\u202f]/g,
      ' ',
    );
  });
  t.same(said, [
    'de: 16.384 · vor 4 s · 2 Minuten',
    'en: 16,384 · 4s ago · 2 minutes',
    'es: 16.384 · hace 4 s · 2 minutos',
    'fr: 16 384 · il y a 4 s · 2 minutes',
    'pt-BR: 16.384 · há 4 seg. · 2 minutos',
    'ru: 16 384 · 4 сек. назад · 2 минуты',
    'ja: 16,384 · 4秒前 · 2 分',
  ]);
  t.end();
});

void t.test('on the server every time is UTC and says so, in every language', (t) => {
  for (const lang of languageCodes) {
    const { clock, exactClock } = voiceIn(lang);
    t.match(clock(NOW, NOW), /^14:04 UTC$/, lang);
    t.match(exactClock(NOW), /^14:04:10 UTC$/, lang);
  }
  t.end();
});

void t.test('a reader keeps their own way of writing times if it is of the language of the page', (t) => {
  t.equal(clockLocale('en', ['de-DE', 'en-US', 'en-GB']), 'en-US');
  t.equal(clockLocale('en', ['nl-NL']), 'en-GB');
  t.equal(clockLocale('pt-BR', ['pt-PT']), 'pt-PT');
  t.equal(clockLocale('de', ['en-US']), 'de');
  t.end();
});

void t.test('Japanese writes names and times without a space before what follows them', (t) => {
  for (const [key, phrase] of Object.entries(tableOf('ja')))
    for (const form of formsOf(phrase))
      t.notMatch(form, /\} [\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/u, `${key}: ${form}`);
  t.end();
});
