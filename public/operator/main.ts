// Starts the operator view: one store, one drawing of it, and links that stay on the page.
import { html } from 'htm/preact';
import { render } from 'preact';
import { PATH, readPlace } from './place.js';
import { Store } from './store.js';
import { ownTexts } from './texts.js';
import { App } from './views/app.js';
import './views/plain-table.js'; // two of the scripts that come later draw with it

const TICK_MS = 1_000;

const root = document.querySelector<HTMLElement>('#operator')!;
const logo = root.querySelector('.logo')?.outerHTML ?? '';
let isDue = false;
ownTexts();

/** Many changes in one moment are one drawing. */
function redraw(): void {
  if (isDue) return;
  isDue = true;
  queueMicrotask(() => {
    isDue = false;
    render(html`<${App} store=${store} state=${store.state} logo=${logo} redraw=${redraw} />`, root);
  });
}

const store = new Store(redraw);
root.textContent = '';

addEventListener('popstate', () => store.go(readPlace(location.search), 'back'));
document.addEventListener('click', (event) => {
  const link = (event.target as Element).closest('a');
  const isOurs = link?.origin === location.origin && link.pathname === PATH && !link.hash && !link.target;
  if (!isOurs || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    return;
  event.preventDefault();
  store.go(readPlace(link.search));
});
matchMedia('(prefers-color-scheme: light)').addEventListener('change', redraw);

void store.begin();
setInterval(() => store.tick(), TICK_MS);
redraw();
