// What stands around every view: where one is, the search, how the page is connected, who is signed in, the theme.
import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { BASE } from '../../shared/base.js';
import type { Place } from '../place.js';
import { clusterHref, connectHref, fleetHref, globalHref, PATH } from '../place.js';
import { listOf } from '../rows.js';
import { isSignedIn, type State } from '../store.js';
import { exactTime } from '../times.js';
import { words } from '../words.js';
import { clusterOf } from './cluster.js';
import { clusterName } from './parts.js';
import { Search } from './search.js';
import { chooseTheme, chosenTheme, THEMES } from './theme.js';

export interface FrameProps {
  state: State;
  /** HTML of the server: the logo, if there is one. */
  logo: string;
  open: (href: string) => void;
  leave: () => void;
  showKeys: () => void;
  themeChanged: () => void;
  children?: ComponentChildren;
}

export function Frame(props: FrameProps): VNode {
  const { state, logo, open, children } = props;
  const isIn = isSignedIn(state);
  return html`<a class="skip" href="#content">${words.page.skip}</a>
    <header class="bar">
      <a class="site" href=${globalHref}
        >${logo ? html`<span dangerouslySetInnerHTML=${{ __html: logo }}></span>` : null}<span
          >${words.page.title}</span
        ></a
      >
      ${isIn ? html`<${Search} bots=${listOf(state.scope.rows, 'bot')} open=${open} />` : null}
      <p id="connection" role="status">${isIn || state.link === 'lost' ? connection(state) : ''}</p>
      ${isIn ? menu(props) : null}
    </header>
    ${isIn ? trail(state) : null}
    <main id="content">${children}</main>
    ${footer(props)}`;
}

function connection({ link, freshAt, now }: State): VNode {
  const clock = exactTime(freshAt, now);
  const text = {
    connecting: words.link.connecting,
    live: words.link.live,
    lost: freshAt === 0 ? words.link.first : words.link.lost(clock),
    behind: words.link.behind(clock),
    full: words.link.full(clock),
  }[link];
  return html`<span class="dot"></span>${text}`;
}

function menu({ state: { session, place }, leave, showKeys }: FrameProps): VNode {
  const { role, isOpen } = session!;
  const chip = isOpen ? 'open' : (role ?? 'viewer');
  const out = html`<button type="button" class="link" onClick=${leave}>${words.page.signOut}</button>`;
  return html`<nav class="menu" aria-label=${words.page.menu}>
    <a href=${connectHref} aria-current=${place.view === 'connect' ? 'page' : null}>${words.page.connect}</a>
    <a href=${`${BASE}/`}>${words.page.publicPage}</a>
    <button type="button" class="link" aria-keyshortcuts="?" onClick=${showKeys}>${words.page.keys}</button>
    <span class="role" title=${isOpen ? words.page.open : null}>${words.page.roles[chip]}</span>
    ${isOpen ? null : out}
  </nav>`;
}

/** One step up from here; the global view is on top. */
export function above(state: State): string {
  const steps = stepsTo(state);
  return steps.at(-2)?.href ?? PATH;
}

interface Step {
  href: string;
  name: string;
}

function stepsTo({ place, scope }: State): Step[] {
  const top = { href: globalHref, name: words.page.all };
  switch (place.view) {
    case 'global':
      return [top];
    case 'connect':
      return [top, { href: connectHref, name: words.page.connect }];
    case 'fleet':
      return [top, { href: fleetHref(place.fleet), name: place.fleet }];
    case 'cluster':
      return [top, ...clusterSteps(place, scope.rows)];
    case 'shard':
      return [top, ...shardSteps(place, scope.rows)];
  }
}

function clusterSteps(
  { identity }: Extract<Place, { view: 'cluster' }>,
  rows: State['scope']['rows'],
): Step[] {
  const cluster = clusterOf(rows, identity);
  if (!cluster) return [{ href: clusterHref(identity), name: identity }];
  const own = { href: clusterHref(identity), name: clusterName(cluster) };
  return [{ href: fleetHref(cluster.fleet), name: cluster.fleet }, own];
}

function shardSteps({ bot, shard }: Extract<Place, { view: 'shard' }>, rows: State['scope']['rows']): Step[] {
  const cluster = listOf(rows, 'shard').find((one) => one.bot === bot && one.shard === shard)?.cluster;
  const own = { href: '', name: `${bot} ${shard}` };
  return cluster ? [{ href: clusterHref(cluster.identity), name: cluster.name }, own] : [own];
}

/** What such a step is called is a word of ours; the others are names. */
const isOurs = (href: string): boolean => href === globalHref || href === connectHref;

function trail(state: State): VNode | null {
  const steps = stepsTo(state);
  if (steps.length < 2) return null;
  return html`<nav class="trail" aria-label=${words.page.here}>
    <ol>
      ${steps.map(({ href, name }, i) =>
        i === steps.length - 1
          ? html`<li key=${name} aria-current="page" translate=${isOurs(href)}>${name}</li>`
          : html`<li key=${name}><a href=${href} translate=${isOurs(href)}>${name}</a></li>`,
      )}
    </ol>
  </nav>`;
}

function footer({ state, themeChanged }: FrameProps): VNode {
  const chosen = chosenTheme();
  return html`<footer class="foot">
    <p>${state.session?.isOpen ? words.page.open : null}</p>
    <fieldset class="theme">
      <legend>${words.page.theme}</legend>
      ${THEMES.map((theme) => {
        const onChange = (): void => {
          chooseTheme(theme);
          themeChanged();
        };
        return html`<label key=${theme}
          ><input
            type="radio"
            name="theme"
            value=${theme}
            checked=${theme === chosen}
            onChange=${onChange}
          /><span>${words.page.themes[theme]}</span></label
        >`;
      })}
    </fieldset>
  </footer>`;
}
