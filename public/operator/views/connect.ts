// The exact lines that connect bots and readers to this server, each with a button that copies it.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { BotRow, ConnectView as Connecting } from '../../shared/operator-wire.js';
import { BASE } from '../../shared/base.js';
import type { ConnectPart, ConnectScript, ConnectText } from '../connect.js';
import { words } from '../words.js';
import { headline, section } from './parts.js';

export interface ConnectProps {
  connect: Connecting;
  bots: readonly BotRow[];
}

export function ConnectView({ connect, bots }: ConnectProps): VNode {
  const [script, come] = useState<ConnectScript | null>(null);
  const [isMissing, miss] = useState(false);
  useEffect(() => {
    fetchScript().then(come, () => miss(true));
  }, []);
  const text = script?.connectText(connect, location.origin + BASE, bots);
  const said = text?.text ?? (isMissing ? words.noAnswer : words.loading);
  return html`<div class="connect">
    ${headline('up', words.page.connect, said)} ${text?.parts.map((part) => snippet(part, text))}
  </div>`;
}

/** The page names it, as it names this script: with a hash. */
const fetchScript = (): Promise<ConnectScript> =>
  import(document.documentElement.dataset['connect']!) as Promise<ConnectScript>;

const snippet = ({ id, title, text, lines }: ConnectPart, said: ConnectText): VNode =>
  section(
    id,
    title,
    html`<p class="quiet">${text}</p>
      <${Snippet} lines=${lines} label=${title} said=${said} />`,
  );

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
