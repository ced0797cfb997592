// The script of a view on its way: there, not there yet, or not coming; then it can be asked for again.
import { useEffect, useState } from 'preact/hooks';
import { fetchScript, keptScript, type ScriptName, type ViewScript } from '../scripts.js';

export interface Coming {
  script: ViewScript | undefined;
  hasFailed: boolean;
  again: () => void;
}

/** Null: none is needed. What did not come is asked for again when the server is there again. */
export function useScript(name: ScriptName | null, isLive: boolean): Coming {
  const [failed, fail] = useState<ScriptName | null>(null);
  const [, redraw] = useState(0);
  const fetchIt = (): void => {
    if (name === null || keptScript(name)) return;
    fail(null);
    fetchScript(name).then(
      () => redraw((n) => n + 1),
      () => fail(name),
    );
  };
  useEffect(fetchIt, [name, isLive]);
  const script = name === null ? undefined : keptScript(name);
  return { script, hasFailed: name !== null && failed === name && !script, again: fetchIt };
}
