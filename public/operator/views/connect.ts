// The exact lines that connect bots and readers to this server, each with a button that copies it.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { BotRow, ConnectView as Connecting } from '../../shared/operator-wire.js';
import { BASE } from '../../shared/base.js';
import { snippetsFor } from '../../shared/snippets.js';
import { words } from '../words.js';
import { headline, section } from './parts.js';

export function connectView(connect: Connecting, bots: readonly BotRow[]): VNode {
  const text = words.connect;
  const snippets = snippetsFor(connect, location.origin + BASE, bots);
  const needsToken = connect.needsIngestToken || connect.needsViewerToken;
  const argusText = `${text.argusText}${connect.requireLease ? ` ${text.argusLease}` : ''}`;
  return html`<div class="connect">
    ${headline('up', text.title, needsToken ? text.token : text.noToken)}
    ${snippet('discordjs', text.discordJs, text.discordJsText, snippets.discordJs)}
    ${snippet('argus', text.argus, argusText, snippets.argus)}
    ${snippet('glance', text.glance, text.glanceText, snippets.glance)}
    ${snippet('curl', text.curl, text.curlText, snippets.curl)}
    ${snippet('prometheus', text.prometheus, text.prometheusText, snippets.prometheus)}
  </div>`;
}

const snippet = (id: string, title: string, text: string, lines: string): VNode =>
  section(
    id,
    title,
    html`<p class="quiet">${text}</p>
      <${Snippet} lines=${lines} label=${title} />`,
  );

function Snippet({ lines, label }: { lines: string; label: string }): VNode {
  const [said, say] = useState<'copy' | 'copied' | 'notCopied'>('copy');
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
    <button type="button" class="plain" onClick=${copy} onBlur=${() => say('copy')}>
      ${words.connect[said]}
    </button>
    <span class="unseen" role="status">${said === 'copy' ? '' : words.connect[said]}</span>
  </div>`;
}
