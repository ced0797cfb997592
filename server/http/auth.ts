// Who may do what: tokens per role, compared in constant time, read from the header or the query.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Role } from './router.js';

export interface Access {
  /** Tokens that grant ingest. */
  ingestTokens: string[];
  /** Without tokens, ingest is open to whoever reaches us: on loopback, or by explicit insecurity. */
  openWithoutTokens: boolean;
}

export type Guard = (role: Role, authorization: string, queryToken: string | null) => boolean;

/** Comparing digests takes the same time whatever the lengths, and every token is always looked at. */
export function createGuard(access: Access): Guard {
  const digests = access.ingestTokens.map(digest);
  const isGranted = (token: string): boolean => {
    const presented = digest(token);
    return digests.reduce((granted, known) => timingSafeEqual(known, presented) || granted, false);
  };
  return (role, authorization, queryToken) => {
    if (role === 'public') return true;
    if (digests.length === 0) return access.openWithoutTokens;
    return isGranted(presentedToken(authorization, queryToken));
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** `Bearer <token>` in any case, Glance's bare passphrase, else `?token=`. A bearer header rules the query out. */
function presentedToken(authorization: string, queryToken: string | null): string {
  const bearer = /^bearer +(.*)$/i.exec(authorization)?.[1];
  if (bearer !== undefined) return bearer.trim();
  return queryToken ?? authorization.trim();
}
