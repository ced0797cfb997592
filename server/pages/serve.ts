// What is answered at the addresses of pages: each body built at most once a second, and cached by shard, never by guild.
import { readGuild, type GuildQuery } from '../../public/shared/guild.js';
import type { PublicView, ShardView } from '../../public/shared/wire.js';
import { tagOf } from '../core/view.js';
import { createCache, createDocument, send, type Document } from '../http/cached.js';
import type { Handler, Response } from '../http/message.js';
import type { BuiltPages, StaticFile } from './assets.js';
import { notFoundPage } from './not-found.js';
import { plainPage } from './plain.js';
import { statusPage, type PageAnswer } from './status.js';

export interface PageSources {
  view: () => PublicView;
  lookup: (query: GuildQuery) => ShardView[];
  now: () => number;
  origin: () => string;
  needsToken: boolean;
  built: BuiltPages;
}

export interface Pages {
  status: Handler;
  plain: Handler;
  files: { path: string; handle: Handler }[];
  notFound: () => Response;
}

const PAGE_AGE_MS = 1_000;
const HTML = 'text/html; charset=utf-8';

export function createPages(sources: PageSources): Pages {
  const { built, view, now } = sources;
  const cache = createCache(PAGE_AGE_MS, now);
  const pageHeaders = {
    'content-type': HTML,
    'content-security-policy': built.csp,
    'cache-control': 'no-cache',
  };
  const lost = notFoundPage(built.assets);
  return {
    status: (request) => {
      const answer = answerTo(request.query.get('guild'), sources);
      const key = keyOf(answer);
      return send(
        cache(key, () => pageDocument(sources, answer, key, pageHeaders)),
        request,
      );
    },
    plain: (request) =>
      send(
        cache('plain', () => plainDocument(view(), now())),
        request,
      ),
    files: built.files.map((file) => ({ path: file.path, handle: fileHandler(file) })),
    notFound: () => ({ status: 404, headers: pageHeaders, body: lost }),
  };
}

/** Two guilds on the same shards get the same page. */
function keyOf(answer: PageAnswer | null): string {
  if (!answer) return '';
  if (answer.kind === 'refused') return answer.reason;
  return `${answer.direct ? 'direct' : 'guild'}:${answer.bots.map((bot) => bot.shard).join(',')}`;
}

function answerTo(text: string | null, { lookup }: PageSources): PageAnswer | null {
  if (text === null) return null;
  const read = readGuild(text.slice(0, 400));
  if (!read.ok) return { kind: 'refused', reason: read.reason };
  return { kind: 'found', direct: read.query.kind === 'direct', bots: lookup(read.query) };
}

function pageDocument(
  { view, now, origin, needsToken, built }: PageSources,
  answer: PageAnswer | null,
  key: string,
  headers: Record<string, string>,
): Document {
  const shown = view();
  const html = statusPage({
    view: shown,
    now: now(),
    answer,
    origin: origin(),
    needsToken,
    assets: built.assets,
  });
  return createDocument(html, `${tagOf(shown)}-${key}`, headers);
}

function plainDocument(view: PublicView, now: number): Document {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' };
  return createDocument(plainPage(view, now), tagOf(view), headers);
}

function fileHandler({ body, type, immutable, path }: StaticFile): Handler {
  const caching = immutable ? 'public, max-age=31536000, immutable' : 'public, max-age=3600';
  const document = createDocument(body, `${path.length}-${body.length}`, {
    'content-type': type,
    'cache-control': caching,
  });
  return (request) => send(document, request);
}
