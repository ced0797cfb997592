// What the views of a cluster and of a shard say.

export const clusterWords = {
  since: (status: string, clock: string, duration: string): string =>
    `${status} since ${clock} (${duration})`,
  online: (n: number, of: number): string => `${n === 0 ? 'none' : n} of ${of} online`,
  heard: (ago: string): string => `last heard from ${ago}`,
  trouble: 'What to look at',
  trends: 'Values',
  trend: (name: string): string => `${name}, trend`,
  about: 'About',
  shards: 'Shards',
  points: (n: number): string => (n < 2 ? 'The charts begin with the second report.' : ''),
  facts: {
    bot: 'Bot',
    host: 'Host',
    version: 'Version',
    library: 'Library',
    argus: 'Argus',
    scrape: 'Scrape target',
    dropped: 'Not understood',
    first: 'First seen',
    last: 'Last heard from',
    lease: 'Lease',
    addresses: 'Addresses',
    configured: 'Shards expected',
    reconnects: 'Reconnects',
    disconnects: 'Disconnects',
    lag: 'Event loop lag',
  },
  lease: { none: 'None', held: 'Held', required: 'Required; the next registration gets one' },
  assigned: 'set by an operator',
  unused: 'not reported',
  unreported: 'nothing reported yet',
  /** What to do about it. */
  advice: {
    'double-claim': 'Two processes may be running the same shards.',
    'snapshot-too-large':
      'So we only know that it is alive. Raise SHARDLIGHT_MAX_BODY_BYTES, or send fewer metrics.',
    'two-senders': 'Each overwrites what the other says. Give each an identity of its own.',
    'two-addresses': 'Two processes may share one identity.',
  },
};

export const shardWords = {
  since: (clock: string, duration: string): string => `since ${clock} (${duration})`,
  cluster: 'Cluster',
  latency: 'Latency',
  guilds: 'Guilds',
  unavailable: 'Unavailable guilds',
  claims: 'Who reports what',
  noClaims: 'Nobody reports it.',
  claim: { holder: 'Holder', state: 'State', since: 'Since', seen: 'Last heard from', decides: 'Counts' },
  decides: 'This report counts',
  glance: 'Glance route',
  batch: 'Batch route',
  before: (shard: number): string => `← Shard ${shard}`,
  after: (shard: number): string => `Shard ${shard} →`,
  double: 'Several senders report it as online. The latest report counts.',
};

/** What can be done about a cluster. */
export const clusterActs = {
  title: 'Actions',
  identities: 'Identities (* stands for any characters)',
  banned: 'Banned: nothing is taken from it.',
  forget: {
    open: 'Forget…',
    title: (name: string): string => `Forget ${name}?`,
    text: 'Its numbers, flips and lease go. Its number stays taken; should it come back, it gets a new one.',
    confirm: 'Forget it',
    done: (name: string): string => `${name} is forgotten. Its number stays taken.`,
    up: 'Only a cluster that is not up, or is banned, can be forgotten.',
  },
  ban: {
    open: 'Ban…',
    title: (name: string): string => `Ban ${name}?`,
    text: 'Its reports are refused from then on. Then forget it: its shards go with it, and it stays forgotten.',
    confirm: 'Ban',
    done: (glob: string): string => `${glob} is banned. You can forget the cluster now.`,
  },
  allow: {
    open: 'Lift ban…',
    title: (name: string): string => `Lift the ban of ${name}?`,
    text: 'Its reports are taken again.',
    confirm: 'Lift ban',
    done: (glob: string): string => `${glob} is not banned any more.`,
  },
  release: {
    open: 'Release lease…',
    title: (name: string): string => `Release the lease of ${name}?`,
    text: 'Whoever registers next under this identity gets the lease. The process that holds it now is refused from then on.',
    confirm: 'Release it',
    done: (name: string): string => `The lease of ${name} is released. The next registration gets it.`,
  },
  assign: {
    open: 'Assign to a bot…',
    title: (name: string): string => `Which bot is ${name} part of?`,
    text: 'Your word wins over what the cluster says and over SHARDLIGHT_MEMBERS.',
    field: 'Bot',
    rules: 'Let the rules decide',
    confirm: 'Assign',
    done: (name: string, bot: string | null): string =>
      bot === null ? `The rules decide about ${name} again.` : `${name} is part of ${bot} now.`,
  },
};
