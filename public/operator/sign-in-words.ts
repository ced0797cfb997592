// What the sign-in form says.

export const signInWords = {
  title: 'Sign in',
  label: 'Token',
  button: 'Sign in',
  busy: 'Signing in…',
  hint: 'An operator token may look and act, a viewer token may look. This browser stays signed in for 12 hours.',
  wrong: 'The token in that link opens nothing here. Paste the right one.',
  ended: 'Your session has ended: it ran out, or its token was changed. Sign in again to go on.',
  left: 'You are signed out.',
  unkept:
    'The token is right, but your browser did not keep the session cookie. Open this page at its https address, and allow cookies for it.',
  closed: 'Nobody can sign in here yet',
  empty: 'Paste a token first.',
};
