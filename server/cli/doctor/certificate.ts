// The certificate of an https address: whether it is trusted, and for how long.
import { isIP } from 'node:net';
import tls from 'node:tls';
import type { Failure, Target } from './failure.js';
import { ok, problem, shown, skipped, warning, type Line } from './line.js';
import { placeOf } from '../../outbound/addresses.js';

export interface Certificate {
  /** In ms since 1970. */
  validFrom: number;
  validTo: number;
  /** "DNS:a.example, DNS:b.example" */
  names: string;
}

export type ReadCertificate = (target: Target) => Promise<Certificate | null>;

const NAME = 'tls';
const DAY_MS = 86_400_000;
const WARN_DAYS = 14;

/** `failure`: why we could not talk to it; null: we could, so it is trusted. */
export function certificateLine(
  target: Target,
  certificate: Certificate | null,
  failure: Failure | null,
  now: number,
): Line {
  if (!target.isHttps) return plainLine(target);
  const about = certificate === null ? '' : ` (${aboutIt(certificate, now)})`;
  if (failure) return problem(NAME, `${failure.what}${about}`, failure.fix);
  if (!certificate) return skipped(NAME, 'the certificate is trusted, and could not be looked at closer');
  const days = Math.floor((certificate.validTo - now) / DAY_MS);
  const what = `the certificate is valid for ${days} more days, until ${dayOf(certificate.validTo)}`;
  if (days >= WARN_DAYS) return ok(NAME, what);
  return warning(
    NAME,
    what,
    'Renew it now, and see why that was not done by itself: most tools do so 30 days before.',
  );
}

function plainLine({ host }: Target): Line {
  const place = placeOf(host);
  if (place === 'here') return ok(NAME, 'plain http, and only to this machine');
  if (place === 'private') return ok(NAME, 'plain http, in a private network');
  return warning(
    NAME,
    'plain http to a public host: tokens and pages can be read and changed on the way',
    'Put a proxy with TLS in front (the README shows how), and give bots the https:// address.',
  );
}

function aboutIt({ validFrom, validTo, names }: Certificate, now: number): string {
  const times =
    now > validTo
      ? `expired on ${dayOf(validTo)}`
      : now < validFrom
        ? `valid from ${dayOf(validFrom)}`
        : `valid until ${dayOf(validTo)}`;
  return names === '' ? times : `${times}; for ${shown(names.replace(/DNS:/g, ''))}`;
}

const dayOf = (at: number): string =>
  Number.isFinite(at) ? new Date(at).toISOString().slice(0, 10) : 'an unreadable date';

/** Looks at it whether it is trusted or not, and sends nothing. Null: none came in time. */
export const createCertificateReader =
  (timeoutMs: number): ReadCertificate =>
  ({ host, port }) =>
    new Promise((resolve) => {
      const name = isIP(host) === 0 ? { servername: host } : {};
      const socket = tls.connect({ host, port, ...name, rejectUnauthorized: false });
      const end = (certificate: Certificate | null): void => {
        clearTimeout(timer);
        socket.destroy();
        resolve(certificate);
      };
      const timer = setTimeout(() => end(null), timeoutMs);
      socket.on('error', () => end(null));
      socket.on('secureConnect', () => end(certificateOf(socket.getPeerCertificate())));
    });

const certificateOf = ({ valid_from, valid_to, subjectaltname = '' }: tls.PeerCertificate): Certificate => ({
  validFrom: Date.parse(valid_from),
  validTo: Date.parse(valid_to),
  names: subjectaltname,
});
