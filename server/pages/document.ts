// The frame of every HTML page: head with the inline style and theme starter, nothing from elsewhere.
import { escapeHtml } from '../../public/shared/escape.js';
import type { Group } from '../../public/shared/states.js';
import type { PageAssets } from './assets.js';

export interface Document {
  lang: string;
  title: string;
  group: Group;
  /** HTML: the tags of the head that differ from page to page. */
  head: string;
  /** Attributes of the root, each escaped here. */
  root?: Record<string, string>;
  /** HTML. */
  body: string;
  assets: PageAssets;
  /** `module`: one that shares what it has with scripts that come later. */
  withScript: boolean | 'module';
}

export function htmlDocument({
  lang,
  title,
  group,
  head,
  root = {},
  body,
  assets,
  withScript,
}: Document): string {
  const own = assets.base === '' ? root : { ...root, 'data-base': assets.base };
  const attributes = Object.entries(own).map(([name, value]) => ` ${name}="${escapeHtml(value)}"`);
  const kind = withScript === 'module' ? 'type=module' : 'defer';
  const script = withScript ? `\n<script src="${escapeHtml(assets.scriptUrl)}" ${kind}></script>` : '';
  return `<!doctype html>
<html lang="${escapeHtml(lang)}"${attributes.join('')}>
<head>
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="dark light">
${head}
<link rel="manifest" href="${escapeHtml(assets.base)}/manifest.webmanifest">
<link rel="icon" type="image/svg+xml" href="${escapeHtml(assets.favicon(group))}">
<script>${assets.themeScript}</script>
<style>${assets.css}</style>${script}
</head>
<body>
${body}
</body>
</html>
`;
}
