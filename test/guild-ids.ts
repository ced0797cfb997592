// Guild ids pass through the server on a lookup without JavaScript; nothing may keep them.
import { readFile } from 'node:fs/promises';
import t from 'tap';
import { serve } from './harness.js';

const GUILD = '81384788765712384';

void t.test('Guild ids are in no log line, and in no state', async (t) => {
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:240:My Bot' });
  for (const path of [
    `/api/lookup?guild=${GUILD}`,
    `/?guild=${GUILD}`,
    `/plain?guild=${GUILD}`,
    `/?guild=<@${GUILD}>`,
    `/api/nothing/${GUILD}`,
  ])
    await (await fetch(server.base + path)).text();
  await server.stop();
  t.notMatch(server.log.join('\n'), GUILD);
  t.notMatch(await readFile(server.statePath, 'utf8'), GUILD);
});
