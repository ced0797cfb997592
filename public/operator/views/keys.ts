// Which keys do what, in a dialog.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { words } from '../words.js';
import { Dialog } from './dialogs.js';

export const keysDialog = (close: () => void): VNode =>
  html`<${Dialog} title=${words.keys.title} close=${close}>
    <dl class="keys">
      ${words.keys.list.map(
        ([keys, what]) =>
          html`<div key=${keys}>
            <dt>${keys.split(' ').map((key) => html`<kbd key=${key}>${key}</kbd> `)}</dt>
            <dd>${what}</dd>
          </div>`,
      )}
    </dl>
    <div class="buttons"><button type="button" autofocus onClick=${close}>${words.keys.close}</button></div>
  <//>`;
