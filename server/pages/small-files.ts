// The few small files that browsers and crawlers ask any site for: robots.txt, the manifest, /favicon.ico.
import { verdictOf } from '../../public/shared/verdict.js';
import { englishUtc } from '../../public/shared/languages.js';
import type { PublicView } from '../../public/shared/wire.js';
import { TEXT_HEADERS } from '../dialects/plain.js';
import { createDocument, send } from '../http/cached.js';
import type { Handler } from '../http/message.js';
import type { PageAssets } from './assets.js';
import { logoFile } from './brand.js';

export type SmallFiles = Record<'robots' | 'manifest' | 'faviconIco', Handler>;

const AN_HOUR = { 'cache-control': 'public, max-age=3600' };
const GROUND = '#0b1220'; // --ground in the dark
/** Questions are not pages. */
const robotsOf = (base: string): string => `User-agent: *\nAllow: /\nDisallow: ${base}/api/\n`;

export function createSmallFiles(view: () => PublicView, now: () => number, assets: PageAssets): SmallFiles {
  const robots = createDocument(robotsOf(assets.base), 'robots-1', {
    ...TEXT_HEADERS,
    ...AN_HOUR,
  });
  return {
    robots: (request) => send(robots, request),
    manifest: (request) => {
      const text = manifestOf(view().title, assets);
      const headers = { 'content-type': 'application/manifest+json', ...AN_HOUR };
      return send(
        createDocument(text, `manifest-${Buffer.from(view().title).toString('base64url')}`, headers),
        request,
      );
    },
    faviconIco: () => {
      const { group } = verdictOf(view(), englishUtc(), now());
      return {
        status: 302,
        headers: { location: assets.favicon(group), 'cache-control': 'public, max-age=60' },
      };
    },
  };
}

function manifestOf(title: string, { brand, base, favicon }: PageAssets): string {
  const logo = logoFile(brand);
  const own = { src: favicon('up'), sizes: 'any', type: 'image/svg+xml' };
  const icons = logo ? [{ src: base + logo.path, sizes: 'any', type: logo.type }, own] : [own];
  const start = { id: `${base}/`, start_url: `${base}/`, scope: `${base}/`, display: 'minimal-ui' };
  const colours = { background_color: GROUND, theme_color: GROUND };
  return JSON.stringify({ name: title, short_name: title.slice(0, 30), ...start, ...colours, icons });
}
