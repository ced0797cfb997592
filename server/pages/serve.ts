// What is answered at the addresses of pages: what all readers share is built at most once a second, what one of them asked is put in.
import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { worstFirst } from '../../public/shared/answer.js';
import { readGuild, type GuildQuery } from '../../public/shared/guild.js';
import type { Language } from '../../public/shared/languages.js';
import type { PublicView, ShardView } from '../../public/shared/wire.js';
import { tagOf } from '../core/views/view.js';
import { pageHeaders } from '../dialects/page.js';
import { TEXT_HEADERS } from '../dialects/plain.js';
import { createCache, createDocument, send, type Document } from '../http/cached.js';
import type { Handler, Head, Request, Response } from '../http/message.js';
import type { PageFor } from '../http/gates.js';
import type { BuiltPages, OperatorAssets, StaticFile } from './assets.js';
import { createCardHandler, type CardHandler } from './card-handler.js';
import { createDrawnPages, documentOf, type KeptPage } from './drawn-pages.js';
import { chooseLanguage, type Choice } from './language.js';
import { notFoundPage, privatePage } from './not-found.js';
import { operatorPage } from './operator.js';
import { plainAnswer, plainPage } from './plain.js';
import { originFor, withOrigin } from './preview.js';
import type { Render } from './render.js';
import { createSmallFiles, type SmallFiles } from './small-files.js';
import { drawPage, pageFor, type DrawnPage, type PageAnswer } from './status.js';

export interface PageSources {
  view: () => PublicView;
  lookup: (query: GuildQuery) => ShardView[];
  now: () => number;
  /** The time as people read it: differs from `now` while the wall clock is behind. */
  shownNow: () => number;
  origin: () => string;
  /** As configured; null: not known. */
  publicUrl: string | null;
  needsToken: boolean;
  /** Somebody who shows links asked for the page, while no public address is configured. */
  previewed: (origin: string) => void;
  built: BuiltPages;
  render: Render;
}

export interface Pages extends CardHandler, SmallFiles {
  status: Handler;
  /** The same for everybody: what it shows, it asks for with the role of whoever looks. */
  operator: Handler;
  plain: Handler;
  files: { path: string; handle: Handler }[];
  notFound: PageFor;
  /** For those who need a token to see anything. */
  isPrivate: PageFor;
}

const PAGE_AGE_MS = 1_000;
const PLAIN_HEADERS = { ...TEXT_HEADERS, 'cache-control': 'no-cache' };

export function createPages(sources: PageSources): Pages {
  const { built, view, now, shownNow } = sources;
  const cache = createCache(PAGE_AGE_MS, now);
  const headers = pageHeaders(built.csp);
  const ofOperator = operatorDocument(built.operator);
  const pageIn = createDrawnPages({ draw: (lang) => draw(sources, lang), now, nextTurn });
  return {
    operator: (request) => send(ofOperator, request),
    status: async (request) => {
      const choice = chooseLanguage(request.query.get('lang'), request.headers['accept-language']);
      const kept = await pageIn(choice.lang);
      return sendPage(statusDocument(kept, request, choice, sources, headers), request, sources);
    },
    plain: (request) => {
      const table = cache('plain', () =>
        createDocument(plainPage(view(), shownNow()), tagOf(view()), PLAIN_HEADERS),
      );
      const answer = answerTo(request.query.get('guild'), sources);
      return send(answer ? answeredPlain(table, plainAnswer(answer, view(), shownNow())) : table, request);
    },
    files: built.files.map((file) => ({ path: file.path, handle: fileHandler(file) })),
    notFound: (head) => {
      const choice = choiceOf(head);
      return {
        status: 404,
        headers: inLanguage(headers, choice),
        body: notFoundPage(built.assets, view().title, choice),
      };
    },
    isPrivate: (head) => {
      const choice = choiceOf(head);
      const uncached = { ...inLanguage(headers, choice), 'cache-control': 'no-store' };
      return {
        status: 401,
        reason: 'unauthorized',
        headers: uncached,
        body: privatePage(built.assets, choice),
      };
    },
    ...createCardHandler(sources),
    ...createSmallFiles(view, shownNow, built.assets),
  };
}

