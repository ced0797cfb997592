// `GET /card.png`: the picture that chats show under a link to the page, in the language the page was in.
import { languageCodes, voiceIn, type Language } from '../../public/shared/languages.js';
import type { PublicView } from '../../public/shared/wire.js';
import { createDocument, send } from '../http/cached.js';
import type { Handler } from '../http/message.js';
import { cardSvg, speaks, type Asked } from './card.js';
import { createCards } from './cards.js';
import type { Render } from './render.js';

const MINUTE = 60_000;

export interface CardSources {
  view: () => PublicView;
  now: () => number;
  /** The time as people read it: differs from `now` while the wall clock is behind. */
  shownNow: () => number;
  render: Render;
}

export interface CardHandler {
  card: Handler;
  /** Draws the first one, so that it is there when it is asked for. */
  warmCard: () => void;
}

export function createCardHandler({ view, now, shownNow, render }: CardSources): CardHandler {
  const cards = createCards({ render, now });
  const cardIn = (lang: Language, asked?: Asked): ReturnType<typeof cards> => {
    const shown = view();
    const svg = (): string => cardSvg(shown, voiceIn(lang), shownNow(), asked);
    const wanted = { of: lang, tag: cardTag(shown), svg };
    return cards(asked ? { ...wanted, of: subjectOf(lang, asked), instead: lang } : wanted);
  };
  return {
    card: async (request) => {
      const lang = cardLanguage(request.query.get('lang') ?? '');
      const wanted = cardTag(view());
      const asked = askedOf(request.query, view());
      const { of, tag, png } = await cardIn(lang, asked);
      const isWanted = tag === wanted && of === subjectOf(lang, asked);
      const maxAge = isWanted ? 60 : 2; // an outdated one must not stay under the new one's address
      const headers = { 'content-type': 'image/png', 'cache-control': `public, max-age=${maxAge}` };
      return send(createDocument(png, `${tag}-${encodeURIComponent(of)}`, headers), request);
    },
    warmCard: () => void cardIn('en').catch(() => undefined), // whoever asks for it next is told
  };
}

const subjectOf = (lang: Language, asked?: Asked): string =>
  asked ? `${lang} ${asked.shard} ${asked.bot}` : lang;

/** Where the card of a view is: another address for each, because chats never look twice at the same one. */
export function cardPath(view: PublicView, lang: string, asked?: Asked): string {
  const shown = cardLanguage(lang);
  const query = new URLSearchParams({ v: cardTag(view) });
  if (shown !== 'en') query.set('lang', shown);
  if (asked) query.set('bot', asked.bot);
  if (asked) query.set('shard', `${asked.shard}`);
  return `/card.png?${query.toString()}`;
}

/** Undefined for what is no shard of ours: then it is the card of the page. */
function askedOf(query: URLSearchParams, { bots }: PublicView): Asked | undefined {
  const bot = bots.find(({ key }) => key === query.get('bot'));
  const shard = query.get('shard') ?? '';
  if (!bot || !/^\d{1,5}$/.test(shard) || Number(shard) >= bot.states.length) return undefined;
  return { bot: bot.key, shard: Number(shard) };
}

/** A new one each minute in which anything was heard: the card says as of when it is. */
const cardTag = ({ epoch, version, at }: PublicView): string =>
  `${epoch}-${version}-${Math.floor(at / MINUTE).toString(36)}`;

const cardLanguage = (lang: string): Language => {
  const known = languageCodes.find((code) => code === lang);
  return known && speaks(voiceIn(known)) ? known : 'en';
};
