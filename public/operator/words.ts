// Every word of the operator view. It is in English only: those who run bots read its names in code and logs anyway.
import type { ClusterStatusName } from '../shared/operator-wire.js';
import type { ShownName } from '../shared/states.js';
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

const VERBS = {
  fell: 'stopped responding',
  offline: 'went offline',
  silent: 'stopped responding',
  begun: 'began restarting',
  restarted: 'restarted',
  back: 'came back',
  online: 'came online',
  lost: 'became unknown',
};

/** What the flips of one event come to. */
export type Happening = keyof typeof VERBS | 'stopped';

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
    signIn: 'Sign in',
    views: 'Views',
    items: { now: 'Now', fleet: 'Fleet', incidents: 'Incidents', settings: 'Settings' },
    wrong: (things: number): string => `${many(things, 'thing')} ${things === 1 ? 'is' : 'are'} wrong`,
    here: 'You are here',
    signedIn: { viewer: 'Signed in as viewer.', operator: 'Signed in as operator.' },
    signOut: 'Sign out',
    publicPage: 'Status page',
    skip: 'Skip to the content',
    theme: 'Theme',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
    open: 'No token is configured, so everyone on this machine may look and act.',
    roles: { viewer: 'Viewer', operator: 'Operator', open: 'No sign-in' },
    viewer: 'You are signed in as a viewer. Acting needs an operator token.',
    script: {
      title: 'This view did not load',
      text: 'Its script could not be fetched. If the server was updated a moment ago, reload the page.',
      again: 'Try again',
    },
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

  trouble,
  verdict,

  cluster: { name: (fleet: string, number: number): string => `${fleet} #${number}` },
  shard: { name: (shard: number, bot: string): string => `Shard ${shard} of ${bot}` },

  now: {
    totals: 'Totals',
    worst: 'What is wrong',
    all: (n: number): string => `Show all ${counted(n)}`,
    more: (n: number): string => `${counted(n)} more ${n === 1 ? 'is' : 'are'} in Fleet.`,
    others: (clusters: number): string =>
      `Nothing is wrong with the other ${clusters === 1 ? 'cluster' : many(clusters, 'cluster')}.`,
    restarting: (n: number): string => `${many(n, 'shard')} ${n === 1 ? 'is' : 'are'} restarting.`,
    bots: 'Bots',
    flips: 'What changed',
    noFlips: 'Nothing has changed since the records begin.',
  },

  bot: {
    size: (shards: number, clusters: number, isCertain: boolean): string =>
      `${isCertain ? '' : 'at least '}${many(shards, 'shard')}${clusters > 0 ? ` in ${many(clusters, 'cluster')}` : ''}`,
    resharding: (counts: readonly number[]): string => `resharding ${counts.join(' → ')}`,
    strip: (name: string, text: string): string => `${name}: ${text}`,
    more: (n: number): string => `and ${many(n, 'more range')}`,
  },

  missing: {
    diverted: 'The server does not know the address you opened, so this is Now.',
    title: 'Not here',
    cluster: (identity: string): string =>
      `There is no cluster “${identity}”. It was forgotten, or it has not registered yet; should it come, it is shown here.`,
    shard: (shard: number, bot: string): string => `There is no shard ${shard} of a bot “${bot}”.`,
    bot: (bot: string): string => `There is no bot “${bot}”. Should it be reported, it is shown here.`,
    fleet: (fleet: string): string =>
      `There is no fleet “${fleet}”. Should a cluster of it register, it is shown here.`,
    home: 'Go to Now',
  },

  flip: {
    shard: (shard: number, bot: string): string => `shard ${shard} of ${bot}`,
    shards: (n: number, bot: string): string => `${many(n, 'shard')} of ${bot}`,
    cause: { fell: 'went silent', stopped: 'was stopped on purpose' },
    verb: (what: Happening, n: number): string =>
      what === 'stopped' ? `${n === 1 ? 'was' : 'were'} stopped on purpose` : VERBS[what],
    older: 'Show more',
  },

  grade: { warn: 'warn', bad: 'bad' },

  search: {
    label: 'Search',
    placeholder: 'Fleet, cluster, shard or server ID',
    short: 'Search',
    none: 'Nothing found.',
    failed: 'The server could not be asked.',
    results: 'Results',
    guild: (bot: string, shard: number): string => `This server is on shard ${shard} of ${bot}`,
    guildGuess: (bot: string, shard: number): string => `This server may be on shard ${shard} of ${bot}`,
    kinds: { fleet: 'Fleet', cluster: 'Cluster', shard: 'Shard', guild: 'Server' },
    direct: 'Direct messages',
  },

  keys: {
    title: 'Shortcuts',
    close: 'Close',
    list: [
      ['/', 'Search everything'],
      ['?', 'Show these shortcuts'],
      ['Esc', 'Close what is open'],
      ['u', 'One level up'],
      ['↑ ↓ Home End', 'Move in a table or a list of results'],
      ['Enter', 'Open the row'],
      ['← →', 'Move along a chart that has the focus'],
    ] as const,
  },
};
