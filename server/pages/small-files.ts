// The few small files that browsers and crawlers ask any site for: robots.txt, the manifest, /favicon.ico.
import { verdictOf } from '../../public/shared/verdict.js';
import { englishUtc } from '../../public/shared/languages.js';
import type { PublicView } from '../../public/shared/wire.js';
import { createDocument, send } from '../http/cached.js';
import type { Handler } from '../http/message.js';
import type { Brand } from './brand.js';
import { logoFile } from './brand.js';
import { faviconPath } from './favicon.js';

export interface SmallFiles {
  robots: Handler;
  manifest: Handler;
  faviconIco: Handler;
}

const AN_HOUR = { 'cache-control': 'public, max-age=3600' };
const GROUND = '#0b1220'; // --ground in the dark
/** Questions are not pages. */
const ROBOTS = 'User-agent: *\nAllow: /\nDisallow: /api/\n';

export function createSmallFiles(view: () => PublicView, now: () => number, brand: Brand): SmallFiles {
  const robots = createDocument(ROBOTS, 'robots-1', {
    'content-type': 'text/plain; charset=utf-8',
    ...AN_HOUR,
  });
  return {
    robots: (request) => send(robots, request),
    manifest: (request) => {
      const text = manifestOf(view().title, brand);
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
        headers: { location: faviconPath(group), 'cache-control': 'public, max-age=60' },
      };
    },
  };
}

function manifestOf(title: string, brand: Brand): string {
  const logo = logoFile(brand);
  const own = { src: faviconPath('up'), sizes: 'any', type: 'image/svg+xml' };
  const icons = logo ? [{ src: logo.path, sizes: 'any', type: logo.type }, own] : [own];
  const start = { id: '/', start_url: '/', scope: '/', display: 'minimal-ui' };
  const colours = { background_color: GROUND, theme_color: GROUND };
  return JSON.stringify({ name: title, short_name: title.slice(0, 30), ...start, ...colours, icons });
}
