// The public status page as HTML, complete without JavaScript: drawn once for everybody, and what somebody asked is put in.
import { randomUUID } from 'node:crypto';
import { escapeHtml, scriptJson } from '../../public/shared/escape.js';
import { latestSection } from '../../public/shared/latest.js';
import { languages, voiceIn, type Language } from '../../public/shared/languages.js';
import { packView } from '../../public/shared/page-data.js';
import { isOneShard, openBot, worstBotsFirst } from '../../public/shared/bots.js';
import { botSection } from '../../public/shared/section.js';
import { heardHtml, heardOnPage } from '../../public/shared/heard.js';
import { verdictOf, verdictRoom, type Verdict } from '../../public/shared/verdict.js';
import { escapedSay, type PageVoice } from '../../public/shared/voice.js';
import type { BotView, PublicView, ShardView } from '../../public/shared/wire.js';
import { answerSlot, type PageAnswer } from './answer.js';
import type { PageAssets } from './assets.js';
import { logoImage } from './brand.js';
import { cardPath } from './card-handler.js';
import { htmlDocument } from './document.js';
import { answeredWorstFirst, embedTags } from './embed.js';
import { homeOf, type Choice } from './language.js';
import { withMarks } from './mark.js';
import { footer, lookupForm } from './parts.js';
import { startHelp } from './start.js';

export type { PageAnswer } from './answer.js';

export interface Drawing {
  view: PublicView;
  now: number;
  /** Shard 0 of each bot, for those that are one shard. */
  firstShards: ShardView[];
  /** Where this server is reached, for the curl lines: "https://status.example.com". */
  origin: string;
  /** Whether reports need a token, for the curl lines. */
  needsToken: boolean;
  /** As configured, for what chats show of the page; null: not known. */
  publicUrl: string | null;
  lang: Language;
  assets: PageAssets;
}

/** The page without what differs by who asks. To draw it walks the whole fleet; to put something in does not. */
export interface DrawnPage extends Pick<Drawing, 'view' | 'publicUrl' | 'lang' | 'assets'> {
  verdict: Verdict;
  /** What stands before, between and after the places in the order of `Asked`; the grids are in the last. */
  pieces: Buffer[];
}

/** What somebody asked. The guild ID is not part of it. */
export interface Asked {
  answer: PageAnswer | null;
  /** What was typed where it was refused, to be mended in the field. */
  typed: string;
  choice: Choice;
  now: number;
}

/** Where something is put in. Operators may add styles, which must not hold it by chance. */
const PLACE = `<!--${randomUUID()}-->`;

export function drawPage(drawing: Drawing): DrawnPage {
  const { view, now, lang, assets, publicUrl } = drawing;
  const voice = voiceIn(lang);
  const verdict = verdictOf(view, voice, now);
  const html = htmlDocument({
    lang: voice.lang,
    title: `${verdict.short} · ${view.title}`,
    group: verdict.group,
    head: PLACE,
    root: { 'data-version': `${view.version}`, 'data-epoch': view.epoch, 'data-at': `${view.at}` },
    body: body(drawing, verdict, voice),
    assets,
    withScript: true,
  });
  const pieces = html.split(PLACE).map((piece) => Buffer.from(piece));
  return { view, publicUrl, lang, assets, verdict, pieces };
}

export interface PageFor {
  html: Buffer;
  /** What was put in: with the version of the drawn page it tells this page from any other. */
  put: string;
}

/** Costs nothing that grows with the number of shards, but for a look at the bytes. */
export function pageFor(page: DrawnPage, asked: Asked): PageFor {
  const { view, lang, assets, pieces } = page;
  const { answer, typed, choice, now } = asked;
  const voice = voiceIn(lang);
  const isHidden = !isAskedFor(view, answer);
  const form = lookupForm(
    voice,
    choice,
    { answer: answerSlot(answer, view, now, voice), isHidden, typed },
    assets,
  );
  const put = [head(page, asked), escapeHtml(homeOf(choice, assets.base)), form];
  const shards = answer?.kind === 'found' ? answer.bots : [];
  const html = pieces.flatMap((piece, i) =>
    i < put.length ? [piece, Buffer.from(put[i]!)] : withMarks(piece, shards),
  );
  return { html: Buffer.concat(html), put: put.join('') };
}

