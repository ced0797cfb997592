// Which language a reader gets: the one the address asks for, else the best of the browser's, else English.
import { languageCodes, type Language } from '../../public/shared/languages.js';

export interface Choice {
  lang: Language;
  /** By `?lang=`: then links and forms of the page keep it. Nothing else remembers it. */
  isChosen: boolean;
}

const DEFAULT: Language = 'en';
const MAX_HEADER = 500; // more is no list of languages that somebody speaks

export function chooseLanguage(asked: string | null, acceptLanguage: string): Choice {
  const chosen = asked === null ? undefined : languageOf(asked);
  if (chosen) return { lang: chosen, isChosen: true };
  return { lang: acceptedLanguage(acceptLanguage) ?? DEFAULT, isChosen: false };
}

/** Where the page's own links lead home to. */
export const homeOf = ({ lang, isChosen }: Choice, base: string): string =>
  `${base}/${isChosen ? `?lang=${lang}` : ''}`;

/** The best of `Accept-Language` that we speak; a tie goes to what is said first. */
export function acceptedLanguage(header: string): Language | undefined {
  const ranges = header.slice(0, MAX_HEADER).split(',').map(readRange);
  const wanted = ranges.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality);
  for (const { range } of wanted) {
    const lang = range === '*' ? DEFAULT : languageOf(range);
    if (lang) return lang;
  }
  return undefined;
}

/** "de-AT;q=0.8". What cannot be read is not wanted. */
function readRange(text: string): { range: string; quality: number } {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim());
  const said = parameters.find((parameter) => /^q\s*=/i.test(parameter));
  const quality = said === undefined ? 1 : Number(said.slice(said.indexOf('=') + 1).trim() || NaN);
  return { range, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}

/** Ours for a language tag: itself, or whichever we have of the same language. `pt` and `pt-PT` read Brazil's. */
function languageOf(tag: string): Language | undefined {
  const wanted = tag.toLowerCase();
  const known = languageCodes.find((code) => code.toLowerCase() === wanted);
  return known ?? languageCodes.find((code) => primaryOf(code) === primaryOf(wanted));
}

const primaryOf = (tag: string): string => tag.split('-')[0]!;
