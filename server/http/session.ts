// Signed-in browsers: a cookie that says for which role, until when and which one it is, signed with a key derived from the role's token.
import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** Roles that a browser can sign in for. */
export type SessionRole = 'viewer' | 'operator';

export interface SessionOptions {
  /** The tokens that grant each role. */
  tokens: Record<SessionRole, string[]>;
  /** The path that our pages are under; "": all of the host's. */
  base: string;
}

export interface Session {
  role: SessionRole;
  /** Tells it apart from others of the same token. */
  id: string;
  /** ms since 1970. */
  endsAt: number;
}

export interface Sessions {
  /** The Set-Cookie line for whoever has that token; null: it opens nothing. `isSecure`: for TLS only. `now` in ms. */
  open: (token: string, isSecure: boolean, now: number) => { role: SessionRole; cookie: string } | null;
  /** The session of a request with that Cookie header; null: none that is valid now. */
  read: (cookies: string, now: number) => Session | null;
  /** The Set-Cookie line that ends the session of that Cookie header. */
  closing: (cookies: string) => string;
}

const HOURS = 12;
const ROLES: SessionRole[] = ['operator', 'viewer'];
const KEY_BYTES = 32;
const ID_BYTES = 9;

/** Nothing is kept: a session survives a restart, and ends when its token is rotated out. */
export function createSessions({ tokens, base }: SessionOptions): Sessions {
  // Browsers keep the first from ever being sent in the clear, and, without a path, from being set by another host.
  const names = [base === '' ? '__Host-shardlight' : '__Secure-shardlight', PLAIN] as const;
  const attributesOf = (name: string): string =>
    `; Path=${base || '/'}; HttpOnly; SameSite=Strict${name === PLAIN ? '' : '; Secure'}`;
  const keys = ROLES.flatMap((role) =>
    tokens[role].map((token) => ({ role, digest: digest(token), key: keyOf(role, token) })),
  );
  return {
    open: (token, isSecure, now) => {
      const presented = digest(token);
      const found = keys.filter((one) => timingSafeEqual(one.digest, presented))[0];
      if (!found) return null;
      const id = randomBytes(ID_BYTES).toString('base64url');
      const said = `${found.role}.${Math.floor(now / 1000) + HOURS * 3_600}.${id}`;
      const name = isSecure ? names[0] : PLAIN;
      const cookie = `${name}=${said}.${sign(found.key, said)}; Max-Age=${HOURS * 3_600}${attributesOf(name)}`;
      return { role: found.role, cookie };
    },
    read: (cookies, now) => {
      const values = names.flatMap((name) => valuesOf(cookies, name)).slice(0, MOST_COOKIES);
      for (const value of values) {
        const session = readValue(value, keys, now);
        if (session) return session;
      }
      return null;
    },
    closing: (cookies) => {
      const name = names.find((one) => valuesOf(cookies, one).length > 0) ?? PLAIN;
      return `${name}=; Max-Age=0${attributesOf(name)}`;
    },
  };
}

const PLAIN = 'shardlight';
/** Two paths of a host may each have one of a name; more are made up. */
const MOST_COOKIES = 4;

interface Key {
  role: SessionRole;
  key: Buffer;
}

function readValue(value: string, keys: readonly Key[], now: number): Session | null {
  const [asked, until, id, signature] = value.split('.');
  const endsAt = Number(until) * 1000;
  if (!id || !signature || !/^\d{1,12}$/.test(until ?? '') || endsAt <= now) return null;
  const said = `${asked}.${until}.${id}`;
  const isOurs = (key: Buffer): boolean => isSame(sign(key, said), signature);
  const role = keys.filter((one) => one.role === asked && isOurs(one.key))[0]?.role;
  return role ? { role, id, endsAt } : null;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const keyOf = (role: SessionRole, token: string): Buffer =>
  Buffer.from(hkdfSync('sha256', token, '', `shardlight session ${role}`, KEY_BYTES));

const sign = (key: Buffer, text: string): string =>
  createHmac('sha256', key).update(text).digest('base64url');

const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

/** The values that a cookie has; browsers send one for each path that it was set for. */
const valuesOf = (cookies: string, name: string): string[] =>
  cookies.split(';').flatMap((pair) => {
    const [key = '', ...value] = pair.split('=');
    return key.trim() === name ? [value.join('=').trim()] : [];
  });
