// The 404 page for people: says so and leads home.
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
  const home = homeOf(choice);
  const body = `<header class=top><a href="${home}" class=site>${logoImage(assets.brand)}<span>${escapeHtml(title)}</span></a></header>
<main class=lost><div class="verdict unknown"><h1>${say('lost.title')}</h1></div>
<p>${say('lost.text')}</p>
<p><a class=button href="${home}">${say('lost.home')}</a></p></main>`;
  return htmlDocument({
    lang: voice.lang,
    title: voice.say('lost.title'),
    group: 'unknown',
    head: '<meta name="robots" content="noindex">',
    body,
    assets,
    withScript: false,
  });
}
