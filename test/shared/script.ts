// The script's rules that need no browser: frames and waiting.
import fc from 'fast-check';
import t from 'tap';
import { applyFrame, readFrame, type Known } from '../../public/status/frames.js';
import { waitAfter } from '../../public/shared/reconnect.js';
import type { LiveFrame, PatchFrame } from '../../public/shared/wire.js';
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
    ({
      op: 'patch',
      v,
      at: NOW,
      bots: [{ key: 'main', heardAt: NOW, shards: { ids: '1', states: '2', since: '0' } }],
    }) as const;
  const read = (v: number) => applyFrame({ view, coming: null }, readFrame(JSON.stringify(patch(v)))!);
  t.match(read(813), {
    view: { version: 813, bots: [{ states: '32', notReady: [[1, NOW]] }] },
    coming: null,
  });
  t.same(read(812), { view, coming: null });
  t.equal(read(814), 'gap');
  t.end();
});

void t.test('a snapshot replaces the view, an alive frame keeps its version', (t) => {
  const view = viewOf(botOf('33'));
  const { key, name, shardCount, certain, heardAt, usual } = botOf('22');
  const bots = [
    { key, whole: { key, name, shardCount, certain, heardAt, usual } },
    { key, heardAt, shards: { ids: '0-1', states: '22', since: '-130000 0' } },
  ];
  const snapshot = { op: 'snapshot', e: 'e2', v: 9, at: NOW, title: 'Other', bots, incidents: [] } as const;
  t.same(applyFrame({ view, coming: null }, { ...snapshot, incidents: [] }), {
    view: { ...viewOf(botOf('22')), version: 9, epoch: 'e2', title: 'Other' },
    coming: null,
  });
  t.match(applyFrame({ view, coming: null }, { op: 'alive', at: NOW + 1, heardAt: {} }), {
    view: { version: 812, at: NOW + 1 },
  });
  t.end();
});

void t.test(
  'what comes in pieces is shown once it is whole, and an old piece that comes again does no harm',
  (t) => {
    const view = viewOf(botOf('3333'));
    const piece = (v: number, id: number, more: boolean): PatchFrame => ({
      ...{ op: 'patch', v, at: NOW },
      bots: [{ key: 'main', heardAt: NOW, shards: { ids: `${id}`, states: '2', since: '0' } }],
      ...(more ? { more: true } : {}),
    });
    const frames: LiveFrame[] = [
      piece(813, 0, true),
      piece(813, 0, true),
      { op: 'alive', at: NOW + 1, heardAt: { main: NOW + 1 } },
      piece(814, 1, true),
      piece(812, 3, false),
      piece(815, 2, false),
    ];
    let known: Known = { view, coming: null };
    const seen = frames.map((frame) => {
      known = applyFrame(known, frame) as Known;
      return `${known.view.version} ${known.view.bots[0]!.states}`;
    });
    t.same(seen, [...Array<string>(5).fill('812 3333'), '815 2223']);
    t.equal(applyFrame({ view, coming: null }, piece(814, 1, true)), 'gap');
    t.end();
  },
);

void t.test('after a close it waits as long as the server says, or longer each time, with jitter', (t) => {
  t.equal(waitAfter(1012, '2500', 0, 0.5), 2_500);
  t.equal(waitAfter(4008, '', 0, 0.5), 60_000);
  t.equal(waitAfter(1006, '', 0, 0), 1_000);
  t.equal(waitAfter(1006, '', 20, 1), 30_000);
  t.ok(waitAfter(1012, 'soon', 3, 0) >= 1_000);
  t.not(waitAfter(1006, '', 3, 0), waitAfter(1006, '', 3, 1));
  t.end();
});
