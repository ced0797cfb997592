// Signed-in browsers: a cookie that says for which role, until when and which one it is, signed with a key derived from the role's token.
import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** Roles that a browser can sign in for. */
export type SessionRole = 'viewer' | 'operator';

export interface SessionOptions {
  /** The tokens that grant each role. */
  tokens: Record<SessionRole, string[]>;
  /** Browsers reach us over TLS: then the cookie is bound to this host, and never sent in the clear. */
  isSecure: boolean;
}

export interface Session {
  role: SessionRole;
  /** Tells it apart from others of the same token. */
  id: string;
  /** ms since 1970. */
  endsAt: number;
}

export interface Sessions {
  /** The Set-Cookie line for whoever has that token; null: it opens nothing. `now` in ms. */
  open: (token: string, now: number) => { role: SessionRole; cookie: string } | null;
  /** The session of a request with that Cookie header; null: none that is valid now. */
  read: (cookies: string, now: number) => Session | null;
  /** The Set-Cookie line that ends a session. */
  closing: string;
}

const HOURS = 12;
const ROLES: SessionRole[] = ['operator', 'viewer'];
const KEY_BYTES = 32;
const ID_BYTES = 9;

/** Nothing is kept: a session survives a restart, and ends when its token is rotated out. */
export function createSessions({ tokens, isSecure }: SessionOptions): Sessions {
  const name = isSecure ? '__Host-shardlight' : 'shardlight';
  const attributes = `; Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  const keys = ROLES.flatMap((role) =>
    tokens[role].map((token) => ({ role, digest: digest(token), key: keyOf(role, token) })),
  );
  return {
    open: (token, now) => {
      const presented = digest(token);
      const found = keys.filter((one) => timingSafeEqual(one.digest, presented))[0];
      if (!found) return null;
      const id = randomBytes(ID_BYTES).toString('base64url');
      const said = `${found.role}.${Math.floor(now / 1000) + HOURS * 3_600}.${id}`;
      const cookie = `${name}=${said}.${sign(found.key, said)}; Max-Age=${HOURS * 3_600}${attributes}`;
      return { role: found.role, cookie };
    },
    read: (cookies, now) => {
      const [asked, until, id, signature] = (valueOf(cookies, name) ?? '').split('.');
      const endsAt = Number(until) * 1000;
      if (!id || !signature || !/^\d{1,12}$/.test(until ?? '') || endsAt <= now) return null;
      const said = `${asked}.${until}.${id}`;
      const isOurs = (key: Buffer): boolean => isSame(sign(key, said), signature);
      const role = keys.filter((one) => one.role === asked && isOurs(one.key))[0]?.role;
      return role ? { role, id, endsAt } : null;
    },
    closing: `${name}=; Max-Age=0${attributes}`,
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const keyOf = (role: SessionRole, token: string): Buffer =>
  Buffer.from(hkdfSync('sha256', token, '', `shardlight session ${role}`, KEY_BYTES));

const sign = (key: Buffer, text: string): string =>
  createHmac('sha256', key).update(text).digest('base64url');

const isSame = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));

/** The value of a cookie; undefined: it is not there. */
function valueOf(cookies: string, name: string): string | undefined {
  for (const pair of cookies.split(';')) {
    const [key = '', ...value] = pair.split('=');
    if (key.trim() === name) return value.join('=').trim();
  }
  return undefined;
}
