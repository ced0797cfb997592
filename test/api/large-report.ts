// RULES 42 over HTTP: who reports very many shards is answered when everybody can see them.
import t from 'tap';
import { post, serve, until } from '../harness.js';
import { view } from '../compat/member.js';

const SHARDS = 16_384;
const LAST = SHARDS - 1;

void t.test('a report of 16,384 shards is applied when it is answered, whoever sends it', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: `main:${SHARDS}`, SHARDLIGHT_AUDIT_LOG: '1' });
  const rows = (state: string): object[] => Array.from({ length: SHARDS }, (_, id) => ({ id, state }));
  const last = async (): Promise<unknown> =>
    (await fetch(`${server.base}/api/bots/main/shards/${LAST}`)).json();
  await post(`${server.base}/fleet/register`, { identity: 'a' });
  const beaten = await post(`${server.base}/fleet/heartbeat`, { identity: 'a', shards: rows('offline') });
  t.equal(beaten.status, 204);
  t.match(await last(), { state: 'offline' });
  const taken = await post(`${server.base}/api/bots/main/shards`, { shards: rows('online') });
  t.same(await taken.json(), { accepted: SHARDS, rejected: [] });
  t.match(await last(), { state: 'online' });
  t.match(server.log.at(-1), /audit batch identity=main .*outcome=ok$/, 'and audited');
  t.same((await post(`${server.base}/api/status/main/${LAST}/2`)).status, 204);
  const said = await until(async () => {
    const [bot] = (await view(server)).bots;
    return bot?.counts.online === SHARDS && bot;
  });
  t.equal(said.states, '3'.repeat(SHARDS));
});
