// Reads the Glance feed as the original's front end does, and breaks on what breaks that.

export interface OldPage {
  /** One frame; throws where the old page would. */
  read: (frame: string) => void;
  /** The state it shows, by bot and shard; undefined for a shard it does not know. */
  shown: (bot: string, shard: number) => number | undefined;
}

interface Hello {
  op: 'hello';
  payload: Record<string, { len: number } & Record<string, { state: number; last_healthy: number }>>;
}

interface Update {
  op: 'state_update' | 'health_ping';
  payload: { cluster: string; shard: number; state?: number };
}

export function createOldPage(): OldPage {
  const tiles = new Map<string, (number | undefined)[]>();
  const hello = ({ payload }: Hello): void => {
    if (tiles.size > 0) throw new Error('a second hello');
    for (const [bot, { len, ...shards }] of Object.entries(payload)) {
      if (!(len > 0)) throw new Error(`${bot} is no bot with shards`);
      tiles.set(bot, new Array<undefined>(len).fill(undefined));
      for (const [shard, { state }] of Object.entries(shards)) show(bot, Number(shard), state);
    }
  };
  const show = (bot: string, shard: number, state: number): void => {
    const row = tiles.get(bot);
    if (!row || !(shard >= 0 && shard < row.length)) throw new Error(`no tile ${shard} of ${bot}`);
    row[shard] = state;
  };
  const update = ({ op, payload: { cluster, shard, state } }: Update): void => {
    const known = tiles.get(cluster)?.[shard];
    if (op === 'health_ping' && known === undefined) throw new Error(`a ping of the unknown shard ${shard}`);
    if (op === 'state_update' && state === undefined) throw new Error('an update without a state');
    if (state !== undefined) show(cluster, shard, state);
  };
  return {
    read: (frame) => {
      const message = JSON.parse(frame) as Hello | Update;
      if (Object.keys(message).join() !== 'op,payload') throw new Error('a frame of other keys');
      if (message.op === 'hello') hello(message);
      else if (tiles.size === 0) throw new Error('an update before the hello');
      else update(message);
    },
    shown: (bot, shard) => tiles.get(bot)?.[shard],
  };
}
