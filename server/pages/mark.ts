// Marks shards in HTML that is drawn already: the tiles that a lookup found, and the folds that must stand open for them.
import { anchorOf } from '../../public/shared/answer.js';
import { escapeHtml } from '../../public/shared/escape.js';
import { shownNames } from '../../public/shared/states.js';
import type { ShardView } from '../../public/shared/wire.js';

interface Insertion {
  at: number;
  text: string;
}

/** Every bot has a shard for the server; each is marked in its grid. What has no tile there is left as it is. */
export function withMarks(html: Buffer, shards: readonly ShardView[]): Buffer[] {
  const insertions = shards.flatMap(({ bot, shard }, index) =>
    marksOf(html, bot, shard, anchorOf(index, bot)),
  );
  insertions.sort((a, b) => a.at - b.at);
  let from = 0;
  const pieces = insertions.flatMap(({ at, text }) => {
    const before = html.subarray(from, at);
    from = at;
    return [before, Buffer.from(text)];
  });
  return [...pieces, html.subarray(from)];
}

/** `<li class=online>17` becomes `<li class="online marked" id="marked">17`. */
function marksOf(html: Buffer, bot: string, shard: number, anchor: string): Insertion[] {
  const from = html.indexOf(` data-bot="${escapeHtml(bot)}"`);
  const end = from < 0 ? -1 : html.indexOf('</section>', from);
  const tile = tileAt(html, shard, from, end);
  if (!tile) return [];
  return [
    ...foldsAround(html, from, tile.from).map((at) => ({ at, text: ' open' })),
    { at: tile.from, text: '"' },
    { at: tile.to, text: ` marked" id="${escapeHtml(anchor)}"` },
  ];
}

/** Where the name of its state stands, whichever that is. */
function tileAt(
  html: Buffer,
  shard: number,
  from: number,
  end: number,
): { from: number; to: number } | undefined {
  for (const name of shownNames) {
    const at = html.indexOf(`${ITEM}${name}>${shard}<`, from);
    if (at >= 0 && at < end) return { from: at + ITEM.length, to: at + ITEM.length + name.length };
  }
  return undefined;
}

const ITEM = '<li class=';
const [BEGUN, ENDED] = ['<details', '</details>'];

/** Where the tags end whose folds are begun and not closed before `to`. */
function foldsAround(html: Buffer, from: number, to: number): number[] {
  const begun: number[] = [];
  let ended = html.indexOf(ENDED, from);
  for (let at = html.indexOf(BEGUN, from); at >= 0 && at < to; at = html.indexOf(BEGUN, at + 1)) {
    for (; ended >= 0 && ended < at; ended = html.indexOf(ENDED, ended + 1)) begun.pop();
    begun.push(at + BEGUN.length);
  }
  for (; ended >= 0 && ended < to; ended = html.indexOf(ENDED, ended + 1)) begun.pop();
  return begun;
}
