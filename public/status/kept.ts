// Where a lookup is kept: in the hash of the address, which no server sees, and on this device if its owner wants that.

/** Also read by `theme.ts`, before the first paint. */
const KEY = 'guild';

export const guildOf = (parameters: string): string | null => new URLSearchParams(parameters).get('guild');

/** A link for others: it names no language, and its server does not see the ID. */
export const linkTo = (guild: string): string => `${location.origin}${location.pathname}#guild=${guild}`;

/** A reload keeps the answer, and the back button still leads to the page before. Null: nothing is looked up any more. */
export function putInAddress(guild: string | null): void {
  const url = new URL(location.href);
  url.searchParams.delete('guild');
  url.hash = guild === null ? '' : `guild=${guild}`;
  history.replaceState(null, '', url);
}

export function remembered(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage is forbidden: then nothing was remembered
  }
}

/** Null forgets. */
export function remember(guild: string | null): void {
  try {
    if (guild === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, guild);
  } catch {
    // Then the button goes on offering it.
  }
}
