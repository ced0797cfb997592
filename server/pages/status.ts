// The public status page as HTML, complete without JavaScript. It never contains a guild ID, so answers are cacheable by shard.
import { anchorOf } from '../../public/shared/answer.js';
import { escapeHtml, scriptJson } from '../../public/shared/escape.js';
import { packView } from '../../public/shared/page-data.js';
import { botSection } from '../../public/shared/section.js';
import type { Mark } from '../../public/shared/tile.js';
import { verdictOf, type Verdict } from '../../public/shared/verdict.js';
import { englishUtc, escapedSay, type PageVoice } from '../../public/shared/voice.js';
import type { BotView, PublicView } from '../../public/shared/wire.js';
import { answerSlot, type PageAnswer } from './answer.js';
import type { PageAssets } from './assets.js';
import { htmlDocument } from './document.js';
import { footer, lookupForm } from './parts.js';
import { startHelp } from './start.js';

export type { PageAnswer } from './answer.js';

export interface StatusPage {
  view: PublicView;
  now: number;
  answer: PageAnswer | null;
  /** Where this server is reached, for the curl lines: "https://status.example.com". */
  origin: string;
  /** Whether reports need a token, for the curl lines. */
  needsToken: boolean;
  assets: PageAssets;
}

export function statusPage(input: StatusPage): string {
  const { view, now, assets } = input;
  const voice = englishUtc();
  const verdict = verdictOf(view, voice, now);
  return htmlDocument({
    lang: voice.lang,
    title: `${verdict.short} · ${view.title}`,
    group: verdict.group,
    root: { 'data-version': `${view.version}`, 'data-epoch': view.epoch, 'data-at': `${view.at}` },
    body: body(input, verdict, voice),
    assets,
    withScript: true,
  });
}

function body(
  { view, now, answer, origin, needsToken }: StatusPage,
  verdict: Verdict,
  voice: PageVoice,
): string {
  const say = escapedSay(voice);
  return `<a class=skip href="#bots">${say('page.skip')}</a>
<header class=top><a href="/" class=site>${escapeHtml(view.title)}</a>
<p id=connection role=status>${say('page.asOf', { clock: voice.exactClock(view.at) })}</p></header>
<main>
<div id=verdict class="verdict ${verdict.group}" role=status><h1>${escapeHtml(verdict.sentence)}</h1></div>
${lookupForm(voice)}
${answerSlot(answer, view, now, voice)}
<div id=bots tabindex=-1>
${view.bots.map((bot) => botSection(bot, voice, { now, ticking: false }, markOn(bot, answer))).join('\n')}
</div>
${unheard(view) ? startHelp({ view, origin, needsToken, voice }) : ''}
</main>
${footer(voice)}
<script type="application/json" id=view>${scriptJson(packView(view))}</script>`;
}

const unheard = (view: PublicView): boolean => view.bots.every((bot) => bot.heardAt === null);

/** Every bot has a shard for the server; each is marked in its grid. */
function markOn(bot: BotView, answer: PageAnswer | null): Mark | undefined {
  if (answer?.kind !== 'found') return undefined;
  const index = answer.bots.findIndex((shard) => shard.bot === bot.key);
  return index < 0 ? undefined : { shard: answer.bots[index]!.shard, anchor: anchorOf(index, bot.key) };
}
