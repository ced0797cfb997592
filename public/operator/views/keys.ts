// Which keys do what: a list, and the dialog that shows it.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { words } from '../words.js';
import { Dialog } from './dialog.js';

export const keyList = (): VNode =>
  html`<dl class="keys">
    ${words.keys.list.map(
      ([keys, what]) =>
        html`<div key=${keys}>
          <dt>${keys.split(' ').map((key) => html`<kbd key=${key}>${key}</kbd> `)}</dt>
          <dd>${what}</dd>
        </div>`,
    )}
  </dl>`;

export const keysDialog = (close: () => void): VNode =>
  html`<${Dialog} title=${words.keys.title} close=${close}>
    ${keyList()}
    <div class="buttons"><button type="button" autofocus onClick=${close}>${words.keys.close}</button></div>
  <//>`;
