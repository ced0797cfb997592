// Files that the program before wrote: 5,000 clusters, open incidents, an operator's words, and a journal that a crash cut off.
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { incidentRecords } from '../../server/core/past/incidents.js';
import type { World } from '../../server/core/world.js';
import { FileLog } from '../../server/log/file-log.js';
import { nothing, upgraded } from '../../server/log/older.js';
import { openLogOrThrow } from '../../server/log/open.js';
import { learning, LEASE, rulesWith, Scene, T0 } from '../core/scene.js';
import { live } from './live.js';
import { freshPath, silent } from './rig.js';

const folder = 'test/fixtures/older-state';
const unpacked = async (name: string): Promise<Buffer> => gunzipSync(await readFile(`${folder}/${name}.gz`));

/** What the program before made of the same files. */
interface Expected {
  savedAt: number;
  clusters: number;
  registry: string;
  numbers: [string, number][];
  bans: string[];
  bots: unknown[];
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

function found({ clusters, numbers, bans, bots }: World): Omit<Expected, 'savedAt'> {
  const lines = [...clusters.values()].map((one) =>
    JSON.stringify([
      ...[one.identity, one.bot.key, one.fleet, one.number, [...one.numbers], one.version],
      ...[one.saidBot, one.assignedBot, one.leaseHash, one.host, one.scrapeTarget],
    ]),
  );
  return {
    clusters: clusters.size,
    registry: hash(lines.sort().join('\n')),
    numbers: [...numbers],
    bans: [...bans],
    bots: [...bots.values()].map(({ key, setName, setShardCount, shardCount, incidents }) => ({
      key,
      setName,
      setShardCount,
      shardCount,
      incidents: incidents.count,
      open: hash(
        JSON.stringify(
          incidentRecords(incidents)
            .filter(({ endedAt }) => endedAt === null)
            .map(({ number, shards, down, startedAt }) => [number, shards, down, startedAt]),
        ),
      ),
    })),
  };
}

const rules = learning({ maxClusters: 6_000, requireLease: true });

async function begun(t: Test, path: string, at: number): Promise<{ scene: Scene; log: FileLog }> {
  const opened = await openLogOrThrow(path, { namespace: 'discord', rules }, at);
  const say = { ...silent.say, error: (line: string) => void t.fail(line) };
  const schedule = (): void => undefined;
  const log = new FileLog({ ...silent, opened, clock: () => at, schedule, say });
  const { scene } = await live(log, { rules, at });
  return { scene, log };
}

void t.test('they are taken over whole, and again after a crash before the first save', async (t) => {
  const path = await freshPath(t);
  await writeFile(path, await unpacked('state.json'));
  await writeFile(`${path}.journal`, await unpacked('state.json.journal'));
  const expected = JSON.parse(await readFile(`${folder}/expected.json`, 'utf8')) as Expected;
  const { savedAt, ...what } = expected;
  const first = await begun(t, path, savedAt);
  t.same(found(first.scene.world), what);
  await first.log.close();
  const second = await begun(t, path, savedAt);
  t.same(found(second.scene.world), what, 'the old state file, and today’s events behind the old journal’s');
  await second.log.finish();
  await second.log.close();
  t.match(JSON.parse(await readFile(path, 'utf8')), { version: 3 });
  const third = await begun(t, path, savedAt);
  t.same(found(third.scene.world), what, 'today’s files');
  await third.log.close();
});

void t.test('a time from the future counts as that of the save: silence after it is noticed', (t) => {
  const ahead = T0 + 365 * 86_400_000;
  const signs = { seenAt: ahead, declaredCount: null, declaredAt: ahead };
  const claims: [number, number, number, number, number][] = [[0, 3, ahead, ahead, 0]];
  const bot = {
    key: 'main',
    shardCount: 4,
    setName: null,
    saidName: null,
    setShardCount: null,
    declared: true,
  };
  const lengths = { unhealthy: [], offline: [], starting: [], resuming: [] };
  const record = upgraded(
    {
      ...nothing(T0),
      unheardBefore: ahead,
      bots: [
        {
          ...bot,
          heardAt: ahead,
          flippedTo: '3',
          glance: { ...signs, claims },
          batch: null,
          history: { count: 0, incidents: [], recoveries: lengths },
        },
      ],
    },
    rulesWith(),
  );
  const after = new Scene(undefined, T0 + 1_000, record);
  t.equal(after.view().heardAt, T0);
  t.equal(after.since(0), 0);
  after.pass(2 * LEASE);
  t.same(after.states()[0], 'unhealthy');
  t.end();
});
