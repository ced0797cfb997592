// Bans: of identities that match a glob nothing is taken, and what is forgotten of them stays forgotten.
import t from 'tap';
import type { Answer } from '../../server/core/answer.js';
import { learning, Scene } from './scene.js';

const ban = (scene: Scene, glob: string, banned = true): Answer =>
  scene.tell({ type: 'ban', at: scene.at, glob, banned });

/** Everything that an identity can say. */
function said(scene: Scene, identity: string): string[] {
  const { at } = scene;
  const answers = [
    scene.register(identity),
    scene.beat(identity, { 0: 'online' }),
    scene.someShards(identity, { 0: 'online' }),
    scene.tell({ type: 'oversize', at, identity, shownHash: null }),
    scene.tell({ type: 'goodbye', at, identity, shownHash: null }),
  ];
  return answers.map((answer) => (answer.ok ? 'ok' : `${answer.reason}: ${answer.error}`));
}

const BANNED = Array.from({ length: 5 }, () => 'banned: identity is banned');
const FINE = Array.from({ length: 5 }, () => 'ok');

void t.test('of the banned nothing is taken, whether they are known or not', (t) => {
  const scene = new Scene();
  t.same(said(scene, 'evil-1'), FINE);
  t.same(ban(scene, 'evil-*'), { ok: true });
  t.same(said(scene, 'evil-1'), BANNED);
  t.same(said(scene, 'evil-2'), BANNED);
  t.same(said(scene, 'good'), FINE);
  t.equal(scene.world.clusters.get('evil-1')?.status, 'stopped', 'as it was');
  ban(scene, 'good');
  t.same(said(scene, 'good'), BANNED, 'without a star it is that identity alone');
  t.same(said(scene, 'goods'), FINE);
  t.end();
});

void t.test('a ban is taken back by its own glob', (t) => {
  const scene = new Scene();
  said(scene, 'evil-1');
  ban(scene, 'evil-*');
  ban(scene, '*-1');
  t.match(ban(scene, 'evil-1', false), {
    ok: false,
    reason: 'unknown-ban',
    error: "there is no ban of 'evil-1' (banned: evil-*, *-1)",
  });
  ban(scene, 'evil-*', false);
  t.same(said(scene, 'evil-1'), BANNED, 'another one matches still');
  ban(scene, '*-1', false);
  t.same(said(scene, 'evil-1'), FINE);
  t.match(ban(scene, '*-1', false), { error: /nothing is banned/ });
  t.end();
});

void t.test('a banned cluster that beats is forgotten, and stays so', (t) => {
  const scene = new Scene();
  scene.register('evil');
  scene.beat('evil', { 0: 'online' });
  const forget = (): Answer => scene.tell({ type: 'forget', at: scene.at, identity: 'evil' });
  t.match(forget(), { ok: false, reason: 'still-up' });
  ban(scene, 'evil');
  t.same(forget(), { ok: true });
  t.equal(scene.state(0), 'unknown');
  t.same(said(scene, 'evil'), BANNED);
  t.equal(scene.world.clusters.has('evil'), false);
  ban(scene, 'evil', false);
  t.match(scene.register('evil'), { ok: true, number: 2 });
  t.end();
});

void t.test('bans come back from the state file and from the journal', (t) => {
  const scene = new Scene(learning());
  scene.register('evil-1');
  ban(scene, 'evil-*');
  const saved = scene.restart();
  t.same(said(saved, 'evil-1'), BANNED);
  t.same(said(saved, 'evil-2'), BANNED);
  const events = [
    { type: 'ban', at: saved.at, glob: 'evil-*', banned: false },
    { type: 'ban', at: saved.at, glob: 'good', banned: true },
  ] as const;
  const replayed = saved.restart({ events });
  t.same(said(replayed, 'evil-1'), FINE);
  t.same(said(replayed, 'good'), BANNED);
  t.same(saved.record().bans, ['evil-*']);
  t.end();
});
