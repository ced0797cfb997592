// The still parts of the status page: lookup form, footer.
import { languageCodes, languages } from '../../public/shared/languages.js';
import { escapeHtml } from '../../public/shared/escape.js';
import { escapedSay, type PageVoice } from '../../public/shared/voice.js';
import type { PageAssets } from './assets.js';
import { brandLine, brandLinks, supportLink } from './brand.js';
import type { Choice } from './language.js';

interface Slot {
  /** HTML: where answers come, in the place of the help. */
  answer: string;
  /** Where there is nothing to look up. */
  isHidden: boolean;
  /** What was refused stays in the field, to be mended there. */
  typed: string;
}

/** Works as a plain GET form; the script answers it in the browser instead. */
export function lookupForm(
  voice: PageVoice,
  { lang, isChosen }: Choice,
  { answer, isHidden, typed }: Slot,
  { brand, base }: PageAssets,
): string {
  const say = escapedSay(voice);
  const kept = isChosen ? `<input type=hidden name=lang value=${lang}>` : '';
  const value = typed === '' ? '' : ` value="${escapeHtml(typed)}"`;
  const ways = (['link', 'id'] as const).map((way) => `<p>${say(`lookup.help.${way}`)}</p>`).join('');
  return `<search class=lookup${isHidden ? ' hidden' : ''} aria-label="${say('page.lookup')}">
<form id=lookup method=get action="${escapeHtml(base)}/">${kept}
<label for=guild>${say('lookup.label')}</label>
<div class=field><input id=guild${value} name=guild maxlength=500 autocomplete=off autocapitalize=none spellcheck=false enterkeyhint=search aria-describedby=hint placeholder="${say('lookup.placeholder')}"><button>${say('lookup.button')}</button></div>
<p id=hint>${say('lookup.shard')}</p>
</form>
${answer}
<details><summary>${say('lookup.help')}</summary>${ways}<p>${say('lookup.help.private')}</p></details>
${supportLink(brand, voice)}
</search>`;
}

/** The theme switch needs the script, which shows it. */
export function footer(voice: PageVoice, { brand, base }: PageAssets): string {
  const top = escapeHtml(base);
  const say = escapedSay(voice);
  const choices = (['system', 'light', 'dark'] as const).map(
    (theme) =>
      `<label><input type=radio name=theme value=${theme}><span>${say(`theme.${theme}`)}</span></label>`,
  );
  return `<footer class=foot><nav>${brandLinks(brand, voice)} <a href="${top}/plain">${say('footer.plain')}</a> <a href="${top}/api/view">${say('footer.json')}</a></nav>
${languageSwitch(voice)}
<fieldset id=theme class=theme hidden><legend>${say('theme.label')}</legend>${choices.join('')}</fieldset>${brandLine(brand)}</footer>`;
}

/** Plain links, each in its own language. They name no guild: a lookup is kept by the script, in the browser. */
function languageSwitch(voice: PageVoice): string {
  const links = languageCodes.map((code) => {
    const current = code === voice.lang ? ' aria-current=true' : '';
    return `<a href="?lang=${code}" lang=${code} hreflang=${code}${current}>${languages[code].name}</a>`;
  });
  const label = escapedSay(voice)('footer.language');
  const own = languages[languageCodes.find((code) => code === voice.lang)!].name;
  return `<details class=languages><summary aria-label="${label}: ${own}">${own}</summary><nav id=languages aria-label="${label}">${links.join('')}</nav></details>`;
}
