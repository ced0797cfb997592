// What the templates of this folder are filled with: one running Shardlight, in the words of whoever runs it, and what is refused.

/** Nothing here is secret: tokens are in `.env`, which the deployments read. */
export interface Deployment {
  /** As people type it, without a slash at the end: https://status.example.com. */
  publicUrl: string;
  /** Where Shardlight listens inside its machine or container. */
  port: number;
  source: Source;
}

/** How the image is made: of a checkout's Dockerfile (`context`: its folder), or of the package, published or packed in a file. */
export type Source =
  | { kind: 'checkout'; context: string }
  | { kind: 'package'; version: string }
  | { kind: 'tarball'; version: string };

/** Where the world finds it. `port` is null where the scheme says it. */
export interface Site {
  /** Scheme, host, and port where it is not the scheme's own. */
  origin: string;
  host: string;
  port: number | null;
  isTls: boolean;
  /** The path it is below, without a slash at its end; "": it has the host for itself. */
  base: string;
}

/** Node takes nearly any character in a host; these are the ones that mean nothing to YAML, systemd, nginx and Caddy. */
const SITE =
  /^https?:\/\/([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:\d{1,5})?(\/[A-Za-z0-9._~%-]+)*$/i;
const VERSION = /^\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?$/;
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
const MAX_PORT = 65_535;

/** What no template can write down safely, in a sentence; null: nothing. For whoever asks people, before filling in. */
export function whyNotDeployable({ publicUrl, port, source }: Deployment): string | null {
  if (!SITE.test(publicUrl) || !URL.canParse(publicUrl))
    return `The public URL ${JSON.stringify(publicUrl)} is not like https://status.example.com, without a slash at the end.`;
  if (!Number.isInteger(port) || port < 1 || port > MAX_PORT)
    return `The port ${port} is not a whole number from 1 to ${MAX_PORT}.`;
  if (source.kind !== 'checkout' && !VERSION.test(source.version))
    return `The version ${JSON.stringify(source.version)} is not like 1.2.3.`;
  if (source.kind === 'checkout' && !isPlain(source.context))
    return 'The folder of the checkout is empty, or has line breaks or other control characters in its name.';
  return null;
}

/** Throws what `whyNotDeployable` says: every template begins with this, so that none writes a file that means something else. */
export function siteOf(deployment: Deployment): Site {
  const why = whyNotDeployable(deployment);
  if (why !== null) throw new Error(why);
  const { origin, hostname, port, protocol, pathname } = new URL(deployment.publicUrl);
  return {
    origin,
    host: hostname,
    port: port === '' ? null : Number(port),
    isTls: protocol === 'https:',
    base: pathname.replace(/\/+$/, ''),
  };
}

/** Text of one line. */
export const isPlain = (text: string): boolean => text.trim() !== '' && !UNPRINTABLE.test(text);
