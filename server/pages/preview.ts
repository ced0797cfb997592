// The picture of a link where no public address is configured: chats take whole addresses only, so the host is put in that was asked.
import { createDocument, type Document } from '../http/cached.js';
import type { Request } from '../http/message.js';

const BEFORE_CARD = Buffer.from('<meta property="og:image" content="');

/** Those who show links. Everybody else gets the page that is cached for all, and packed. */
const SHOWS_LINKS =
  /bot\b|bot\/|crawl|externalhit|whatsapp|preview|embed|iframely|unfurl|mastodon|pleroma|misskey|summaly/i;

/** Where whoever asks found the page, "https://status.example.com"; null: nobody who shows links asks, or at no host that can be one. */
export function originFor({ headers, site }: Pick<Request, 'headers' | 'site'>): string | null {
  const host = site.hosts[0];
  return host === undefined || !SHOWS_LINKS.test(headers['user-agent'])
    ? null
    : `${site.scheme ?? 'http'}://${host}`;
}

/** The page with whole addresses: bytes are put in, so that no host costs a drawing or a place in a cache. */
export function withOrigin({ body, etag, headers }: Document, origin: string): Document {
  const at = body.indexOf(BEFORE_CARD);
  const url = Buffer.from(`<meta property="og:url" content="${origin}/">\n`);
  const cut = at + BEFORE_CARD.length;
  const whole = Buffer.concat([
    body.subarray(0, at),
    url,
    BEFORE_CARD,
    Buffer.from(origin),
    body.subarray(cut),
  ]);
  return createDocument(whole, `${etag.replace(/^W\/"|"$/g, '')}-${origin}`, headers);
}
