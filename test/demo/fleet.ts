// The pretend fleet at any size: every shard has one host, and there are not too many of these.
import t from 'tap';
import { membersOf, playingBots } from '../../scripts/demo/fleet.js';

void t.test('a bot of any size is divided into at most 256 clusters, each shard in one', (t) => {
  for (const [shards, clusters] of [
    [1, 1],
    [17, 2],
    [240, 15],
    [3_584, 224],
    [4_097, 241],
    [16_384, 256],
  ] as const) {
    const [big] = playingBots(shards);
    const members = membersOf([big!]);
    t.equal(members.length, clusters, `${shards} shards`);
    t.same(
      members.flatMap((member) => member.shards),
      Array.from({ length: shards }, (_, id) => id),
    );
    t.ok(members.every((member) => member.shards.length > 0 && member.memberCount === clusters));
  }
  t.end();
});

void t.test('every dialect has its bot, and every member its own identity', (t) => {
  const bots = playingBots(240);
  t.same(
    bots.map(({ dialect }) => dialect),
    ['argus', 'member', 'batch', 'glance'],
  );
  const members = membersOf(bots);
  t.equal(new Set(members.map(({ identity }) => identity)).size, members.length);
  t.equal(members.filter(({ fleet }) => fleet === 'oceania').length, 3);
  t.end();
});