/** Answers are for whoever asked, not for search engines: their addresses hold guild IDs. */
function head({ view, publicUrl, verdict, lang }: DrawnPage, { answer, now }: Asked): string {
  const voice = voiceIn(lang);
  const robots = answer ? '<meta name="robots" content="noindex">\n' : '';
  return (
    robots +
    embedTags({
      view,
      now,
      answer,
      publicUrl,
      verdict,
      voice,
      cardPath: cardPath(view, voice.lang, answeredWorstFirst(answer, view, now, voice)[0]),
    })
  );
}

function body(drawing: Drawing, verdict: Verdict, voice: PageVoice): string {
  const { view, now, origin, needsToken, lang, assets, firstShards } = drawing;
  const say = escapedSay(voice);
  const isUnheard = unheard(view);
  return `<a class=skip href="#bots">${say('page.skip')}</a>
<header class=top><a href="${PLACE}" class=site>${logoImage(assets)}<span>${escapeHtml(view.title)}</span></a>
<p id=connection role=status>${say('page.asOf', { clock: voice.exactClock(view.at) })}</p></header>
<main${isUnheard ? ' class=unheard' : ''}>
<div id=verdict class="verdict ${verdict.group}" data-room="${escapeHtml(verdictRoom(view, voice))}"><div>
<div role=status><h1>${escapeHtml(verdict.sentence)}</h1></div>
${heardHtml(heardOnPage(view.bots, firstShards[0], voice, { now, ticking: false }))}</div></div>
${isUnheard ? startHelp({ view, origin, needsToken, voice }) : ''}
<div class=first>
${PLACE}
${latestSection(view, now, voice)}
</div>
<div id=bots tabindex=-1>
${botsHtml(drawing, voice)}
</div>
</main>
${footer(voice, assets)}
<script type="application/json" id=view>${scriptJson(packView(view, firstShards))}</script>
<script type="application/json" id=words>${scriptJson(languages[lang].words.live)}</script>`;
}

/** Where every bot is one shard, every server is on it. */
const isAskedFor = ({ bots }: PublicView, answer: PageAnswer | null): boolean =>
  answer !== null || bots.length === 0 || !bots.every(isOneShard);

/** The worst first, and the worst that has a grid open, beside the switch between grid and list. */
function botsHtml({ view, now, firstShards }: Drawing, voice: PageVoice): string {
  const opened = openBot(view.bots, now);
  const draw = (bot: BotView): string => {
    const standing = view.bots.length === 1 ? 'alone' : bot === opened ? 'open' : 'line';
    const shard = firstShards.find(({ bot: key }) => key === bot.key);
    return botSection(bot, voice, { now, ticking: false }, { standing, shard });
  };
  const sections = worstBotsFirst(view.bots, now).map((bot) =>
    bot === opened ? `<div class=opened>${viewSwitch(voice)}${draw(bot)}</div>` : draw(bot),
  );
  return (opened ? '' : `<div class=opened>${viewSwitch(voice)}</div>`) + sections.join('\n');
}

const unheard = (view: PublicView): boolean => view.bots.every((bot) => bot.heardAt === null);

/** Between grid and list. It needs the script, which shows it; until then it keeps its place. */
function viewSwitch(voice: PageVoice): string {
  const say = escapedSay(voice);
  const choices = (['grid', 'list'] as const).map(
    (view) => `<label><input type=radio name=view value=${view}><span>${say(`view.${view}`)}</span></label>`,
  );
  return `<fieldset id=view-switch class="theme views" hidden><legend>${say('view.label')}</legend>${choices.join('')}</fieldset>`;
}
