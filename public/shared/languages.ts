// The languages of the page. One more: one more table in words/, one more line here.
import { clockLocale, makeVoice, type PageVoice } from './voice.js';
import { de } from './words/de.js';
import { en, type Words } from './words/en.js';
import { es } from './words/es.js';
import { fr } from './words/fr.js';
import { ja } from './words/ja.js';
import { ptBR } from './words/pt-BR.js';
import { ru } from './words/ru.js';

export type Language = 'de' | 'en' | 'es' | 'fr' | 'ja' | 'pt-BR' | 'ru';

/** In the order in which a switch offers them: by their own names. */
export const languages: Record<Language, { name: string; words: Words }> = {
  de: { name: 'Deutsch', words: de },
  en: { name: 'English', words: en },
  es: { name: 'Español', words: es },
  fr: { name: 'Français', words: fr },
  'pt-BR': { name: 'Português (Brasil)', words: ptBR },
  ru: { name: 'Русский', words: ru },
  ja: { name: '日本語', words: ja },
};

export const languageCodes = Object.keys(languages) as Language[];

const voices = new Map<Language, PageVoice>();

/** How the server speaks a language: in UTC, and saying so. Made once, because `Intl` formats are dear. */
export function voiceIn(lang: Language): PageVoice {
  const known = voices.get(lang) ?? newVoice(lang);
  voices.set(lang, known);
  return known;
}

function newVoice(lang: Language): PageVoice {
  const { live, page } = languages[lang].words;
  return makeVoice({ lang, words: { ...live, ...page }, clockLocale: clockLocale(lang, []), utc: true });
}

/** For what is always English: plain text, and the API. */
export const englishUtc = (): PageVoice => voiceIn('en');
