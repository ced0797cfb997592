// What is asked before something is done about a cluster.
import { html } from 'htm/preact';
import type { BotRow, ClusterRow } from '../../shared/operator-wire.js';
import { clusterActs } from '../cluster-words.js';
import type { Action } from '../requests.js';
import { textOf, type Question } from './dialogs.js';
import { clusterName } from './parts.js';

/** Forgets it, or releases its lease. */
export function aboutCluster(kind: 'forget' | 'release', cluster: ClusterRow): Question {
  const { title, text, confirm, done } = clusterActs[kind];
  const { identity } = cluster;
  const name = clusterName(cluster);
  const path = kind === 'forget' ? 'forget' : 'release-lease';
  const action: Action = { path, body: { identity } };
  const fields = html`<p><code>${identity}</code></p>`;
  return {
    title: title(name),
    text,
    fields,
    confirm,
    isDanger: true,
    read: () => ({ action, done: done(name) }),
  };
}

export function banning(kind: 'ban' | 'allow', cluster: ClusterRow, glob: string): Question {
  const { title, text, confirm, done } = clusterActs[kind];
  const isBan = kind === 'ban';
  const fields = html`<label
    >${clusterActs.identities}
    <input name="glob" maxlength="128" defaultValue=${glob} readonly=${!isBan} required autocomplete="off"
  /></label>`;
  const read: Question['read'] = (form) => {
    const said = textOf(form, 'glob');
    return { action: { path: 'ban', body: { glob: said, banned: isBan } }, done: done(said) };
  };
  return { title: title(clusterName(cluster)), text, fields, confirm, isDanger: isBan, read };
}

export function assigning(cluster: ClusterRow, assigned: string | null, bots: readonly BotRow[]): Question {
  const { title, text, field, rules, confirm, done } = clusterActs.assign;
  const name = clusterName(cluster);
  const fields = html`<label
    >${field}
    <select name="bot" defaultValue=${assigned ?? ''}>
      <option value="" selected=${assigned === null}>${rules}</option>
      ${bots.map((bot) => html`<option key=${bot.key} value=${bot.key} selected=${bot.key === assigned}>${bot.name}</option>`)}
    </select></label
  >`;
  const read: Question['read'] = (form) => {
    const bot = textOf(form, 'bot') || null;
    const called = bots.find(({ key }) => key === bot)?.name ?? bot;
    return {
      action: { path: 'assign', body: { identity: cluster.identity, bot } },
      done: done(name, called),
    };
  };
  return { title: title(name), text, fields, confirm, isDanger: false, read };
}
