// What stands around every view: the views, the search, how the page is connected, who is signed in, the theme.
import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { BASE } from '../../shared/base.js';
import { fleetsHref, incidentsHref, itemOf, nowHref, settingsHref, type Item } from '../place.js';
import { listOf, theOne } from '../rows.js';
import { isSignedIn, type State } from '../store.js';
import { exactTime } from '../times.js';
import { stepsTo } from '../trail.js';
import { words } from '../words.js';
import { useNarrow } from './narrow.js';
import { Search } from './search.js';
import { chooseTheme, chosenTheme, THEMES } from './theme.js';

export interface FrameProps {
  state: State;
  /** HTML of the server: the logo, if there is one. */
  logo: string;
  open: (href: string) => void;
  leave: () => void;
  themeChanged: () => void;
  children?: ComponentChildren;
}

export function Frame(props: FrameProps): VNode {
  const { state, logo, open, children } = props;
  const isNarrow = useNarrow();
  const isIn = isSignedIn(state);
  const find = isIn
    ? html`<${Search} key="find" bots=${listOf(state.scope.rows, 'bot')} open=${open} />`
    : null;
  const link = html`<p id="connection" key="link" role="status">
    ${isIn || state.link === 'lost' ? connection(state) : ''}
  </p>`;
  const toPublic = html`<a key="public" class="public" href=${`${BASE}/`}>${words.page.publicPage}</a>`;
  const views = isIn ? navigation(state) : null;
  const who = isIn ? role(state) : null;
  return html`<a class="skip" href="#content">${words.page.skip}</a>
    <header class="bar">
      <a class="site" key="site" href=${nowHref}
        >${logo ? html`<span dangerouslySetInnerHTML=${{ __html: logo }}></span>` : null}<span
          >${words.page.title}</span
        ></a
      >
      ${isNarrow ? [link, find, who, views] : [views, find, link, toPublic, who]}
    </header>
    ${isIn ? trail(state) : null}
    <main id="content">${children}</main>
    ${footer(props, isNarrow ? toPublic : null)}`;
}

const ITEMS: [item: Item, href: string][] = [
  ['now', nowHref],
  ['fleet', fleetsHref],
  ['incidents', incidentsHref],
  ['settings', settingsHref],
];

function navigation({ place, scope }: State): VNode {
  const here = itemOf(place);
  return html`<nav class="views" key="views" aria-label=${words.page.views}>
    ${ITEMS.map(
      ([item, href]) =>
        html`<a key=${item} href=${href} aria-current=${item === here ? 'page' : null}>
          ${words.page.items[item]}${item === 'now' ? count(theOne(scope.rows, 'now')) : null}
        </a>`,
    )}
  </nav>`;
}

/** How much is wrong: a number, and what it is in words; nothing when nothing is. */
function count(now: { troubles: number; isDown: boolean } | undefined): VNode | null {
  if (!now || now.troubles === 0) return null;
  const said = words.page.wrong(now.troubles);
  return html` <span class=${`count ${now.isDown ? 'down' : 'degraded'}`} title=${said}
    ><span aria-hidden="true" translate=${false}>${now.troubles}</span
    ><span class="unseen">: ${said}</span></span
  >`;
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

function role({ session }: State): VNode {
  const { role: own, isOpen } = session!;
  const which = isOpen ? 'open' : (own ?? 'viewer');
  return html`<span key="role" class="role" title=${isOpen ? words.page.open : null}
    >${words.page.roles[which]}</span
  >`;
}

function trail(state: State): VNode | null {
  const steps = stepsTo(state);
  if (steps.length < 2) return null;
  return html`<nav class="trail" aria-label=${words.page.here}>
    <ol>
      ${steps.map(({ href, name, isOurs }, i) =>
        i === steps.length - 1
          ? html`<li key=${name} aria-current="page" translate=${isOurs}>${name}</li>`
          : html`<li key=${name}><a href=${href} translate=${isOurs}>${name}</a></li>`,
      )}
    </ol>
  </nav>`;
}

function footer({ state, leave, themeChanged }: FrameProps, more: VNode | null): VNode {
  const chosen = chosenTheme();
  return html`<footer class="foot">
    ${whoIs(state, leave)} ${more}
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

function whoIs({ session }: State, leave: () => void): VNode {
  if (session?.isOpen) return html`<p>${words.page.open}</p>`;
  if (!session?.role) return html`<p></p>`;
  return html`<p>
    ${words.page.signedIn[session.role]}${' '}
    <button type="button" class="link" onClick=${leave}>${words.page.signOut}</button>
  </p>`;
}
