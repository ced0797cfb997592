// Chooses the view for what the page knows, and carries dialogs over it.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { BASE } from '../../shared/base.js';
import type { Group } from '../../shared/states.js';
import type { Verdict } from '../health.js';
import { globalHref, readPlace, type Place } from '../place.js';
import { sentence } from '../requests.js';
import { listOf } from '../rows.js';
import { isSignedIn, type State, type Store } from '../store.js';
import { words } from '../words.js';
import { ClusterView, clusterVerdict } from './cluster.js';
import { ConnectView } from './connect.js';
import { ActionDialog } from './dialogs.js';
import type { Doing, Wish } from './doing.js';
import { FleetView, fleetVerdict } from './fleet.js';
import { above, Frame } from './frame.js';
import { globalVerdict, globalView } from './global.js';
import { keysDialog } from './keys.js';
import { headline } from './parts.js';
import { shardVerdict, shardView } from './shard.js';
import { SignIn } from './sign-in.js';

export interface AppProps {
  store: Store;
  state: State;
  logo: string;
  redraw: () => void;
}

type Over = { is: 'keys' } | { is: 'wish'; wish: Wish } | null;

export function App({ store, state, logo, redraw }: AppProps): VNode {
  const [over, setOver] = useState<Over>(null);
  const open = (href: string): void => store.go(readPlace(new URL(href, location.href).search));
  useKeys(state, open, () => setOver({ is: 'keys' }));
  useTitle(state);
  useArrival(state.place);
  const doing: Doing = { why: whyNot(state), start: (wish) => setOver({ is: 'wish', wish }), open };
  const close = (): void => setOver(null);
  const view = isSignedIn(state) ? viewOf(state, doing, store) : signInOf(state, store);
  return html`<${Frame}
      state=${state}
      logo=${logo}
      open=${open}
      leave=${() => void store.leave()}
      showKeys=${() => setOver({ is: 'keys' })}
      themeChanged=${redraw}
      >${noticeOf(state)}${view}<//
    >
    ${over?.is === 'keys' ? keysDialog(close) : null}
    ${over?.is === 'wish' ? html`<${ActionDialog} wish=${over.wish} close=${close} />` : null}`;
}

/** Above whatever is shown. */
function noticeOf({ isDiverted, isBlocked, refused }: State): VNode | null {
  if (isBlocked && refused === null)
    return html`<p class="blocked" role="alert">
      ${words.link.blocked} <a href=${`${BASE}/plain`}>${words.link.plain}</a>
    </p>`;
  return isDiverted ? html`<p class="quiet" role="alert">${words.missing.diverted}</p>` : null;
}

function signInOf({ session, asking }: State, store: Store): VNode {
  if (!session) return html`<p class="quiet">${words.loading}</p>`;
  return html`<${SignIn}
    key=${asking}
    session=${session}
    asking=${asking}
    done=${() => void store.signedIn()}
  />`;
}

function viewOf(state: State, doing: Doing, store: Store): VNode {
  const { place, scope, session, refused, now } = state;
  const { rows } = scope;
  if (place.view === 'connect')
    return html`<${ConnectView} connect=${session!.connect} bots=${listOf(rows, 'bot')} />`;
  if (refused !== null) return notHere(refused);
  if (scope.status === 'loading') return html`<p class="quiet loading" role="status">${words.loading}</p>`;
  if (scope.status === 'missing') return missing(place);
  switch (place.view) {
    case 'global':
      return globalView(rows, now, doing);
    case 'fleet':
      return html`<${FleetView}
        key=${place.fleet}
        place=${place}
        rows=${rows}
        now=${now}
        doing=${doing}
        show=${(next: Place) => store.go(next, 'replace')}
      />`;
    case 'cluster':
      return html`<${ClusterView}
        key=${place.identity}
        identity=${place.identity}
        rows=${rows}
        now=${now}
        doing=${doing}
      />`;
    case 'shard':
      return shardView(rows, place.bot, place.shard, now);
  }
}

/** The sentence is the server's: it knows which host the request came to. */
const notHere = (why: string): VNode =>
  html`<div class="missing">
    ${headline('unknown', words.refusedHere.title, sentence(why))}
    <p>${words.refusedHere.then}</p>
  </div>`;

function missing(place: Place): VNode {
  const text =
    place.view === 'cluster'
      ? words.missing.cluster(place.identity)
      : place.view === 'shard'
        ? words.missing.shard(place.shard, place.bot)
        : words.missing.fleet(place.view === 'fleet' ? place.fleet : '');
  return html`<div class="missing">
    ${headline('unknown', words.missing.title, text)}
    <p><a class="button" href=${globalHref}>${words.missing.home}</a></p>
  </div>`;
}

/** A server without tokens lets everybody act who reaches it. */
function whyNot({ session }: State): string | null {
  if (!session || session.role === 'operator' || (session.isOpen && session.closed.operator === null))
    return null;
  return session.closed.operator ?? words.act.viewer;
}

function verdictOf({ place, scope: { rows, status } }: State): Verdict {
  const still = (text: string): Verdict => ({ group: 'unknown', sentence: text, short: text });
  if (place.view === 'connect') return { ...still(words.page.connect), group: 'up' };
  if (status !== 'loaded') return still(status === 'missing' ? words.missing.title : words.loading);
  switch (place.view) {
    case 'global':
      return globalVerdict(rows);
    case 'fleet': {
      const verdict = fleetVerdict(rows, place.fleet);
      return { ...verdict, short: `${place.fleet}: ${verdict.short}` };
    }
    case 'cluster':
      return clusterVerdict(rows, place.identity);
    case 'shard':
      return shardVerdict(rows, place.bot, place.shard);
  }
}

/** The tab says what is wrong, and its icon how bad that is. */
function useTitle(state: State): void {
  const isLost = !['connecting', 'live'].includes(state.link);
  const verdict = isSignedIn(state) ? verdictOf(state) : undefined;
  const short = isLost ? words.link.title : (verdict?.short ?? words.signIn.title);
  const group: Group = isLost ? 'unknown' : (verdict?.group ?? 'unknown');
  useEffect(() => {
    document.title = `${short} · ${words.page.title}`;
    document.querySelector('link[rel=icon]')?.setAttribute('href', `${BASE}/favicon/${group}.svg`);
    document.documentElement.dataset.link = isLost ? 'lost' : state.link;
  }, [short, group, state.link]);
}

/** After going somewhere the focus is on its heading, and the page on top. Sorting and filtering is going nowhere. */
function useArrival(place: Place): void {
  const key = place.view === 'fleet' ? `fleet ${place.fleet}` : JSON.stringify(place);
  const last = useRef(key);
  useLayoutEffect(() => {
    const heading = document.querySelector<HTMLElement>('#content h1');
    if (last.current === key || !heading) return; // its view may be on its way yet
    last.current = key;
    scrollTo(0, 0);
    heading.focus({ preventScroll: true });
  });
}

function useKeys(state: State, open: (href: string) => void, showKeys: () => void): void {
  const up = above(state);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      // A dialog that was closed this moment may have the focus still, and is none any more.
      const isTyping = (event.target as Element).closest('input, textarea, select, dialog[open]');
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey || !isSignedIn(state)) return;
      if (event.key === '/') document.querySelector<HTMLElement>('#search')?.focus();
      else if (event.key === '?') showKeys();
      else if (event.key === 'u') open(up);
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [up, isSignedIn(state)]);
}
