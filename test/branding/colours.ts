// The accent: readable on both themes, or the start says where it is not and what would be.
import { readFileSync } from 'node:fs';
import t from 'tap';
import { accentMistake, grounds } from '../../server/branding/accent.js';
import { contrast, readableShade } from '../../server/branding/contrast.js';
import { mistakesOf, planOf } from './scene.js';

void t.test('contrast is that of WCAG', (t) => {
  t.equal(contrast('#000000', '#ffffff'), 21);
  t.equal(contrast('#777777', '#777777'), 1);
  t.equal(contrast('#767676', '#ffffff').toFixed(2), '4.54');
  t.end();
});

void t.test('two colours that can be read are taken, dark first', (t) => {
  t.same(planOf({ SHARDLIGHT_ACCENT: '#C4B5FD, #5b21b6' }).branding.accent, {
    dark: '#c4b5fd',
    light: '#5b21b6',
  });
  t.equal(planOf({}).branding.accent, null);
  t.end();
});

void t.test(
  'a colour that cannot be read on a theme refuses the start, names the theme and a shade that can',
  (t) => {
    const [mistake] = mistakesOf({ SHARDLIGHT_ACCENT: '#5865f2' });
    t.match(mistake, { variable: 'SHARDLIGHT_ACCENT', found: /#5865f2 at \d\.\d:1 on the dark theme/ });
    const [, dark, light] = /for example (#\w{6}),(#\w{6})$/.exec(mistake!.accepts)!;
    t.same(mistakesOf({ SHARDLIGHT_ACCENT: `${dark!},${light!}` }), [], 'the example can be copied');
    t.match(mistakesOf({ SHARDLIGHT_ACCENT: '#ffff00,#ffff00' })[0]!.found, 'on the light theme');
    t.equal(accentMistake({ dark: '#ffffff', light: '#000000' }), null);
    t.equal(
      readableShade('#000000', grounds.dark, '#000000'),
      '#000000',
      'towards the wrong end there is none',
    );
    t.end();
  },
);

void t.test('what is no colour is told so', (t) => {
  for (const text of ['red', '#fff', '#12345g', '#111111,#222222,#333333', '#111111;'])
    t.match(mistakesOf({ SHARDLIGHT_ACCENT: text })[0], {
      variable: 'SHARDLIGHT_ACCENT',
      found: `"${text}"`,
    });
  t.end();
});

void t.test('the accent is checked against the grounds that the style has', (t) => {
  const css = readFileSync('public/style/tokens.css', 'utf8');
  for (const [ground, raised] of Object.values(grounds))
    t.match(css, new RegExp(`--ground: ${ground};\\s*--raised: ${raised};`));
  t.end();
});
