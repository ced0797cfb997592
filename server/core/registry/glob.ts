// Globs, as in SHARDLIGHT_MEMBERS and in bans.

/** Whether a text matches a glob, whose `*` stands for any characters. Linear, whatever the pattern. */
export function matches(glob: string, text: string): boolean {
  const [head = '', ...tails] = glob.split('*');
  if (tails.length === 0) return text === glob;
  if (!text.startsWith(head)) return false;
  const last = tails.pop()!;
  let from = head.length;
  for (const part of tails) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}
