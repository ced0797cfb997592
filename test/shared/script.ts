// The script's rules that need no browser: frames and waiting.
import fc from 'fast-check';
import t from 'tap';
import { applyFrame, readFrame } from '../../public/status/frames.js';
import { waitAfter } from '../../public/shared/wait.js';
import { botOf, NOW, viewOf } from './views.js';

void t.test('a frame that is none is null and nothing throws', (t) => {
  t.equal(readFrame('{"op":"hello"}'), null);
  t.equal(readFrame('null'), null);
  fc.assert(fc.property(fc.string(), (text) => readFrame(text) === null));
  t.end();
});

void t.test('a patch that follows is applied, an old one ignored, a missing one noticed', (t) => {
  const view = viewOf(botOf('33'));
  const patch = (v: number) =>
    ({ op: 'patch', v, at: NOW, bots: [{ key: 'main', heardAt: NOW, shards: [[1, 2, NOW]] }] }) as const;
  const read = (v: number) => applyFrame(view, readFrame(JSON.stringify(patch(v)))!);
  t.match(read(813), { version: 813, bots: [{ states: '32' }] });
  t.equal(read(812), view);
  t.equal(read(814), 'gap');
  t.end();
});

void t.test('a snapshot replaces the view, an alive frame keeps its version', (t) => {
  const view = viewOf(botOf('33'));
  const other = viewOf(botOf('22'));
  t.equal(applyFrame(view, { op: 'snapshot', view: other }), other);
  t.match(applyFrame(view, { op: 'alive', at: NOW + 1, heardAt: {} }), { version: 812, at: NOW + 1 });
  t.end();
});

void t.test('after a close it waits as long as the server says, or longer each time, with jitter', (t) => {
  t.equal(waitAfter(1012, '2500', 0, 0.5), 2_500);
  t.equal(waitAfter(4008, '', 0, 0.5), 60_000);
  t.equal(waitAfter(1006, '', 0, 0), 1_000);
  t.equal(waitAfter(1006, '', 20, 1), 30_000);
  t.ok(waitAfter(1012, 'soon', 3, 0) >= 1_000);
  t.not(waitAfter(1006, '', 3, 0), waitAfter(1006, '', 3, 1));
  t.end();
});
