// Which pages of other origins may read our answers: any the public ones, the operator's list all others, refusals included.
import type { Response } from './message.js';

export interface Cors {
  /** Somebody is on the list: only then does an Origin matter. */
  isOn: boolean;
  /** The answer as a page of that origin may read it, or as it was. `isShared`: everybody may. */
  share: (response: Response, origin: string, isShared: boolean) => Response;
  /** The answer to a browser that asks before it asks, or null where nobody would be let in anyway. Needs no token. */
  preflight: (origin: string, isShared: boolean) => Response | null;
}

const FOR_ALL = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
};
/** The contract's words. Cookies are never let through: whoever asks from elsewhere shows a token. */
const FOR_LISTED = {
  'access-control-allow-headers': 'Authorization, Content-Type',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
};

export function createCors(origins: string[]): Cors {
  const isOn = origins.length > 0;
  const listed = new Set(origins);
  const share: Cors['share'] = (response, origin, isShared) => {
    if (isShared) return { ...response, headers: { ...response.headers, ...FOR_ALL } };
    if (!isOn || origin === '' || !listed.has(origin.toLowerCase())) return response;
    const vary = [response.headers?.['vary'], 'origin'].filter((name) => name !== undefined).join(', ');
    const headers = { ...response.headers, ...FOR_LISTED, 'access-control-allow-origin': origin, vary };
    return { ...response, headers };
  };
  const preflight: Cors['preflight'] = (origin, isShared) => {
    if (origin === '' || !(isOn || isShared)) return null;
    const answer = share({ status: 204 }, origin, isShared);
    return isShared ? { ...answer, headers: { ...answer.headers, ...FOR_LISTED } } : answer;
  };
  return { isOn, share, preflight };
}
