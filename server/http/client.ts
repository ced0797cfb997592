// Who is on the other end: read from the peer's bytes and, behind declared proxies, from what those say; each known once.
import { addressText, clientAddress, household, isProxy, type TrustedProxies } from './address.js';
import type { Client } from './message.js';

export interface Clients {
  of: (peer: ArrayBuffer, forwardedFor: string) => Client;
  /** Whether anybody's X-Forwarded-For counts. */
  readsForwarded: boolean;
}

const MAX_KNOWN = 20_000;
const LOOPBACK = /^(127\.|(0:){7}1$)/;

/**
 * The text of an address costs more than a report's every other look at its head, so it is made once for each peer.
 * `undeclared` hears of peers that say whom they speak for and are no declared proxy.
 */
export function createClients(trusted: TrustedProxies, undeclared: (peer: string) => void): Clients {
  let known = new Map<string, Client>();
  const read = (key: string, peer: ArrayBuffer, forwardedFor: string): Client => {
    const peerText = addressText(new Uint8Array(peer));
    if (forwardedFor !== '' && !isProxy(peerText, trusted)) undeclared(peerText);
    const address = clientAddress(peerText, forwardedFor, trusted);
    const isLocal = forwardedFor === '' && LOOPBACK.test(address);
    const client = { address, household: household(address), isLocal };
    if (known.size >= MAX_KNOWN) known = new Map();
    known.set(key, client);
    return client;
  };
  const readsForwarded = trusted.peer || trusted.list.rules.length > 0;
  return {
    of: (peer, forwardedFor) => {
      const bytes = Buffer.from(peer).toString('latin1');
      const said = readsForwarded || forwardedFor === '' ? forwardedFor : '?';
      const key = said === '' ? bytes : `${bytes} ${said}`;
      return known.get(key) ?? read(key, peer, forwardedFor);
    },
    readsForwarded,
  };
}
