// What the page knows and where it is: one object, changed here only; whoever draws is told.
import type { OperatorFrame, SessionView } from '../shared/operator-wire.js';
import { Live, type Link } from './live.js';
import { addressOf, readPlace, scopeOf, type Place } from './place.js';
import { askSession, signOut } from './requests.js';
import { applyFrame, emptyScope, type ScopeState } from './rows.js';

/** Why the sign-in form is shown. */
export type Asking = 'first' | 'wrong' | 'ended' | 'left' | 'unkept';

export interface State {
  place: Place;
  /** Null until the server said who asks. */
  session: SessionView | null;
  /** Why the server opens no socket for this page, and what mends it; null: it does. */
  refused: string | null;
  asking: Asking;
  link: Link;
  /** The server answers, but no socket gets through to it. */
  isBlocked: boolean;
  /** The address led to what the server does not take, and Now is shown in its place. */
  isDiverted: boolean;
  scope: ScopeState;
  /** When what is shown was last known to be right, by the server's clock. */
  freshAt: number;
  /** The server's time; readers' own clocks may be wrong by minutes. */
  now: number;
}

/** Scopes that were left not long ago: going back shows them at once, and the server sends what was missed. */
const KEPT_SCOPES = 6;
const ASK_AGAIN_MS = 2_000;
/** One failed try may be a restart of the server. */
const BLOCKED_AFTER_FAILURES = 2;

export const isSignedIn = ({ session }: Pick<State, 'session'>): boolean =>
  session !== null && (session.isOpen || session.role !== null);

export class Store {
  state: State;
  #aheadMs = 0;
  #failures = 0;
  readonly #kept = new Map<string, ScopeState>();
  readonly #live: Live;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
    const place = readPlace(location.search);
    this.state = {
      place,
      session: null,
      refused: null,
      asking: takeWrong() ? 'wrong' : 'first',
      link: 'connecting',
      isBlocked: false,
      isDiverted: false,
      scope: emptyScope(scopeOf(place)),
      freshAt: 0,
      now: Date.now(),
    };
    this.#live = new Live({
      watched: () => this.state.scope,
      receive: (frame) => this.#receive(frame),
      tell: (link, failures) => this.#tell(link, failures),
      notTaken: () => this.#divert(),
      signedOut: () => this.#ended(),
      refused: () => void this.#isStillIn(),
    });
  }

  /** The server took the token. */
  async signedIn(): Promise<void> {
    await this.begin();
    if (this.state.session && !isSignedIn(this.state)) this.#set({ asking: 'unkept' });
  }

  /** Asks who we are, until somebody answers; then opens the socket or leaves the form to the reader. */
  async begin(): Promise<void> {
    const session = await askSession();
    if (!session) {
      this.#set({ link: 'lost' });
      setTimeout(() => void this.begin(), ASK_AGAIN_MS);
      return;
    }
    this.#set({ session, link: 'connecting' });
    if (isSignedIn(this.state)) this.#live.open();
  }

  /** Call every second. */
  tick(): void {
    this.#set({ now: Date.now() + this.#aheadMs });
    if (isSignedIn(this.state)) this.#live.check();
  }

  /** `replace`: the same place in another form, as when something is typed; nothing to go back to. */
  go(place: Place, how: 'push' | 'replace' | 'back' = 'push'): void {
    if (how === 'push') history.pushState(null, '', addressOf(place));
    if (how === 'replace') history.replaceState(null, '', addressOf(place));
    this.#set({ isDiverted: false });
    this.#watch(place);
  }

  #divert(): void {
    this.go({ view: 'now' }, 'replace');
    this.#set({ isDiverted: true });
  }

  async leave(): Promise<void> {
    const { session } = this.state;
    if (!(await signOut()).ok || !session) return;
    this.#live.close();
    this.#forget({ ...session, role: null }, 'left');
  }

  #watch(place: Place): void {
    const { scope } = this.state;
    const wanted = scopeOf(place);
    if (wanted === scope.scope) return this.#set({ place });
    this.#keep(scope);
    this.#set({ place, scope: this.#kept.get(wanted) ?? emptyScope(wanted) });
    this.#live.watch();
  }

  #keep(scope: ScopeState): void {
    this.#kept.delete(scope.scope);
    if (scope.status === 'loaded') this.#kept.set(scope.scope, scope);
    for (const oldest of this.#kept.keys()) if (this.#kept.size > KEPT_SCOPES) this.#kept.delete(oldest);
  }

  #receive(frame: OperatorFrame): boolean {
    this.#aheadMs = frame.at - Date.now();
    const next = applyFrame(this.state.scope, frame);
    if (next === 'gap') return false;
    this.#set({ scope: next, freshAt: frame.at, now: frame.at, refused: null, isBlocked: false });
    return true;
  }

  #tell(link: Link, failures: number): void {
    this.#failures = failures;
    if (link !== this.state.link) this.#set({ link });
  }

  #ended(): void {
    const { session } = this.state;
    if (session) this.#forget({ ...session, role: null }, 'ended');
  }

  /** Nothing of what was seen stays behind. */
  #forget(session: SessionView, asking: Asking): void {
    this.#kept.clear();
    this.#set({ session, asking, link: 'connecting', scope: emptyScope(scopeOf(this.state.place)) });
  }

  /** A refused socket does not say why. */
  async #isStillIn(): Promise<void> {
    const session = await askSession();
    if (!session) return;
    if (session.isOpen || session.role !== null) {
      const isBlocked = session.refused === null && this.#failures >= BLOCKED_AFTER_FAILURES;
      return this.#set({ session, refused: session.refused, isBlocked });
    }
    this.#live.close();
    this.#forget(session, 'ended');
  }

  #set(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    this.#changed();
  }
}

/** `?wrong=1` is said once: it is taken out of the address. */
function takeWrong(): boolean {
  const url = new URL(location.href);
  if (!url.searchParams.has('wrong')) return false;
  url.searchParams.delete('wrong');
  history.replaceState(null, '', url);
  return true;
}
