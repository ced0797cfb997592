// The links to other languages, which take the lookup along: in the hash, so that the ID stays in the browser.
import { guildOf } from './kept.js';

export function keepLookup(): void {
  document.querySelector('#languages')?.addEventListener('click', ({ target }) => {
    const link = target instanceof Element ? target.closest('a') : null;
    if (link) link.hash = hashFor(location);
  });
}

/** Of `#guild=ID` itself, or of what `?guild=ID` asked the server. */
function hashFor({ hash, search }: Location): string {
  const asked = guildOf(search);
  return hash === '' && asked !== null ? new URLSearchParams({ guild: asked }).toString() : hash;
}
