// The 404 page for people: says so and leads home.
import { englishUtc, escapedSay } from '../../public/shared/voice.js';
import type { PageAssets } from './assets.js';
import { htmlDocument } from './document.js';

export function notFoundPage(assets: PageAssets): string {
  const voice = englishUtc();
  const say = escapedSay(voice);
  const body = `<main class=lost><h1>${say('lost.title')}</h1>
<p>${say('lost.text')}</p>
<p><a class=button href="/">${say('lost.home')}</a></p></main>`;
  return htmlDocument({
    lang: voice.lang,
    title: voice.say('lost.title'),
    group: 'unknown',
    body,
    assets,
    withScript: false,
  });
}
