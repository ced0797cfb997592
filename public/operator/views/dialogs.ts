// What an operator does is asked first, in a dialog that then says what was done, or why not.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { actWords } from '../act-words.js';
import { act, type Action } from '../requests.js';
import { Dialog } from './dialog.js';
import type { Doing } from './doing.js';

/** What is asked, what is sent, and what is said when it is done. */
export interface Question {
  title: string;
  text: string;
  fields: VNode | null;
  confirm: string;
  isDanger: boolean;
  /** A sentence: what was filled in cannot be sent. */
  read: (form: FormData) => { action: Action; done: string } | string;
}

export const ask = (doing: Doing, question: Question): void =>
  doing.start((close) => html`<${ActionDialog} question=${question} close=${close} />`);

type Step = { is: 'asking' | 'busy' } | { is: 'done'; said: string } | { is: 'failed'; said: string };

function ActionDialog({ question, close }: { question: Question; close: () => void }): VNode {
  const [step, setStep] = useState<Step>({ is: 'asking' });
  const { title, text, fields, confirm, isDanger, read } = question;
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
        <button type="button" class="plain" onClick=${close}>${actWords.cancel}</button>
        <button class=${isDanger ? 'danger' : ''} disabled=${isBusy}>
          ${isBusy ? actWords.busy : confirm}
        </button>
      </div>
    </form><//
  >`;
}

const done = (said: string, close: () => void): VNode =>
  html`<${Dialog} title=${actWords.did} close=${close}>
    <p class="did" role="status">${said}</p>
    <div class="buttons"><button type="button" ref=${focus} onClick=${close}>${actWords.close}</button></div>
  <//>`;

const focus = (element: HTMLElement | null): void => element?.focus();

/** What was filled in, without blanks around it. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
