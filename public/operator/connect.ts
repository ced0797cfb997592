// What Settings say about connecting: words and the exact lines.
import type { BotRow, ConnectView } from '../shared/operator-wire.js';
import { snippetsFor } from '../shared/snippets.js';
import { connect as words } from './connect-words.js';

export interface ConnectPart {
  id: string;
  title: string;
  text: string;
  lines: string;
}

export interface ConnectText {
  text: string;
  parts: ConnectPart[];
  /** On the button that copies the lines. */
  copy: string;
  copied: string;
  notCopied: string;
}

export function connectText(connect: ConnectView, origin: string, bots: readonly BotRow[]): ConnectText {
  const { copy, copied, notCopied } = words;
  const lines = snippetsFor(connect, origin, bots);
  const needsToken = connect.needsIngestToken || connect.needsViewerToken;
  const argusText = `${words.argusText}${connect.requireLease ? ` ${words.argusLease}` : ''}`;
  const parts = [
    { id: 'discordjs', title: words.discordJs, text: words.discordJsText, lines: lines.discordJs },
    { id: 'argus', title: words.argus, text: argusText, lines: lines.argus },
    { id: 'glance', title: words.glance, text: words.glanceText, lines: lines.glance },
    { id: 'curl', title: words.curl, text: words.curlText, lines: lines.curl },
    { id: 'prometheus', title: words.prometheus, text: words.prometheusText, lines: lines.prometheus },
  ];
  return { text: needsToken ? words.token : words.noToken, parts, copy, copied, notCopied };
}
