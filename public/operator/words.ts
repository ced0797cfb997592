// Every word of the operator view. It is in English only: those who run bots read its names in code and logs anyway.
import type { ClusterStatusName } from '../shared/operator-wire.js';
import type { ShownName, StateName } from '../shared/states.js';
import { counted, many } from './count.js';
import { trouble, verdict } from './trouble-words.js';

const state: Record<ShownName, string> = {
  unknown: 'Unknown',
  unhealthy: 'Not responding',
  offline: 'Offline',
  online: 'Online',
  starting: 'Starting',
  stopping: 'Stopping',
  resuming: 'Resuming',
  stopped: 'Stopped on purpose',
};

const status: Record<ClusterStatusName, string> = { up: 'Up', down: 'Down', stopped: 'Stopped on purpose' };

const verbs: Record<StateName, string> = {
  unknown: 'became unknown',
  unhealthy: 'stopped responding',
  offline: 'went offline',
  online: 'came online',
  starting: 'began starting',
  stopping: 'began stopping',
  resuming: 'began resuming',
};

export const words = {
  moment: 'less than a minute',
  noAnswer: 'The server did not answer. Is it running? Try again in a moment.',
  refused: (code: number): string => `The server refused this with status ${code} and gave no reason.`,
  loading: 'Loading…',
  none: '–',
  state,
  status,

  page: {
    title: 'Operators',
    all: 'Overview',
    here: 'You are here',
    connect: 'Connect',
    signOut: 'Sign out',
    keys: 'Keys',
    publicPage: 'Status page',
    skip: 'Skip to the content',
    theme: 'Theme',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
    open: 'Open: no token is configured, so everyone on this machine may look and act.',
    roles: { viewer: 'viewer', operator: 'operator', open: 'open' },
    menu: 'Menu',
  },

  link: {
    connecting: 'Connecting…',
    live: 'Live',
    lost: (clock: string): string => `Reconnecting… What you see is from ${clock}.`,
    behind: (clock: string): string => `Behind: the server is silent. What you see is from ${clock}.`,
    full: (clock: string): string => `Too many pages are open here. What you see is from ${clock}.`,
    first: 'Reconnecting… The server does not answer yet.',
    title: 'Reconnecting',
    blocked:
      'The server answers, but no live connection gets through to it: a proxy or network in between blocks WebSockets. ' +
      'Let the proxy pass on the headers Upgrade and Connection. This page keeps trying.',
    plain: 'The state as text',
  },

  refusedHere: {
    title: 'Live data is refused at this address',
    then: 'This page tries again by itself.',
  },

  signIn: {
    title: 'Sign in',
    label: 'Token',
    button: 'Sign in',
    busy: 'Signing in…',
    hint: 'An operator token may look and act, a viewer token may look. This browser stays signed in for 12 hours.',
    wrong: 'The token in that link opens nothing here. Paste the right one.',
    ended: 'Your session has ended: it ran out, or its token was changed. Sign in again to go on.',
    left: 'You are signed out.',
    unkept:
      'The token is right, but your browser did not keep the session cookie. Open this page at its https address, and allow cookies for it.',
    closed: 'Nobody can sign in here yet',
    empty: 'Paste a token first.',
  },

  trouble,
  verdict,

  cluster: {
    name: (fleet: string, number: number): string => `${fleet} #${number}`,
    since: (status: string, clock: string, duration: string): string =>
      `${status} since ${clock} (${duration})`,
    heard: (ago: string): string => `last heard from ${ago}`,
    trouble: 'What to look at',
    trends: 'Values',
    about: 'About',
    shards: 'Shards',
    flips: 'What changed',
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
  },

  shard: {
    name: (shard: number, bot: string): string => `Shard ${shard} of ${bot}`,
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
    flips: 'What changed',
    before: (shard: number): string => `← Shard ${shard}`,
    after: (shard: number): string => `Shard ${shard} →`,
    double: 'Several senders report it as online. The latest report counts.',
  },

  global: {
    totals: 'Totals',
    worst: 'What is wrong',
    all: (n: number): string => `Show all ${counted(n)}`,
    more: (n: number): string => `${many(n, 'more cluster')} in their fleets.`,
    fine: (clusters: number): string => `Nothing is wrong with ${many(clusters, 'other cluster')}.`,
    allFine: 'Nothing is wrong.',
    full: (names: string): string =>
      `At its bound: ${names}. What is new is refused. Ban and forget what is not yours, or raise it.`,
    restarting: (n: number): string => `${many(n, 'shard')} ${n === 1 ? 'is' : 'are'} restarting.`,
    flips: 'What changed',
    noFlips: 'Nothing has changed since the records begin.',
    fleets: 'Fleets',
    shards: 'Shards',
    up: (up: number, total: number): string => `${counted(up)}/${counted(total)} up`,
    nothing: 'Nothing is wrong.',
  },

  bot: {
    size: (shards: number, isCertain: boolean): string =>
      isCertain ? many(shards, 'shard') : `at least ${many(shards, 'shard')}`,
    resharding: (counts: readonly number[]): string => `resharding ${counts.join(' → ')}`,
    double: (shards: string): string => `double claims: ${shards}`,
    strip: (name: string, text: string): string => `${name}: ${text}`,
    edit: 'Edit…',
    editLabel: (name: string): string => `Edit ${name}`,
    more: (n: number): string => `and ${many(n, 'more range')}`,
    unreported: 'nothing reported yet',
  },

  fleet: {
    filter: 'Filter clusters',
    filterHint: 'number, identity, status, version',
    shown: (shown: number, total: number): string =>
      shown === total ? many(total, 'cluster') : `${counted(shown)} of ${many(total, 'cluster')}`,
    nothing: 'No cluster matches.',
    worstFirst: 'Worst first',
    table: (fleet: string): string => `Clusters of ${fleet}`,
    columns: {
      number: '#',
      identity: 'Identity',
      status: 'Status',
      since: 'Since',
      spark: 'Trend',
      version: 'Version',
      shards: 'Shards',
    },
  },

  missing: {
    diverted: 'The server does not know the address you opened, so this is the overview.',
    title: 'Not here',
    cluster: (identity: string): string =>
      `There is no cluster “${identity}”. It was forgotten, or it has not registered yet; should it come, it is shown here.`,
    shard: (shard: number, bot: string): string => `There is no shard ${shard} of a bot “${bot}”.`,
    fleet: (fleet: string): string =>
      `There is no fleet “${fleet}”. Should a cluster of it register, it is shown here.`,
    home: 'Go to the overview',
  },

  flip: {
    shard: (shard: number, bot: string): string => `shard ${shard} of ${bot}`,
    shards: (n: number, bot: string): string => `${many(n, 'shard')} of ${bot}`,
    fell: (cause: string, which: string): string => `${cause} went down, ${which}`,
    onPurpose: (n: number): string => `${n === 1 ? 'was' : 'were'} stopped on purpose`,
    verb: (to: StateName, isBack: boolean): string => (isBack ? 'came back online' : verbs[to]),
    older: 'Show more',
  },

  chart: { label: (name: string): string => `${name}, trend`, warn: 'warn', bad: 'bad' },

  search: {
    label: 'Search',
    placeholder: 'Fleet, cluster, shard or server ID',
    none: 'Nothing found.',
    failed: 'The server could not be asked.',
    results: 'Results',
    guild: (bot: string, shard: number): string => `This server is on shard ${shard} of ${bot}`,
    guildGuess: (bot: string, shard: number): string => `This server may be on shard ${shard} of ${bot}`,
    kinds: { fleet: 'Fleet', cluster: 'Cluster', shard: 'Shard', guild: 'Server' },
    direct: 'Direct messages',
  },

  keys: {
    title: 'Keys',
    close: 'Close',
    list: [
      ['/', 'Search everything'],
      ['?', 'Show these keys'],
      ['Esc', 'Close what is open'],
      ['u', 'One level up'],
      ['↑ ↓ Home End', 'Move in a table or a list of results'],
      ['Enter', 'Open the row'],
      ['← →', 'Move along a chart that has the focus'],
    ] as const,
  },

  act: {
    title: 'Actions',
    cancel: 'Cancel',
    close: 'Close',
    busy: 'Working…',
    viewer: 'You are signed in as a viewer. Acting needs an operator token.',
    did: 'Done',
    forget: {
      open: 'Forget…',
      title: (name: string): string => `Forget ${name}?`,
      text: 'Its numbers, flips and lease go. Its number stays taken; should it come back, it gets a new one.',
      confirm: 'Forget it',
      done: (name: string): string => `${name} is forgotten. Its number stays taken.`,
      up: 'Only a cluster that is not up, or is banned, can be forgotten.',
    },
    identities: 'Identities (* stands for any characters)',
    banned: 'Banned: nothing is taken from it.',
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
    bot: {
      title: (name: string): string => `Edit ${name}`,
      text: 'Leave a field empty to take the configured or reported value.',
      name: 'Display name',
      shards: 'Shard count',
      confirm: 'Save',
      done: (name: string): string => `${name} is saved.`,
      badCount: 'The shard count is a whole number from 1 to 16,384.',
    },
  },
};
