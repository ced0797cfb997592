// The form that exchanges a token for a session, and what it says when that cannot be.
import { html } from 'htm/preact';
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { SessionView } from '../../shared/operator-wire.js';
import type { Verdict } from '../health.js';
import { signIn } from '../requests.js';
import type { ViewProps } from '../scripts.js';
import type { Asking } from '../store.js';
import { signInWords } from '../sign-in-words.js';
import { headline } from './parts.js';

interface SignInProps {
  session: SessionView;
  asking: Asking;
  done: () => void;
}

export const signInVerdict = (): Verdict => {
  const { title } = signInWords;
  return { group: 'unknown', sentence: title, short: title };
};

export const signInView = ({ state: { session, asking }, signedIn }: ViewProps): VNode =>
  html`<${SignIn} key=${asking} session=${session} asking=${asking} done=${signedIn} />`;

function SignIn({ session, asking, done }: SignInProps): VNode {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState(asking === 'wrong' ? signInWords.wrong : '');
  const { viewer, operator } = session.closed;
  if (viewer !== null && operator !== null) return closed([...new Set([viewer, operator])]);
  const onSubmit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const field = (event.currentTarget as HTMLFormElement).elements.namedItem('token') as HTMLInputElement;
    const token = field.value.trim();
    if (token === '') return setProblem(signInWords.empty);
    setBusy(true);
    setProblem('');
    const outcome = await signIn(token);
    setBusy(false);
    if (outcome.ok) return done();
    setProblem(outcome.why);
    field.select();
  };
  const notice = asking === 'first' || asking === 'wrong' ? '' : signInWords[asking];
  return html`<div class="sign-in">
    ${headline('unknown', signInWords.title, notice)}
    <form onSubmit=${onSubmit}>
      <input hidden readonly name="username" autocomplete="username" value=${location.host} />
      <label for="token">${signInWords.label}</label>
      <div class="field">
        <input
          id="token"
          name="token"
          type="password"
          autocomplete="current-password"
          autofocus
          maxlength="1024"
          aria-describedby="token-hint problem"
          aria-invalid=${problem !== ''}
        />
        <button disabled=${isBusy}>${isBusy ? signInWords.busy : signInWords.button}</button>
      </div>
      <p id="problem" class="problem" role="alert">${problem}</p>
      <p id="token-hint" class="quiet">${signInWords.hint}</p>
    </form>
  </div>`;
}

const closed = (reasons: readonly string[]): VNode =>
  html`<div class="sign-in">
    ${headline('unknown', signInWords.closed, null)}
    ${reasons.map((reason) => html`<p key=${reason}>${reason}</p>`)}
  </div>`;
