// Whether a host may be called: never a link-local or metadata address, and else what an operator allows.
import { BlockList, isIP } from 'node:net';
import { addRange, isIn, withoutBrackets } from './addresses.js';
import { isMetadataHost } from './metadata-host.js';

/** What an operator allows; `any`: nothing narrows it. Suffixes are in lower case. */
export interface Allow {
  any: boolean;
  list: BlockList;
  suffixes: string[];
}

const SUFFIX = /^\.?[a-z0-9-]+(\.[a-z0-9-]+)*$/;

/** Of addresses, ranges and host suffixes in lower case. Null: one of them is none of these. */
export function allowOf(entries: readonly string[]): Allow | null {
  const list = new BlockList();
  const suffixes = entries.filter((entry) => !addRange(list, entry));
  return suffixes.every((suffix) => SUFFIX.test(suffix))
    ? { any: entries.length === 0, list, suffixes }
    : null;
}

export type Judgement = 'allowed' | 'not-allowed' | 'never' | 'no-host';

/** `host` as in a URL, an IPv6 address in brackets. Addresses in odd spellings (decimal, octal) are read as a browser would. */
export function judgeHost(host: string, allow: Allow): Judgement {
  if (host === '' || !URL.canParse(`http://${host}/`)) return 'no-host';
  const usual = withoutBrackets(new URL(`http://${host}/`).hostname).replace(/\.+$/, '');
  if (isMetadataHost(usual)) return 'never';
  return isAllowed(usual, allow) ? 'allowed' : 'not-allowed';
}

function isAllowed(host: string, { any, list, suffixes }: Allow): boolean {
  if (any || isIn(list, host)) return true;
  if (isIP(host) !== 0) return false;
  return suffixes.some((suffix) =>
    suffix.startsWith('.') ? host.endsWith(suffix) : host === suffix || host.endsWith(`.${suffix}`),
  );
}
