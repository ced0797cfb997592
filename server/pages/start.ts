// Help for a new install: the lines that light up the first shard, with this server's address filled in.
import { INSTALL_IN_BOT, INSTALL_NOTE } from '../../public/shared/distribution.js';
import { escapeHtml } from '../../public/shared/escape.js';
import { escapedSay, type PageVoice } from '../../public/shared/voice.js';
import { discordJs } from '../../public/shared/snippets.js';
import type { PublicView } from '../../public/shared/wire.js';

export interface Start {
  view: PublicView;
  origin: string;
  needsToken: boolean;
  voice: PageVoice;
}

export function startHelp({ view, origin, needsToken, voice }: Start): string {
  const say = escapedSay(voice);
  const token = needsToken ? `<p>${say('start.token')}</p>` : '';
  return `<section id=start class=start aria-labelledby=start-title>
<h2 id=start-title>${say('start.title')}</h2>
<p>${say('start.curl')}</p>
<pre tabindex=0 aria-label=curl><code>${escapeHtml(curlLines(view, origin, needsToken))}</code></pre>
${token}
<p>${say('start.discordJs')}</p>
<pre tabindex=0 aria-label=discord.js><code>${escapeHtml(discordJsLines(view, origin, needsToken))}</code></pre>
<p>${say('start.glance')} <code>${escapeHtml(origin)}</code></p>
<p>${say('start.argus')} <code>ARGUS_FLEET_URL=${escapeHtml(origin)}</code></p>
</section>`;
}

/** Installing it, and the three lines, for the first bot that is known. */
function discordJsLines({ bots }: PublicView, origin: string, needsToken: boolean): string {
  const note = INSTALL_NOTE === '' ? '' : `   # ${INSTALL_NOTE}`;
  return `${INSTALL_IN_BOT}${note}\n\n${discordJs(needsToken ? '<token>' : null, origin, bots)}`;
}

/** One report by the batch route, for the first bot that is known; any key will do while none is. */
export function curlLines({ bots }: PublicView, origin: string, needsToken: boolean): string {
  const bot = bots[0];
  const report = {
    shard_count: bot?.shardCount ?? 1,
    shards: [{ id: 0, state: 'online', latency_ms: 41.2 }],
  };
  const token = needsToken ? " -H 'Authorization: Bearer <token>'" : '';
  return `curl -X POST ${origin}/api/bots/${bot?.key ?? 'main'}/shards \\
  -H 'Content-Type: application/json'${token} \\
  -d '${JSON.stringify(report)}'`;
}
