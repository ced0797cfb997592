// The dialect of Glance: JSON, but plain text where an address is unknown or asked in the wrong way.
import type { Dialect, Reason } from '../http/refusal.js';
import { jsonError } from './json.js';
import { textError } from './plain.js';

/** Contract of the original. */
const AS_TEXT: readonly Reason[] = ['unknown-path', 'wrong-method', 'not-an-upgrade'];

export const glance: Dialect = {
  name: 'glance',
  words: { unauthorized: 'this endpoint requires authorization' },
  write: (reason, error) => (AS_TEXT.includes(reason) ? textError(error) : jsonError(error)),
};
