// The operator's look on the pages: the logo as a file of ours, the accent as CSS, links and a line in the footer.
import { createHash } from 'node:crypto';
import { escapeHtml } from '../../public/shared/escape.js';
import { escapedSay, type PageVoice } from '../../public/shared/voice.js';

/** Null where nothing was configured. Texts are plain and escaped here; colours are `#rrggbb`. */
export interface Brand {
  logo: { type: 'png' | 'svg' | 'webp' | 'jpeg'; width: number; height: number; bytes: Buffer } | null;
  links: Record<'support' | 'invite' | 'website', string | null>;
  accent: { dark: string; light: string } | null;
  footer: string | null;
  customCss: string | null;
}

export const noBrand: Brand = {
  logo: null,
  links: { support: null, invite: null, website: null },
  accent: null,
  footer: null,
  customCss: null,
};

/** What follows our own style, in the same element and so under the same hash. */
export function brandCss({ accent, customCss }: Brand): string {
  return [accent ? accentCss(accent) : '', customCss ?? ''].filter((css) => css !== '').join('\n');
}

/** The same three selectors as in public/style/tokens.css. */
const accentCss = ({ dark, light }: NonNullable<Brand['accent']>): string =>
  `:root,:root[data-theme=dark]{--accent:${dark}}:root[data-theme=light]{--accent:${light}}@media (prefers-color-scheme:light){:root:not([data-theme]){--accent:${light}}}`;

const LOGO_TYPES = {
  png: 'image/png',
  svg: 'image/svg+xml',
  webp: 'image/webp',
  jpeg: 'image/jpeg',
} as const;

export interface LogoFile {
  path: string;
  type: string;
  body: Buffer;
  /** Sandboxed: an SVG opened by itself runs nothing and loads nothing. */
  csp: string;
}

export function logoFile({ logo }: Brand): LogoFile | null {
  if (!logo) return null;
  const hash = createHash('sha256').update(logo.bytes).digest('hex').slice(0, 12);
  const csp = "default-src 'none'; sandbox; frame-ancestors 'none'";
  return { path: `/logo.${hash}.${logo.type}`, type: LOGO_TYPES[logo.type], body: logo.bytes, csp };
}

/** Beside the title, which says all there is to read; its size is told so that nothing moves when it comes. */
export function logoImage({ brand, base }: { brand: Brand; base: string }): string {
  const file = logoFile(brand);
  if (!brand.logo || !file) return '';
  const { width, height } = brand.logo;
  return `<img class=logo src="${escapeHtml(base)}${file.path}" alt="" width=${Math.ceil(width)} height=${Math.ceil(height)}>`;
}

export function brandLinks({ links }: Brand, voice: PageVoice): string {
  const say = escapedSay(voice);
  const shown = (['support', 'invite', 'website'] as const).flatMap((name) => {
    const url = links[name];
    return url === null ? [] : `<a href="${escapeHtml(url)}" rel=noopener>${say(`link.${name}`)}</a>`;
  });
  return shown.join(' ');
}

/** Where people look for help: beside the answer. */
export const supportLink = ({ links: { support } }: Brand, voice: PageVoice): string =>
  support === null
    ? ''
    : `<p class=support><a href="${escapeHtml(support)}" rel=noopener>${escapedSay(voice)('link.support')}</a></p>`;

export const brandLine = ({ footer }: Brand): string =>
  footer === null ? '' : `<p class=line>${escapeHtml(footer)}</p>`;
