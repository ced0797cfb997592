// Pages for people who did not find what they came for: at an address without a page, or without the token it needs.
import { voiceIn } from '../../public/shared/languages.js';
import { escapeHtml } from '../../public/shared/escape.js';
import { escapedSay } from '../../public/shared/voice.js';
import type { PageAssets } from './assets.js';
import { logoImage } from './brand.js';
import { htmlDocument } from './document.js';
import { homeOf, type Choice } from './language.js';

export function notFoundPage(assets: PageAssets, title: string, choice: Choice): string {
  const voice = voiceIn(choice.lang);
  const say = escapedSay(voice);
  const home = escapeHtml(homeOf(choice, assets.base));
  const text = `<p>${say('lost.text')}</p>
<p><a class=button href="${home}">${say('lost.home')}</a></p>`;
  return sayingSo({ assets, lang: voice.lang, heading: voice.say('lost.title'), title, home, text });
}

/** It names no bot: whoever reads it may know nothing of them. */
export function privatePage(assets: PageAssets, choice: Choice): string {
  const voice = voiceIn(choice.lang);
  const say = escapedSay(voice);
  const heading = voice.say('private.title');
  const text = `<p>${say('private.text')}</p>
<p>${say('private.reload')}</p>`;
  return sayingSo({
    assets,
    lang: voice.lang,
    heading,
    title: '',
    home: escapeHtml(homeOf(choice, assets.base)),
    text,
  });
}

interface Said {
  assets: PageAssets;
  lang: string;
  heading: string;
  /** Of the site. */
  title: string;
  /** HTML. */
  home: string;
  /** HTML. */
  text: string;
}

function sayingSo({ assets, lang, heading, title, home, text }: Said): string {
  const site = `${logoImage(assets)}<span>${escapeHtml(title)}</span>`;
  const body = `<header class=top><a href="${home}" class=site>${site}</a></header>
<main class=lost><div class="verdict unknown"><h1>${escapeHtml(heading)}</h1></div>
${text}</main>`;
  return htmlDocument({
    lang,
    title: heading,
    group: 'unknown',
    head: '<meta name="robots" content="noindex">',
    body,
    assets,
    withScript: false,
  });
}
