// A head as a crawler reads it: meta tags by property or name, without running anything.

const unescape = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');

/** The first of each name counts. */
export function tagsOf(html: string): Map<string, string> {
  const found = [...html.matchAll(/<meta (?:property|name)="([^"]+)" content="([^"]*)">/g)];
  return new Map(found.reverse().map(([, name, content]) => [name!, unescape(content!)]));
}

/** Width and height of a PNG, from its first chunk; throws for anything else. */
export function pngSize(bytes: Uint8Array): { width: number; height: number } {
  const png = Buffer.from(bytes);
  const isPng =
    png.toString('latin1', 0, 8) === '\x89PNG\r\n\x1a\n' && png.toString('latin1', 12, 16) === 'IHDR';
  if (!isPng || png.toString('latin1', png.length - 8, png.length - 4) !== 'IEND')
    throw new Error('not a whole PNG');
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}
