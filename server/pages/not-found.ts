// The 404 page for people: says so and leads home.
import { voiceIn } from '../../public/shared/languages.js';
import { escapedSay } from '../../public/shared/voice.js';
import type { PageAssets } from './assets.js';
import { htmlDocument } from './document.js';
import { homeOf, type Choice } from './language.js';

export function notFoundPage(assets: PageAssets, choice: Choice): string {
  const voice = voiceIn(choice.lang);
  const say = escapedSay(voice);
  const body = `<main class=lost><h1>${say('lost.title')}</h1>
<p>${say('lost.text')}</p>
<p><a class=button href="${homeOf(choice)}">${say('lost.home')}</a></p></main>`;
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
