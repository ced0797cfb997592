// The scripts of all views but Now: each is fetched when one of its views is opened for the first time, and kept.
import type { VNode } from 'preact';
import type { Verdict } from './health.js';
import type { Place } from './place.js';
import type { RowMap } from './rows.js';
import type { State } from './store.js';
import type { Doing } from './views/doing.js';

/** Files of `lazy/`. The page names the address of each, and of what it imports beside this script. */
export type ScriptName = 'fleet' | 'cluster' | 'incidents' | 'settings' | 'signin';

export interface ViewProps {
  state: State;
  doing: Doing;
  /** The same, shown in another way: nothing to go back to. */
  show: (place: Place) => void;
  signedIn: () => void;
}

/** What each of these scripts exports. */
export interface ViewScript {
  view: (props: ViewProps) => VNode;
  /** Of rows that are there. */
  verdict: (place: Place, rows: RowMap) => Verdict;
}

const kept = new Map<ScriptName, ViewScript>();
/** How often it did not come: some browsers remember that, so it is asked for at another address then. */
const failures = new Map<ScriptName, number>();

/** Null: it is in the page's own script. */
export function scriptFor({ view }: Place): ScriptName | null {
  switch (view) {
    case 'now':
      return null;
    case 'cluster':
    case 'shard':
      return 'cluster';
    case 'incidents':
    case 'settings':
      return view;
    case 'fleets':
    case 'fleet':
    case 'bot':
      return 'fleet';
  }
}

export const keptScript = (name: ScriptName): ViewScript | undefined => kept.get(name);

/** Rejects when it does not come. */
export async function fetchScript(name: ScriptName): Promise<void> {
  const failed = failures.get(name) ?? 0;
  const [own, ...shared] = document.documentElement.dataset[name]!.split(' ');
  try {
    const all = [failed === 0 ? own! : `${own}?again=${failed}`, ...shared].map((url) => import(url));
    kept.set(name, (await Promise.all(all))[0] as ViewScript);
  } catch (error) {
    failures.set(name, failed + 1);
    throw error;
  }
}
