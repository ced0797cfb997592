// What the page asks the server for beside the socket: the session, a search, and the operator's actions.
import { BASE } from '../shared/base.js';
import type { SearchHit, SearchView, SessionView } from '../shared/operator-wire.js';
import { words } from './words.js';

/** What came of a request that changes something. */
export type Outcome = { ok: true } | { ok: false; why: string };

/** An operator's word, as the server takes it. */
export type Action =
  | { path: 'forget'; body: { identity: string } }
  | { path: 'release-lease'; body: { identity: string } }
  | { path: 'bot'; body: { bot: string; name: string | null; shard_count: number | null } }
  | { path: 'ban'; body: { glob: string; banned: boolean } }
  | { path: 'assign'; body: { identity: string; bot: string | null } };

const TIMEOUT_MS = 15_000;

/** Null: the server did not answer. It is asked whether a socket may be opened from here, for that itself does not say. */
export async function askSession(): Promise<SessionView | null> {
  const response = await send('GET', `/api/session?from=${encodeURIComponent(location.origin)}`);
  return response?.ok ? ((await response.json()) as SessionView) : null;
}

export async function signIn(token: string): Promise<Outcome> {
  return outcomeOf(await send('POST', '/api/session', { token }));
}

export async function signOut(): Promise<Outcome> {
  return outcomeOf(await send('DELETE', '/api/session'));
}

export async function act({ path, body }: Action): Promise<Outcome> {
  return outcomeOf(await send('POST', `/api/operator/${path}`, body));
}

/** Null: it could not be asked. */
export async function search(text: string): Promise<SearchHit[] | null> {
  const response = await send('GET', `/api/operator/search?q=${encodeURIComponent(text)}`);
  return response?.ok ? ((await response.json()) as SearchView).hits : null;
}

async function send(method: string, path: string, body?: unknown): Promise<Response | null> {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  try {
    return await fetch(BASE + path, { method, headers, ...content, signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch {
    return null;
  }
}

async function outcomeOf(response: Response | null): Promise<Outcome> {
  if (!response) return { ok: false, why: words.noAnswer };
  if (response.ok) return { ok: true };
  return { ok: false, why: (await errorOf(response)) ?? words.refused(response.status) };
}

/** The server's own sentence; undefined: it is none of ours, but a proxy's page. */
async function errorOf(response: Response): Promise<string | undefined> {
  try {
    const { error } = (await response.json()) as { error?: unknown };
    return typeof error === 'string' && error !== '' ? sentence(error) : undefined;
  } catch {
    return undefined;
  }
}

export const sentence = (text: string): string =>
  `${text[0]!.toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
