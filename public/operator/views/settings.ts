// Settings: the exact lines that connect bots and readers to this server, each with a button that copies it; the shortcuts.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { BASE } from '../../shared/base.js';
import { connectText, type ConnectPart, type ConnectText } from '../connect.js';
import type { Verdict } from '../health.js';
import { listOf } from '../rows.js';
import type { ViewProps } from '../scripts.js';
import { connect as connectWords } from '../connect-words.js';
import { words } from '../words.js';
import { keyList } from './keys.js';
import { section } from './parts.js';

const { settings: title } = connectWords;

export const settingsVerdict = (): Verdict => ({ group: 'up', sentence: title, short: title });

export function settingsView({ state: { session, scope } }: ViewProps): VNode {
  const text = connectText(session!.connect, location.origin + BASE, listOf(scope.rows, 'bot'));
  return html`<div class="settings">
    <div class="headline plain-head"><h1 tabindex="-1">${title}</h1></div>
    ${section(
      'connect',
      connectWords.title,
      html`<p class="quiet">${text.text}</p>
        ${text.parts.map((part) => snippet(part, text))}`,
    )}
    ${section('shortcuts', words.keys.title, keyList())}
  </div>`;
}

const snippet = ({ id, title: name, text, lines }: ConnectPart, said: ConnectText): VNode =>
  html`<section class=${id} key=${id} aria-labelledby=${`${id}-title`}>
    <h3 id=${`${id}-title`}>${name}</h3>
    <p class="quiet">${text}</p>
    <${Snippet} lines=${lines} label=${name} said=${said} />
  </section>`;

interface SnippetProps {
  lines: string;
  label: string;
  said: ConnectText;
}

function Snippet({ lines, label, said }: SnippetProps): VNode {
  const [now, say] = useState<'copy' | 'copied' | 'notCopied'>('copy');
  const copy = (): void => {
    const clipboard = navigator.clipboard as Clipboard | undefined; // undefined where the page did not come over TLS
    if (!clipboard) return say('notCopied');
    clipboard.writeText(lines).then(
      () => say('copied'),
      () => say('notCopied'),
    );
  };
  return html`<div class="snippet">
    <pre tabindex="0" role="group" aria-label=${label}><code>${lines}</code></pre>
    <button type="button" class="plain" onClick=${copy} onBlur=${() => say('copy')}>${said[now]}</button>
    <span class="unseen" role="status">${now === 'copy' ? '' : said[now]}</span>
  </div>`;
}
