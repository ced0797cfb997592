// The operator view as HTML: the same for everybody, so it says nothing; the script asks for what the reader may see.
import { escapeHtml } from '../../public/shared/escape.js';
import { htmlDocument } from './document.js';
import type { OperatorAssets } from './assets.js';
import { logoImage } from './brand.js';

export const operatorPage = ({ assets, viewUrls }: Pick<OperatorAssets, 'assets' | 'viewUrls'>): string =>
  htmlDocument({
    lang: 'en',
    title: 'Operators',
    group: 'unknown',
    root: Object.fromEntries(
      Object.entries(viewUrls).map(([view, urls]) => [`data-${view}`, urls.join(' ')]),
    ),
    head: '<meta name="robots" content="noindex">',
    body: `<div id=operator><header class=bar><span class=site>${logoImage(assets)}<span>Operators</span></span></header>
<main id=content><noscript><p>This view is live, so it needs JavaScript. Without it, the <a href="${escapeHtml(assets.base)}/">status page</a> and <a href="${escapeHtml(assets.base)}/plain">its plain text</a> show how the bots are.</p></noscript></main></div>`,
    assets,
    withScript: 'module',
  });
