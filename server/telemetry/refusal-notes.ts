// Why a request was refused or a socket closed, and how to mend it: in words for the operator's log.
import { CLOSE_BAD_FRAME } from '../../public/shared/operator-wire.js';
import { CLOSE_TOO_MANY } from '../../public/shared/wire.js';
import type { Head, Response } from '../http/message.js';
import type { Route } from '../http/router.js';

type Refusal = Pick<Response, 'reason' | 'error' | 'whom'>;

/** Null: the operator need not know. A member that is not known registers, and crawlers ask for any address. */
export function whyRefused(head: Head, route: Route | null, refusal: Refusal): string | null {
  const { reason = '', error = '', whom } = refusal;
  switch (reason) {
    case 'unauthorized':
      return error || 'no token, or one that is not valid here. Check the token that it sends';
    case 'cross-origin':
      return error || otherOrigin(head);
    case 'too-often':
      return `${error || 'too many requests'}. ${slowDown(route)}`;
    case 'busy':
      return `${error || 'too many large answers are under way or in line'}. ${BUSY}`;
    case 'leased':
      return `${error}${named(whom)}. If two processes share this identity, give each its own; else release the lease in the operator view`;
    case 'too-many-clusters':
      return `${error}${named(whom)}. Raise SHARDLIGHT_MAX_CLUSTERS, or forget clusters that are gone for good`;
    case 'banned':
      return `${error}${named(whom)}. An operator banned it; take the ban back by POST /api/operator/ban`;
    case 'too-many-fleets':
      return `${error}${named(whom)}. If these are your bots, raise it; a made-up fleet is a sign of a leaked token`;
    case 'too-many-shards':
    case 'too-many-claims':
      return `${error}${named(whom)}. If these are your bots, raise it; else see which clusters you do not know, ban and forget them`;
    case 'other-bot':
      return `a token that SHARDLIGHT_BOT_TOKENS gives to one bot was used for another${named(whom)}. Give that bot a token of its own`;
    case 'still-up':
    case 'too-many-bots':
      return error;
    default:
      return route?.role === 'ingest' ? whyNoReport(refusal) : null;
  }
}

function whyNoReport({ reason = '', error = '', whom }: Refusal): string | null {
  const said = `${error}${named(whom)}.`;
  switch (reason) {
    case 'bad-request':
    case 'bad-encoding':
    case 'unknown-state':
      return `${said} Nothing of the report was used: correct what sends it`;
    case 'unknown-bot':
      return `${said} Add the bot to SHARDLIGHT_BOTS, or correct the key in the report`;
    case 'unknown-shard':
      return `${said} Correct the bot's shard count, or what sends the report`;
    case 'unpopulated-shard':
      return `${said} A shard's state has to come before its health`;
    case 'too-large':
      return `${said} Make reports smaller, or raise SHARDLIGHT_MAX_BODY_BYTES`;
    default:
      return null;
  }
}

function otherOrigin({ headers }: Head): string {
  const { origin, host } = headers;
  return (
    `a page of ${origin === '' ? 'an origin that it did not name' : short(origin)} asked, and this is ${short(host)}. ` +
    'If people open your page there, set SHARDLIGHT_PUBLIC_URL to that address; ' +
    'if not, a page that is not yours tried to use a browser that is signed in here'
  );
}

function slowDown(route: Route | null): string {
  if (route?.role === 'ingest')
    return route.dialect.toRaise
      ? `If these are your bots, raise ${route.dialect.toRaise}`
      : 'Send only what changed, all shards of a bot in one report';
  if (route?.rate === 'read') return 'If this is a reader of yours, raise SHARDLIGHT_READ_BURST';
  return 'If everybody comes from this address, name your reverse proxy in SHARDLIGHT_TRUSTED_PROXY';
}

const BUSY =
  'If everybody comes from this address, name your reverse proxy in SHARDLIGHT_TRUSTED_PROXY; ' +
  'if one address does this all the time, block it';

/** Null: it is no refusal. */
export function whyClosedSocket(code: number, reason: string): string | null {
  if (code === CLOSE_BAD_FRAME) return `${short(reason)}. A page of another version does this: reload it`;
  if (code !== CLOSE_TOO_MANY) return null;
  return (
    `${short(reason)}. If everybody comes from this address, name your reverse proxy in SHARDLIGHT_TRUSTED_PROXY; ` +
    'if many people share it, raise SHARDLIGHT_MAX_SOCKETS_PER_ADDRESS'
  );
}

const named = (whom: string | undefined): string => (whom === undefined ? '' : ` (identity ${short(whom)})`);

const MAX_SHORT = 100;

/** What strangers wrote takes only so much room. */
const short = (text: string): string => text.slice(0, MAX_SHORT);
