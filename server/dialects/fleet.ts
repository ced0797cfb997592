// The dialect of Argus's fleets: JSON, and refusals in a line of text for whoever does not ask for JSON.
import type { Dialect, Reason } from '../http/refusal.js';
import { jsonError } from './json.js';
import { textError } from './plain.js';

/** The contract has these without a line end: they are not Argus's own, but those of its HTTP library. */
const OF_ITS_LIBRARY: readonly Reason[] = ['wrong-method', 'too-large'];

export const fleet: Dialect = {
  name: 'fleet',
  words: { unauthorized: 'unauthorized', 'wrong-method': '405: Method Not Allowed' },
  tooOften: 'read rate exceeded',
  toRaise: 'SHARDLIGHT_HEARTBEAT_BURST or SHARDLIGHT_REGISTER_BURST',
  tokenFirst: true,
  reads: ['accept'],
  write: (reason, error, { accept }) =>
    accept.includes('application/json')
      ? jsonError(error)
      : textError(error, OF_ITS_LIBRARY.includes(reason) ? '' : '\n'),
};
