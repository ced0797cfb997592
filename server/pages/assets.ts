// What the pages are made of beside their own HTML: reads the build once and says what to serve and what the CSP allows.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Group } from '../../public/shared/states.js';
import { brandCss, logoFile, noBrand, type Brand, type LogoFile } from './brand.js';
import { favicon, faviconPath, groups } from './favicon.js';

export interface PageAssets {
  /** What all our addresses begin with: "/status", or "" at the top of the host. */
  base: string;
  scriptUrl: string;
  /** Inlined: one request less before the first paint. */
  css: string;
  /** Inlined, or the page would flash in the wrong theme. */
  themeScript: string;
  favicon: (group: Group) => string;
  brand: Brand;
}

export interface StaticFile {
  path: string;
  type: string;
  body: Buffer;
  /** Its name holds its hash: it may be cached for good. */
  immutable: boolean;
  csp?: string;
}

export interface BuiltPages {
  assets: PageAssets;
  files: StaticFile[];
  /** The value of Content-Security-Policy for every HTML page but the operator's. */
  csp: string;
  operator: OperatorAssets;
}

/** Views of the operator view that have a script each, fetched when they are opened: files of `public/operator/lazy/`. */
export type LazyView = 'fleet' | 'cluster' | 'incidents' | 'settings' | 'signin';

/** The operator view has a script and a style of its own. */
export interface OperatorAssets {
  assets: PageAssets;
  /** Of each its script, and what that imports beside the page's own. */
  viewUrls: Record<LazyView, string[]>;
  csp: string;
}

interface AssetNames extends Record<'status' | 'style' | 'operator' | 'operator-style' | 'theme', string> {
  views: Record<LazyView, string[]>;
}

const built = fileURLToPath(new URL('../../public/', import.meta.url));

/** `directory` is where the build put `assets.json`, with a slash at its end. Throws when nothing was built. */
export function loadPages(brand = noBrand, base = '', directory = built): BuiltPages {
  const names = JSON.parse(readFileSync(`${directory}assets.json`, 'utf8')) as AssetNames;
  const read = (name: string): Buffer => readFileSync(`${directory}assets/${name}`);
  const assets: PageAssets = {
    base,
    scriptUrl: `${base}/assets/${names.status}`,
    css: `${read(names.style).toString().trim()}${brandCss(brand)}`,
    themeScript: read(names.theme).toString().trim(),
    favicon: (group) => base + faviconPath(group),
    brand,
  };
  const ofOperator: PageAssets = {
    ...assets,
    scriptUrl: `${base}/assets/${names.operator}`,
    css: `${read(names['operator-style']).toString().trim()}${brandCss({ ...brand, customCss: null })}`,
  };
  const lazy = new Set(Object.values(names.views).flat());
  const scripts = [names.status, names.operator, ...lazy].map((name) => scriptFile(name, read(name)));
  const logo = logoFile(brand);
  const files = [...scripts, ...groups.map(faviconFile), ...(logo ? [brandFile(logo)] : [])];
  const viewUrls = Object.fromEntries(
    Object.entries(names.views).map(([view, some]) => [view, some.map((name) => `${base}/assets/${name}`)]),
  ) as OperatorAssets['viewUrls'];
  const operator = { assets: ofOperator, viewUrls, csp: contentSecurityPolicy(ofOperator) };
  return { assets, files, csp: contentSecurityPolicy(assets), operator };
}

const scriptFile = (name: string, body: Buffer): StaticFile => ({
  path: `/assets/${name}`,
  type: 'text/javascript; charset=utf-8',
  body,
  immutable: true,
});

/** Only our own files, and the two inline texts by their hash. `'self'` in connect-src covers the socket. */
export function contentSecurityPolicy({ css, themeScript }: Pick<PageAssets, 'css' | 'themeScript'>): string {
  return [
    "default-src 'none'",
    `script-src 'self' ${hashOf(themeScript)}`,
    `style-src ${hashOf(css)}`,
    "img-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

function faviconFile(group: Group): StaticFile {
  return {
    path: faviconPath(group),
    type: 'image/svg+xml',
    body: Buffer.from(favicon(group)),
    immutable: false,
  };
}

const brandFile = (logo: LogoFile): StaticFile => ({ ...logo, immutable: true });
