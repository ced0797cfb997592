// Optional fields of reports that were wrong: they count as not said, are counted, and operators are told (RULES 31).

export type OptionalField =
  | 'bot'
  | 'name'
  | 'fleet'
  | 'version'
  | 'host'
  | 'scrape_target'
  | 'shard_count'
  | 'shards'
  | 'latency_ms'
  | 'guilds'
  | 'unavailable';

/** `why`: a few words, which may hold what was sent only where that is short and plain. */
export interface Dropped {
  field: OptionalField;
  why: string;
}

/** "scrape target dropped: no port" */
export const textOfDropped = ({ field, why }: Dropped): string =>
  `${field.replace('_', ' ')} dropped: ${why}`;

/** Takes what was dropped of one report. `who`: "cluster" or "bot", and its name. */
export type NoteDropped = (who: string, dropped: readonly Dropped[]) => void;

const MAX_SENDERS = 5_000;

/** Warns once a sender; beyond so many senders it begins anew. */
export function createDroppedNotes(
  warn: (line: string) => void,
  count: (field: OptionalField) => void,
): NoteDropped {
  const warned = new Set<string>();
  return (who, dropped) => {
    for (const { field } of dropped) count(field);
    if (dropped.length === 0 || warned.has(who)) return;
    if (warned.size >= MAX_SENDERS) warned.clear();
    warned.add(who);
    warn(`${who}: ${dropped.map(textOfDropped).join('; ')}. Its reports count all the same`);
  };
}
