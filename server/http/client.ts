// Who is on the other end: read from the peer's bytes and, behind declared proxies, from what those say; each known once.
import { ownText } from '../core/own-text.js';
import { isIn, isLoopback } from '../outbound/addresses.js';
import { addressText, household, visitorOf, type TrustedProxies } from './address.js';
import type { Client } from './message.js';
import type { TransportNotes } from './notes.js';

type Notes = Pick<TransportNotes, 'undeclared' | 'unreadable'>;

export interface Clients {
  of: (peer: ArrayBuffer, forwardedFor: string) => Client;
  /** Whether anybody's X-Forwarded-For counts. */
  readsForwarded: boolean;
}

/** What is known of an address, whoever it is. */
interface Known {
  /** It names nobody else. */
  alone: Client;
  /** A declared proxy asks for it. */
  proxied: Client;
  /** It names somebody else, and nobody declared it. */
  undeclared: Client;
  isInList: boolean;
}

/** By address and never by header, which whoever likes may fill. */
const MAX_KNOWN = 10_000;

/** The text of an address costs more than a report's every other look at its head, so it is made once for each peer. */
export function createClients({ peer: isAnyProxy, list }: TrustedProxies, notes: Notes): Clients {
  const peers = createKept<string>();
  const known = createKept<Known>();
  const knownOf = (address: string): Known => known(address, (own) => read(own, isAnyProxy, list));
  const isOurProxy = (address: string): boolean => knownOf(address).isInList;
  return {
    of: (peer, forwardedFor) => {
      const bytes = Buffer.from(peer);
      const address = peers(bytes.toString('latin1'), () => addressText(bytes));
      if (forwardedFor === '') return knownOf(address).alone;
      if (!isAnyProxy && !isOurProxy(address)) {
        notes.undeclared(address);
        return knownOf(address).undeclared;
      }
      const visitor = visitorOf(address, forwardedFor, isOurProxy);
      if (visitor.unreadable !== null) notes.unreadable(address, visitor.unreadable);
      return knownOf(visitor.address).proxied;
    },
    readsForwarded: isAnyProxy || list.rules.length > 0,
  };
}

function read(address: string, isAnyProxy: boolean, list: TrustedProxies['list']): Known {
  const isInList = isIn(list, address);
  const undeclared = { address, household: household(address), isLocal: false, isProxied: false };
  const proxied = { ...undeclared, isProxied: true };
  const alone = { ...undeclared, isLocal: isLoopback(address), isProxied: isAnyProxy || isInList };
  return { alone, proxied, undeclared, isInList };
}

/** An address out of a header of 16 KB would keep all of that. */
function createKept<T>(): (key: string, make: (ownKey: string) => T) => T {
  let kept = new Map<string, T>();
  return (key, make) => {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const own = ownText(key);
    const made = make(own);
    if (kept.size >= MAX_KNOWN) kept = new Map();
    kept.set(own, made);
    return made;
  };
}
