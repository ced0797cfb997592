// The head of a response as one text: handing uWebSockets.js each header by itself costs more than all else about a 204.
import { STATUS_CODES } from 'node:http';
import type { Response } from './message.js';

export type HeadText = (response: Response) => string;

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'x-frame-options': 'DENY',
};
/** Only where people come over TLS: elsewhere browsers ignore it, and it would promise what is not so. */
const FOR_TLS = { 'strict-transport-security': 'max-age=31536000' };
const BARE_CSP = { 'content-security-policy': "default-src 'none'; frame-ancestors 'none'" };

/**
 * Status line without its "HTTP/1.1 ", and the headers, for `writeStatus`: uWebSockets.js copies it as it is and adds the
 * last line's end. So a value that held a line's end would be a header of its own: here is where none gets through.
 */
export function createHeadText(isHttps: boolean): HeadText {
  const security = linesOf({ ...SECURITY_HEADERS, ...(isHttps ? FOR_TLS : {}) });
  const bareCsp = linesOf(BARE_CSP);
  const ofStatus = new Map<number, string>();
  const ofFrozen = new WeakMap<object, { status: number; text: string }>();
  const compose = ({ status, headers = {} }: Response): string => {
    const csp = 'content-security-policy' in headers ? '' : bareCsp;
    return `${status} ${STATUS_CODES[status] ?? ''}${security}${csp}${linesOf(headers)}`;
  };
  return (response) => {
    const { status, headers } = response;
    if (!headers) return ofStatus.get(status) ?? keep(ofStatus, status, compose(response));
    const kept = ofFrozen.get(headers);
    if (kept?.status === status) return kept.text;
    const text = compose(response);
    if (Object.isFrozen(headers)) ofFrozen.set(headers, { status, text });
    return text;
  };
}

const linesOf = (headers: Readonly<Record<string, string>>): string => {
  let lines = '';
  for (const name in headers) lines += `\r\n${name}: ${withoutControls(headers[name]!)}`;
  return lines;
};

const withoutControls = (value: string): string => value.replace(/[\u0000-\u001f\u007f]/g, ' ');

function keep(kept: Map<number, string>, status: number, text: string): string {
  kept.set(status, text);
  return text;
}
