// Why no answer came, in plain words, and what to do: one row for each error of the network, of TLS and of HTTP.
import { inBrackets } from '../../outbound/addresses.js';

/** `isTls`: the connection stood, its encryption did not. */
export interface Failure {
  kind: 'failure';
  what: string;
  fix: string;
  isTls: boolean;
}

/** What was asked for. */
export interface Target {
  host: string;
  port: number;
  isHttps: boolean;
}

type Words = (target: Target) => [what: string, fix: string];

const place = ({ host, port }: Target): string => `${inBrackets(host)}:${port}`;

const unknownName: Words = ({ host }) => [
  `there is no address for the name "${host}" (DNS)`,
  'Look at the spelling, and at the DNS record of that name.',
];
const noRoute: Words = (target) => [
  `there is no way to ${place(target)} from this machine`,
  'Look at the network of this machine, and at firewalls on the way.',
];
const selfSigned: Words = () => [
  'its certificate is signed by nobody that this machine knows',
  'Get a certificate that is publicly trusted (Caddy does so by itself). If it is of an authority of your own, start this with NODE_EXTRA_CA_CERTS=<its certificate file>.',
];
const incomplete: Words = () => [
  'its certificate comes without those between it and an authority that this machine knows',
  'Let the proxy send the full chain (fullchain.pem). If the authority is your own, start this with NODE_EXTRA_CA_CERTS=<its certificate file>.',
];
const notHttp: Words = ({ isHttps }) => [
  'what answers there does not speak HTTP',
  isHttps ? 'Look at the address and port.' : 'Look at the address and port; perhaps it is https://.',
];
const notTls: Words = () => [
  'what answers there does not speak TLS',
  'If nothing in front of it ends TLS, the address begins with http://.',
];

/** By node's error codes, which are anybody's text. */
const rows = (table: Record<string, Words>): ReadonlyMap<string, Words> => new Map(Object.entries(table));

const NETWORK = rows({
  ENOTFOUND: unknownName,
  EAI_AGAIN: ({ host }) => [
    `the name "${host}" could not be looked up just now (DNS)`,
    'Try again; if it stays so, look at the DNS of this machine.',
  ],
  ECONNREFUSED: (target) => [
    `nothing listens at ${place(target)} (connection refused)`,
    'Is Shardlight running, and is this its port? In a container, is the port published? Is SHARDLIGHT_HOST an address that can be reached from here?',
  ],
  ECONNRESET: () => [
    'the connection was cut before an answer came',
    'Look at the log of Shardlight, and at that of the proxy in front of it.',
  ],
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
  ETIMEDOUT: (target) => [
    `${place(target)} does not answer`,
    'A firewall may swallow what is sent there: look at its rules for this port.',
  ],
});

const TLS = rows({
  CERT_HAS_EXPIRED: () => [
    'its certificate has expired',
    'Renew the certificate, and see why that was not done by itself.',
  ],
  CERT_NOT_YET_VALID: () => [
    'its certificate is not valid yet',
    'Look at the clock of this machine; else the certificate was made with a later beginning.',
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: ({ host }) => [
    `its certificate is for another name than "${host}"`,
    'Get a certificate for this name, or use the address that it is for.',
  ],
  DEPTH_ZERO_SELF_SIGNED_CERT: selfSigned,
  SELF_SIGNED_CERT_IN_CHAIN: selfSigned,
  UNABLE_TO_GET_ISSUER_CERT: incomplete,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: incomplete,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: incomplete,
  CERT_REVOKED: () => ['its certificate was revoked', 'Get a new certificate.'],
  EPROTO: notTls,
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: notTls,
});

/** `error` is what node threw. */
export function failureOf(error: unknown, target: Target): Failure {
  const { code = '', message = '' } = error as { code?: unknown; message?: unknown };
  const name = String(code);
  const words = name.startsWith('HPE_') ? notHttp : (TLS.get(name) ?? NETWORK.get(name));
  const [what, fix] = words?.(target) ?? unforeseen(name, String(message));
  return { kind: 'failure', what, fix, isTls: TLS.has(name) && words !== notTls };
}

const unforeseen = (code: string, message: string): [string, string] => [
  code === '' ? message : `${message} (${code})`,
  'Look at the address, and at the logs of the proxy and of Shardlight.',
];

/** Nothing, or not all, came in time. */
export const tooSlow = (seconds: number, hasBegun: boolean): Failure => ({
  kind: 'failure',
  what: hasBegun ? `the answer was not complete after ${seconds} s` : `no answer within ${seconds} s`,
  fix: 'Look whether the machine is busy, or a firewall swallows what is sent there; --timeout gives it longer.',
  isTls: false,
});

export const tooMuch = (maxBytes: number): Failure => ({
  kind: 'failure',
  what: `the answer is longer than ${maxBytes.toLocaleString('en')} bytes, which Shardlight never says here`,
  fix: 'Look at the address: something else seems to answer.',
  isTls: false,
});
