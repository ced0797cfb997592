// What an operator does is asked first, in a dialog that then says what was done, or why not.
import { html } from 'htm/preact';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { act, type Action } from '../requests.js';
import { words } from '../words.js';
import type { Wish } from './doing.js';
import { clusterName } from './parts.js';

/** What is asked, what is sent, and what is said when it is done. */
interface Question {
  title: string;
  text: string;
  fields: VNode | null;
  confirm: string;
  isDanger: boolean;
  /** A sentence: what was filled in cannot be sent. */
  read: (form: FormData) => { action: Action; done: string } | string;
}

export interface DialogProps {
  title: string;
  close: () => void;
  children?: ComponentChildren;
}

/** A native modal dialog: the browser keeps the focus in it, and Esc closes it. */
export function Dialog({ title, close, children }: DialogProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current!;
    element.showModal();
    return () => element.close();
  }, []);
  const onClick = (event: MouseEvent): void => {
    if (event.target === dialog.current) close(); // the backdrop is part of the dialog
  };
  return html`<dialog ref=${dialog} aria-labelledby="dialog-title" onClose=${close} onClick=${onClick}>
    <div class="dialog">
      <h2 id="dialog-title">${title}</h2>
      ${children}
    </div>
  </dialog>`;
}

type Step = { is: 'asking' | 'busy' } | { is: 'done'; said: string } | { is: 'failed'; said: string };

export function ActionDialog({ wish, close }: { wish: Wish; close: () => void }): VNode {
  const [step, setStep] = useState<Step>({ is: 'asking' });
  const { title, text, fields, confirm, isDanger, read } = questionOf(wish);
  const onSubmit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const wanted = read(new FormData(event.currentTarget as HTMLFormElement));
    if (typeof wanted === 'string') return setStep({ is: 'failed', said: wanted });
    setStep({ is: 'busy' });
    const outcome = await act(wanted.action);
    setStep(outcome.ok ? { is: 'done', said: wanted.done } : { is: 'failed', said: outcome.why });
  };
  const isBusy = step.is === 'busy';
  if (step.is === 'done') return done(step.said, close);
  return html`<${Dialog} title=${title} close=${close}
    ><form onSubmit=${onSubmit}>
      <p>${text}</p>
      ${fields}
      <p class="problem" role="alert">${step.is === 'failed' ? step.said : ''}</p>
      <div class="buttons">
        <button type="button" class="plain" onClick=${close}>${words.act.cancel}</button>
        <button class=${isDanger ? 'danger' : ''} disabled=${isBusy}>
          ${isBusy ? words.act.busy : confirm}
        </button>
      </div>
    </form><//
  >`;
}

const done = (said: string, close: () => void): VNode =>
  html`<${Dialog} title=${words.act.did} close=${close}>
    <p class="did" role="status">${said}</p>
    <div class="buttons"><button type="button" ref=${focus} onClick=${close}>${words.act.close}</button></div>
  <//>`;

const focus = (element: HTMLElement | null): void => element?.focus();

function questionOf(wish: Wish): Question {
  switch (wish.kind) {
    case 'forget':
    case 'release':
      return aboutCluster(wish);
    case 'ban':
    case 'allow':
      return banning(wish);
    case 'assign':
      return assigning(wish);
    case 'bot':
      return editing(wish);
  }
}

function aboutCluster({ kind, cluster }: Extract<Wish, { kind: 'forget' | 'release' }>): Question {
  const { title, text, confirm, done } = words.act[kind];
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

function banning({ kind, cluster, glob }: Extract<Wish, { kind: 'ban' | 'allow' }>): Question {
  const { title, text, confirm, done } = words.act[kind];
  const isBan = kind === 'ban';
  const fields = html`<label
    >${words.act.identities}
    <input name="glob" maxlength="128" defaultValue=${glob} readonly=${!isBan} required autocomplete="off"
  /></label>`;
  const read: Question['read'] = (form) => {
    const said = textOf(form, 'glob');
    return { action: { path: 'ban', body: { glob: said, banned: isBan } }, done: done(said) };
  };
  return { title: title(clusterName(cluster)), text, fields, confirm, isDanger: isBan, read };
}

function assigning({ cluster, assigned, bots }: Extract<Wish, { kind: 'assign' }>): Question {
  const { title, text, field, rules, confirm, done } = words.act.assign;
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

const MAX_SHARDS = 16_384;

function editing({ bot }: Extract<Wish, { kind: 'bot' }>): Question {
  const { title, text, name: nameLabel, shards, confirm, done, badCount } = words.act.bot;
  const fields = html`<label
      >${nameLabel}
      <input
        name="name"
        maxlength="100"
        defaultValue=${bot.setName ?? ''}
        placeholder=${bot.name}
        autocomplete="off"
    /></label>
    <label
      >${shards}
      <input
        name="shards"
        inputmode="numeric"
        maxlength="6"
        defaultValue=${bot.setShardCount ?? ''}
        placeholder=${`${bot.shardCount}`}
        autocomplete="off"
    /></label>`;
  const read: Question['read'] = (form) => {
    const name = textOf(form, 'name') || null;
    const count = textOf(form, 'shards').replaceAll(',', '');
    const shardCount = count === '' ? null : Number(count);
    const isWrong =
      shardCount !== null && !(/^\d+$/.test(count) && shardCount >= 1 && shardCount <= MAX_SHARDS);
    if (isWrong) return badCount;
    return {
      action: { path: 'bot', body: { bot: bot.key, name, shard_count: shardCount } },
      done: done(name ?? bot.key),
    };
  };
  return { title: title(bot.name), text, fields, confirm, isDanger: false, read };
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
