// The public's questions in JSON: the whole view, where a guild is, one shard.
import { readGuild, type GuildQuery } from '../../public/shared/guild.js';
import { englishUtc } from '../../public/shared/languages.js';
import type { PublicView, ShardView } from '../../public/shared/wire.js';
import { tagOf } from '../core/views/view.js';
import { answerJson, json, JSON_HEADERS } from '../dialects/json.js';
import { createCache, createDocument, send } from '../http/cached.js';
import type { Handler, Request, Response } from '../http/message.js';
import { refuse } from '../http/refusal.js';

export interface PublicSources {
  view: () => PublicView;
  /** Undefined when there is no such bot or shard. */
  shard: (bot: string, shard: number) => ShardView | undefined;
  lookup: (query: GuildQuery) => ShardView[];
  now: () => number;
}

export type PublicApi = Record<'view' | 'lookup' | 'shard', Handler>;

const voice = englishUtc();
const VIEW_AGE_MS = 1_000;
const SHORTLY = { ...JSON_HEADERS, 'cache-control': 'public, max-age=1, stale-while-revalidate=5' };

export function createPublicApi(sources: PublicSources): PublicApi {
  const { view, shard, now } = sources;
  const cache = createCache(VIEW_AGE_MS, now);
  return {
    view: (request) => {
      const document = cache(`${view().version}`, () => {
        return createDocument(JSON.stringify(view()), tagOf(view()), SHORTLY);
      });
      return send(document, request);
    },
    lookup: (request) => answerLookup(request, sources),
    shard: ({ params, headers }) => {
      const found = shard(params['bot'] ?? '', Number(params['shard']));
      if (found) return answerJson(found, SHORTLY);
      return refuse(unknownShard(params['bot'] ?? '', params['shard'] ?? '', view()), json, headers);
    },
  };
}

function answerLookup({ query, headers }: Request, { lookup }: PublicSources): Response {
  const read = readGuild(query.get('guild') ?? '');
  if (!read.ok) {
    const error = `guild: ${voice.say(`refused.${read.reason}`)}`;
    return refuse({ reason: 'bad-request', error }, json, headers);
  }
  const guild = read.query.kind === 'guild' ? read.query.id : '@me';
  return answerJson({ guild, bots: lookup(read.query) });
}

function unknownShard(bot: string, shard: string, { bots }: PublicView): Parameters<typeof refuse>[0] {
  const known = bots.find((one) => one.key === bot);
  if (!known) return { reason: 'unknown-bot', error: `bot '${bot.slice(0, 64)}' does not exist` };
  const error = `shard '${shard.slice(0, 20)}' is outside 0..${known.shardCount - 1} of bot '${known.key}'`;
  return { reason: 'unknown-shard', error };
}
