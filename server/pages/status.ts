// The public status page as HTML, complete without JavaScript. It never contains a guild ID, so answers are cacheable by shard.
import { anchorOf } from '../../public/shared/answer.js';
import { escapeHtml, scriptJson } from '../../public/shared/escape.js';
import { incidentsSection } from '../../public/shared/incidents.js';
import { languages, voiceIn } from '../../public/shared/languages.js';
import { packView } from '../../public/shared/page-data.js';
import { isOneShard, openBot, worstBotsFirst } from '../../public/shared/bots.js';
import { botSection, type Drawing } from '../../public/shared/section.js';
import type { Mark } from '../../public/shared/tile.js';
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
import { footer, lookupForm } from './parts.js';
import { startHelp } from './start.js';
import { viewSwitch } from './view-switch.js';

export type { PageAnswer } from './answer.js';

export interface StatusPage {
  view: PublicView;
  now: number;
  answer: PageAnswer | null;
  /** Shard 0 of each bot, for those that are one shard. */
  firstShards: ShardView[];
  /** Where this server is reached, for the curl lines: "https://status.example.com". */
  origin: string;
  /** Whether reports need a token, for the curl lines. */
  needsToken: boolean;
  /** As configured, for what chats show of the page; null: not known. */
  publicUrl: string | null;
  choice: Choice;
  assets: PageAssets;
}

export function statusPage(input: StatusPage): string {
  const { view, now, choice, assets } = input;
  const voice = voiceIn(choice.lang);
  const verdict = verdictOf(view, voice, now);
  return htmlDocument({
    lang: voice.lang,
    title: `${verdict.short} · ${view.title}`,
    group: verdict.group,
    head: head(input, verdict, voice),
    root: { 'data-version': `${view.version}`, 'data-epoch': view.epoch, 'data-at': `${view.at}` },
    body: body(input, verdict, voice),
    assets,
    withScript: true,
  });
}

/** Answers are for whoever asked, not for search engines: their addresses hold guild IDs. */
function head({ view, now, answer, publicUrl }: StatusPage, verdict: Verdict, voice: PageVoice): string {
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

function body(input: StatusPage, verdict: Verdict, voice: PageVoice): string {
  const { view, now, answer, origin, needsToken, choice, assets, firstShards } = input;
  const say = escapedSay(voice);
  const isUnheard = unheard(view);
  const lookup = { answer: answerSlot(answer, view, now, voice), isHidden: !isAskedFor(view, answer) };
  return `<a class=skip href="#bots">${say('page.skip')}</a>
<header class=top><a href="${escapeHtml(homeOf(choice, assets.base))}" class=site>${logoImage(assets)}<span>${escapeHtml(view.title)}</span></a>
<p id=connection role=status>${say('page.asOf', { clock: voice.exactClock(view.at) })}</p></header>
<main${isUnheard ? ' class=unheard' : ''}>
<div id=verdict class="verdict ${verdict.group}" data-room="${escapeHtml(verdictRoom(view, voice))}"><div>
<div role=status><h1>${escapeHtml(verdict.sentence)}</h1></div>
${heardHtml(heardOnPage(view.bots, firstShards[0], voice, { now, ticking: false }))}</div></div>
${isUnheard ? startHelp({ view, origin, needsToken, voice }) : ''}
<div class=first>
${lookupForm(voice, choice, lookup, assets)}
${incidentsSection(view, now, voice)}
</div>
<div id=bots tabindex=-1>
${botsHtml(input, voice)}
</div>
</main>
${footer(voice, assets)}
<script type="application/json" id=view>${scriptJson(packView(view, firstShards))}</script>
<script type="application/json" id=words>${scriptJson(languages[choice.lang].words.live)}</script>`;
}

/** Where every bot is one shard, every server is on it. */
const isAskedFor = ({ bots }: PublicView, answer: PageAnswer | null): boolean =>
  answer !== null || bots.length === 0 || !bots.every(isOneShard);

/** The worst first, and the worst that has a grid open, beside the switch between grid and list. */
function botsHtml({ view, now, answer, firstShards }: StatusPage, voice: PageVoice): string {
  const opened = openBot(view.bots, now);
  const draw = (bot: BotView): string => {
    const standing = view.bots.length === 1 ? 'alone' : bot === opened ? 'open' : 'line';
    const shard = firstShards.find(({ bot: key }) => key === bot.key);
    const drawing: Drawing = { standing, mark: markOn(bot, answer), shard };
    return botSection(bot, voice, { now, ticking: false }, drawing);
  };
  const sections = worstBotsFirst(view.bots, now).map((bot) =>
    bot === opened ? `<div class=opened>${viewSwitch(voice)}${draw(bot)}</div>` : draw(bot),
  );
  return (opened ? '' : `<div class=opened>${viewSwitch(voice)}</div>`) + sections.join('\n');
}

const unheard = (view: PublicView): boolean => view.bots.every((bot) => bot.heardAt === null);

/** Every bot has a shard for the server; each is marked in its grid. */
function markOn(bot: BotView, answer: PageAnswer | null): Mark | undefined {
  if (answer?.kind !== 'found') return undefined;
  const index = answer.bots.findIndex((shard) => shard.bot === bot.key);
  return index < 0 ? undefined : { shard: answer.bots[index]!.shard, anchor: anchorOf(index, bot.key) };
}
