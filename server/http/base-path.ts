// The path under which a proxy shows us, as SHARDLIGHT_PUBLIC_URL names it: "/status" of https://example.com/status.

/** Without a slash at its end; "" at the top of a host. Our own links begin with it. */
export const basePathOf = (publicUrl: string | null): string =>
  publicUrl === null ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '');

/** The path of ours that is asked for: some proxies take the base path off, others pass it on. */
export function withoutBase(path: string, base: string): string {
  if (base === '' || !path.startsWith(base)) return path;
  const rest = path.slice(base.length);
  if (rest === '') return '/';
  return rest.startsWith('/') ? rest : path;
}