function sendPage(
  document: Document,
  request: Request,
  { publicUrl, previewed }: PageSources,
): Promise<Response> {
  const origin = publicUrl === null ? originFor(request) : null;
  if (origin === null) return send(document, request, { isRare: request.query.has('guild') });
  previewed(origin);
  const plain = { headers: { ...request.headers, 'accept-encoding': '' } }; // packing would cost more than it saves
  return send(withOrigin(document, origin), plain);
}

const choiceOf = ({ query, headers }: Pick<Head, 'query' | 'headers'>): Choice =>
  chooseLanguage(new URLSearchParams(query).get('lang'), headers['accept-language']);

const inLanguage = (headers: Record<string, string>, { lang }: Choice): Record<string, string> => ({
  ...headers,
  'content-language': lang,
  vary: 'accept-language',
});

/** Two guilds on the same shards get the same page. */
function keyOf(answer: PageAnswer | null): string {
  if (answer?.kind !== 'found') return '';
  return `${answer.direct ? 'direct' : 'guild'}:${answer.bots.map(({ bot, shard }) => `${bot}.${shard}`).join(',')}`;
}

function answerTo(text: string | null, { lookup }: PageSources): PageAnswer | null {
  if (text === null) return null;
  const read = readGuild(text);
  if (!read.ok) return { kind: 'refused', reason: read.reason };
  return { kind: 'found', direct: read.query.kind === 'direct', bots: worstFirst(lookup(read.query)) };
}

const draw = (
  { view, lookup, shownNow, origin, publicUrl, needsToken, built }: PageSources,
  lang: Language,
): DrawnPage =>
  drawPage({
    view: view(),
    now: shownNow(),
    firstShards: lookup({ kind: 'direct' }),
    origin: origin(),
    needsToken,
    publicUrl,
    lang,
    assets: built.assets,
  });

/** The page for who asks. One that holds what they typed is their own, and kept by nobody. */
function statusDocument(
  kept: KeptPage,
  { query }: Request,
  choice: Choice,
  sources: PageSources,
  headers: Record<string, string>,
): Document {
  const asked = query.get('guild');
  const answer = answerTo(asked, sources);
  const typed = answer?.kind === 'refused' ? (asked ?? '') : '';
  const make = (more: Record<string, string> = {}): Document => {
    const { html, put } = pageFor(kept.page, { answer, typed, choice, now: sources.shownNow() });
    const tag = `${tagOf(kept.page.view)}-${hashOf(put)}`;
    return createDocument(html, tag, { ...inLanguage(headers, choice), ...more });
  };
  if (answer?.kind === 'refused') return make({ 'cache-control': 'private, no-store' });
  return documentOf(kept, `${choice.isChosen ? '!' : ''}${keyOf(answer)}`, answer !== null, make);
}

function operatorDocument(operator: OperatorAssets): Document {
  const html = operatorPage(operator);
  return createDocument(html, hashOf(html), pageHeaders(operator.csp));
}

const hashOf = (body: string | Buffer): string => createHash('sha256').update(body).digest('base64url');

/** What was asked stands before the table. */
const answeredPlain = ({ body, etag, headers }: Document, answer: string): Document =>
  createDocument(
    Buffer.concat([Buffer.from(answer), body]),
    `${etag.replace(/^W\/"|"$/g, '')}-${hashOf(answer)}`,
    headers,
  );

function fileHandler({ body, type, immutable, csp }: StaticFile): Handler {
  const caching = immutable ? 'public, max-age=31536000, immutable' : 'public, max-age=3600';
  const document = createDocument(body, hashOf(body), {
    'content-type': type,
    'cache-control': caching,
    'cross-origin-resource-policy': 'same-origin',
    ...(csp === undefined ? {} : { 'content-security-policy': csp }),
  });
  return (request) => send(document, request);
}
