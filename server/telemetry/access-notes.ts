// What is said to the operator about requests: who was refused and how to mend it, who is behind a proxy nobody declared, and, for debugging, all.
import type { Audit } from './audit.js';
import { createLimiter } from '../http/limiter.js';
import type { Handler, Head, Request, Response } from '../http/message.js';
import type { SlowAnswer, TransportNotes } from '../http/notes.js';
import type { Route } from '../http/router.js';
import { isFixedHost } from '../http/site.js';
import type { Log } from './logger.js';
import { whyClosedSocket, whyRefused } from './refusal-notes.js';

export interface AccessNotes extends TransportNotes {
  /** A link to the page is shown somewhere, while no public address is configured; said once. */
  previewed: (origin: string) => void;
  /** How many peers said whom they speak for and are no declared proxy; it counts up to 100. */
  undeclaredProxies: () => number;
}

export interface AccessNoteOptions {
  log: Log;
  audit: Audit;
  now: () => number;
  /** Every answer is a line. */
  isDebugged: boolean;
}

const MAX_UNDECLARED = 100; // whoever likes may send that header

export function createAccessNotes({ log, audit, now, isDebugged }: AccessNoteOptions): AccessNotes {
  const mayWarn = createWarningLimit(now);
  const peers = new Set<string>();
  let isUnreadableSaid = false;
  let isPreviewSaid = false;
  const noteRefusal = (head: Head, route: Route | null, response: Response): void => {
    const why = whyRefused(head, route, response);
    if (why === null) return;
    const { address, household } = head.client();
    if (!mayWarn(household, `${response.reason} ${route?.role}`)) return;
    const what = `${head.method} ${withoutIds(head.path)}`;
    log.warn(`${what} refused to ${address} (${response.status}): ${withoutIds(why)}`);
  };
  return {
    turnedAway: (head, route, reason) => {
      if (route.audit) audit(route.audit, '', head.client(), `denied:${reason}`);
    },
    answered: (head, route, response) => {
      if (response.reason !== undefined) noteRefusal(head, route, response);
      if (isDebugged) log.debug(lineOf(head, response));
    },
    closedSocket: (path, household, code, reason) => {
      const why = whyClosedSocket(code, reason);
      if (why !== null && mayWarn(household, `${code}`))
        log.warn(`${path} closed to ${household} (${code}): ${why}`);
    },
    endedSlow: ({ address, household }, slow) => {
      if (mayWarn(household, 'slow')) log.warn(slowWarning(address, slow));
    },
    readsNothing: ({ address, household }) => {
      if (mayWarn(household, 'unread')) log.warn(unreadWarning(address));
    },
    undeclared: (peer) => {
      if (peers.size === 0) log.warn(proxyWarning(peer));
      if (peers.size < MAX_UNDECLARED) peers.add(peer);
    },
    unreadable: (peer, part) => {
      if (!isUnreadableSaid) log.warn(unreadableWarning(peer, part));
      isUnreadableSaid = true;
    },
    previewed: (origin) => {
      if (!isPreviewSaid && !isFixedHost(new URL(origin).hostname)) {
        log.warn(previewWarning(origin));
        isPreviewSaid = true;
      }
    },
    undeclaredProxies: () => peers.size,
    bug: (error) =>
      log.error(`A bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    warn: log.warn,
  };
}

const EACH_A_MINUTE = 1;
/** Whoever has many addresses must not fill the disk with them. */
const ALL_A_MINUTE = 60;

/** One line a minute for each kind and household. */
function createWarningLimit(now: () => number): (household: string, kind: string) => boolean {
  const each = createLimiter(EACH_A_MINUTE);
  const all = createLimiter(ALL_A_MINUTE, 1);
  return (household, kind) => each.take(`${household} ${kind}`, now()) === 0 && all.take('', now()) === 0;
}

/** Reports of anonymous holders in the audit log, under the key of their bot. */
export function audited(what: string, handle: Handler, audit: Audit): Handler {
  const noted = (request: Request, response: Response): Response => {
    const { reason } = response;
    audit(what, request.params['bot'] ?? '', request, reason ? `denied:${reason}` : 'ok');
    return response;
  };
  return (request) => {
    const response = handle(request);
    if (response instanceof Promise) return response.then((later) => noted(request, later));
    return noted(request, response);
  };
}

const proxyWarning = (peer: string): string =>
  `${peer} sends X-Forwarded-For and is no declared proxy, so everybody behind it counts as one address, and all ` +
  `limits hold for them together. If it is your reverse proxy, set SHARDLIGHT_TRUSTED_PROXY=${peer}; ` +
  'if you have none, somebody tries to pass for others, in vain.';

const previewWarning = (origin: string): string =>
  `SHARDLIGHT_PUBLIC_URL is not set, so links and pictures in chats name the host that was asked: ${origin}. ` +
  'Set it to the address that people know.';

const slowWarning = (address: string, { sentBytes, totalBytes, seconds }: SlowAnswer): string =>
  `an answer to ${address} was ended: in ${seconds} s it read ${sentBytes} of ${totalBytes} bytes. A slow line does ` +
  'that once in a while; whoever does it all the time wants to use up the room for large answers, so block that address.';

const unreadWarning = (address: string): string =>
  `a connection of ${address} was ended: it sent request after request without reading the answers. ` +
  'No browser and no bot does that: block that address.';

const MAX_PART = 60;

const unreadableWarning = (peer: string, part: string): string =>
  `the proxy ${peer} sends X-Forwarded-For with ${JSON.stringify(withoutIds(part.slice(0, MAX_PART)))}, which is no IP address: ` +
  'visitors that it names so count as one, by the address of the proxy. Let it send the address that visitors come from.';

const MAX_SAID = 600;

/** Ids of servers and people are in no log line. */
const withoutIds = (text: string): string => text.slice(0, MAX_SAID).replace(/\d{15,}/g, '…');

const lineOf = ({ method, path, query }: Head, { status }: Response): string =>
  `${method} ${withoutIds(path)}${namesOf(query)} ${status}`;

/** Tokens and server ids are values. */
function namesOf(query: string): string {
  if (query === '') return '';
  return `?${[...new URLSearchParams(query).keys()].map((name) => `${withoutIds(name)}=…`).join('&')}`;
}
