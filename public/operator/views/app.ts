// Chooses the view for what the page knows, and carries dialogs over it.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { BASE } from '../../shared/base.js';
import type { Group } from '../../shared/states.js';
import type { Verdict } from '../health.js';
import { nowHref, readPlace, type Place } from '../place.js';
import { sentence } from '../requests.js';
import { scriptFor, type ViewProps, type ViewScript } from '../scripts.js';
import { isSignedIn, type State, type Store } from '../store.js';
import { above } from '../trail.js';
import { words } from '../words.js';
import type { Doing, Over } from './doing.js';
import { Frame } from './frame.js';
import { keysDialog } from './keys.js';
import { nowVerdict, nowView } from './now.js';
import { headline } from './parts.js';
import { useScript, type Coming } from './coming.js';

export interface AppProps {
  store: Store;
  state: State;
  logo: string;
  redraw: () => void;
}

export function App({ store, state, logo, redraw }: AppProps): VNode {
  const [over, setOver] = useState<Over | null>(null);
  const isIn = isSignedIn(state);
  const needed = isIn ? scriptFor(state.place) : state.session ? 'signin' : null;
  const coming = useScript(needed, state.link === 'live');
  const open = (href: string): void => store.go(readPlace(new URL(href, location.href).search));
  const start = (next: Over): void => setOver(() => next);
  useKeys(state, open, () => start(keysDialog));
  useTitle(state, coming.script);
  useArrival(state.place);
  const doing: Doing = { why: whyNot(state), start, open };
  const show = (place: Place): void => store.go(place, 'replace');
  const props: ViewProps = { state, doing, show, signedIn: () => void store.signedIn() };
  const view = isIn ? viewOf(props, coming) : outside(props, coming);
  return html`<${Frame}
      state=${state}
      logo=${logo}
      open=${open}
      leave=${() => void store.leave()}
      themeChanged=${redraw}
      >${noticeOf(state)}${view}<//
    >
    ${over?.(() => setOver(null))}`;
}

/** Above whatever is shown. */
function noticeOf({ isDiverted, isBlocked, refused }: State): VNode | null {
  if (isBlocked && refused === null)
    return html`<p class="blocked" role="alert">
      ${words.link.blocked} <a href=${`${BASE}/plain`}>${words.link.plain}</a>
    </p>`;
  return isDiverted ? html`<p class="quiet" role="alert">${words.missing.diverted}</p>` : null;
}

const loading = (): VNode => html`<p class="quiet loading" role="status">${words.loading}</p>`;

const outside = (props: ViewProps, { script, hasFailed, again }: Coming): VNode =>
  hasFailed ? notCome(again) : (script?.view(props) ?? loading());

function viewOf(props: ViewProps, { script, hasFailed, again }: Coming): VNode {
  const { place, scope, refused, now } = props.state;
  if (refused !== null && place.view !== 'settings') return notHere(refused);
  if (hasFailed) return notCome(again);
  if (place.view === 'settings' && script) return script.view(props);
  if (scope.status === 'missing') return missing(place);
  if (scope.status === 'loading' || (scriptFor(place) !== null && !script)) return loading();
  return script ? script.view(props) : nowView(scope.rows, now, props.doing);
}

const notCome = (again: () => void): VNode =>
  html`<div class="missing">
    ${headline('unknown', words.page.script.title, words.page.script.text)}
    <p><button type="button" onClick=${again}>${words.page.script.again}</button></p>
  </div>`;

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
        : place.view === 'bot'
          ? words.missing.bot(place.bot)
          : words.missing.fleet(place.view === 'fleet' ? place.fleet : '');
  return html`<div class="missing">
    ${headline('unknown', words.missing.title, text)}
    <p><a class="button" href=${nowHref}>${words.missing.home}</a></p>
  </div>`;
}

/** A server without tokens lets everybody act who reaches it. */
function whyNot({ session }: State): string | null {
  if (!session || session.role === 'operator' || (session.isOpen && session.closed.operator === null))
    return null;
  return session.closed.operator ?? words.page.viewer;
}

function verdictOf({ place, scope: { rows, status } }: State, script: ViewScript | undefined): Verdict {
  const still = (text: string): Verdict => ({ group: 'unknown', sentence: text, short: text });
  if (status === 'missing') return still(words.missing.title);
  if (status === 'loading') return still(words.loading);
  if (place.view === 'now') return nowVerdict(rows);
  return script?.verdict(place, rows) ?? still(words.loading);
}

/** The tab says what is wrong, and its icon how bad that is. */
function useTitle(state: State, script: ViewScript | undefined): void {
  const isLost = !['connecting', 'live'].includes(state.link);
  const verdict = isSignedIn(state) ? verdictOf(state, script) : undefined;
  const short = isLost ? words.link.title : (verdict?.short ?? words.page.signIn);
  const group: Group = isLost ? 'unknown' : (verdict?.group ?? 'unknown');
  useEffect(() => {
    document.title = `${short} · ${words.page.title}`;
    document.querySelector('link[rel=icon]')?.setAttribute('href', `${BASE}/favicon/${group}.svg`);
    document.documentElement.dataset.link = isLost ? 'lost' : state.link;
  }, [short, group, state.link]);
}

/** After going somewhere the focus is on its heading, and the page on top. Sorting and filtering is going nowhere. */
function useArrival(place: Place): void {
  const key = JSON.stringify({ ...place, sort: null, find: '' });
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
