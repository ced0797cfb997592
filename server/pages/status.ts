// The public status page as HTML, complete without JavaScript. It never contains a guild ID, so answers are cacheable by shard.
import { anchorOf } from '../../public/shared/answer.js';
import { escapeHtml, scriptJson } from '../../public/shared/escape.js';
import { incidentsSection } from '../../public/shared/incidents.js';
import { languages, voiceIn } from '../../public/shared/languages.js';
import { packView } from '../../public/shared/page-data.js';
import { botSection } from '../../public/shared/section.js';
import type { Mark } from '../../public/shared/tile.js';
import { verdictOf, verdictRoom, type Verdict } from '../../public/shared/verdict.js';
import { escapedSay, type PageVoice } from '../../public/shared/voice.js';
import type { BotView, PublicView } from '../../public/shared/wire.js';
import { answerSlot, type PageAnswer } from './answer.js';
import type { PageAssets } from './assets.js';
import { logoImage } from './brand.js';
import { cardPath } from './card-handler.js';
import { htmlDocument } from './document.js';
import { embedTags } from './embed.js';
import { homeOf, type Choice } from './language.js';
import { footer, lookupForm } from './parts.js';
import { startHelp } from './start.js';
import { viewSwitch } from './view-switch.js';

export type { PageAnswer } from './answer.js';

export interface StatusPage {
  view: PublicView;
  now: number;
  answer: PageAnswer | null;
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
    robots + embedTags({ view, now, answer, publicUrl, verdict, voice, cardPath: cardPath(view, voice.lang) })
  );
}

function body(
  { view, now, answer, origin, needsToken, choice, assets }: StatusPage,
  verdict: Verdict,
  voice: PageVoice,
): string {
  const say = escapedSay(voice);
  return `<a class=skip href="#bots">${say('page.skip')}</a>
<header class=top><a href="${homeOf(choice)}" class=site>${logoImage(assets.brand)}<span>${escapeHtml(view.title)}</span></a>
<p id=connection role=status>${say('page.asOf', { clock: voice.exactClock(view.at) })}</p></header>
<main>
<div id=verdict class="verdict ${verdict.group}" data-room="${escapeHtml(verdictRoom(view, voice))}" role=status><h1>${escapeHtml(verdict.sentence)}</h1></div>
${lookupForm(voice, choice)}
<div class=lookedup>${answerSlot(answer, view, now, voice)}
<div id=bots tabindex=-1>
${viewSwitch(voice)}
${view.bots.map((bot) => botSection(bot, voice, { now, ticking: false }, markOn(bot, answer))).join('\n')}
</div></div>
${unheard(view) ? startHelp({ view, origin, needsToken, voice }) : ''}
${incidentsSection(view, now, voice)}
</main>
${footer(voice, assets.brand)}
<script type="application/json" id=view>${scriptJson(packView(view))}</script>
<script type="application/json" id=words>${scriptJson(languages[choice.lang].words.live)}</script>`;
}

const unheard = (view: PublicView): boolean => view.bots.every((bot) => bot.heardAt === null);

/** Every bot has a shard for the server; each is marked in its grid. */
function markOn(bot: BotView, answer: PageAnswer | null): Mark | undefined {
  if (answer?.kind !== 'found') return undefined;
  const index = answer.bots.findIndex((shard) => shard.bot === bot.key);
  return index < 0 ? undefined : { shard: answer.bots[index]!.shard, anchor: anchorOf(index, bot.key) };
}
