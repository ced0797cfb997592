// Every word of the public page in English: the table that all other languages follow, key by key.
// A new key goes here first; the compiler then names every language that lacks it. Keys in `live` are put into
// each page for the script to speak with, so what only the server says belongs into `page`.
import type { NotAGuild } from '../guild.js';
import type { ShownName } from '../states.js';

/** A sentence with `{placeholders}`, or one per plural form of its `{n}`. */
export type Phrase = string | ({ other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);

const states = {
  'state.unknown': 'Unknown',
  'state.unhealthy': 'Not responding',
  'state.offline': 'Offline',
  'state.online': 'Online',
  'state.starting': 'Starting',
  'state.stopping': 'Stopping',
  'state.resuming': 'Resuming',
  'state.stopped': 'Stopped on purpose',
} satisfies Record<`state.${ShownName}`, Phrase>;

const verdict = {
  'verdict.none': 'No bot has reported yet.',
  'verdict.bots': { one: '{n} bot', other: '{n} bots' },
  'bot.unnamed': 'This bot',
  'bot.unnamed.of': 'this bot',
  'verdict.up': 'All {total} shards of {bots} are online.',
  'verdict.up.atLeast': 'All shards of {bots} are online, {total}.',
  'verdict.up.one': '{bots} is online.',
  'verdict.down': {
    one: '{n} of {total} shards of {bots} has been down since {since}.',
    other: '{n} of {total} shards of {bots} have been down since {since}.',
  },
  'verdict.down.all': 'All {total} shards of {bots} have been down since {since}.',
  'verdict.down.one': '{bots} has been down since {since}.',
  'verdict.degraded': {
    one: '{n} of {total} shards of {bots} has not been responding since {since}.',
    other: '{n} of {total} shards of {bots} have not been responding since {since}.',
  },
  'verdict.degraded.all': 'All {total} shards of {bots} have not been responding since {since}.',
  'verdict.degraded.one': '{bots} has not been responding since {since}.',
  'verdict.changing': {
    one: '{n} of {total} shards of {bots} is restarting. This is normal.',
    other: '{n} of {total} shards of {bots} are restarting. This is normal.',
  },
  'verdict.changing.all': 'All {total} shards of {bots} are restarting. This is normal.',
  'verdict.changing.one': '{bots} is restarting. This is normal.',
  'verdict.silent': {
    one: '{bots} has been silent since {since}. What you see may be old.',
    other: '{bots} have been silent since {since}. What you see may be old.',
  },
  'verdict.unknown': {
    one: '{n} of {total} shards of {bots} has not reported yet.',
    other: '{n} of {total} shards of {bots} have not reported yet.',
  },
  'verdict.unknown.all': 'No shard of {bots} has reported yet.',
  'verdict.unknown.one': '{bots} has not reported yet.',
  'verdict.stopped': {
    one: '{n} of {total} shards of {bots} was stopped on purpose at {since}.',
    other: '{n} of {total} shards of {bots} were stopped on purpose at {since}.',
  },
  'verdict.stopped.all': 'All {total} shards of {bots} were stopped on purpose at {since}.',
  'verdict.stopped.one': '{bots} was stopped on purpose at {since}.',
} satisfies Record<string, Phrase>;

const title = {
  'title.none': 'No reports yet',
  'title.up': 'All {total} shards online',
  'title.up.atLeast': 'All shards online',
  'title.up.one': 'Online',
  'title.down': '{n} of {total} shards down',
  'title.down.one': 'Down',
  'title.degraded': '{n} of {total} shards not responding',
  'title.degraded.one': 'Not responding',
  'title.changing': '{n} of {total} shards restarting',
  'title.changing.one': 'Restarting',
  'title.unknown': '{n} of {total} shards unknown',
  'title.unknown.one': 'Unknown',
  'title.stopped': '{n} of {total} shards stopped on purpose at {since}',
  'title.stopped.one': 'Stopped on purpose at {since}',
  'title.silent': 'Silent',
  'title.lost': 'Reconnecting',
} satisfies Record<string, Phrase>;

const refused = {
  'refused.empty': 'Paste your server’s ID first: 17 to 20 digits.',
  'refused.user': 'That is a person or a mention of one. We need the ID of the server.',
  'refused.channel': 'That is a mention of a channel. A link to the channel works, or the server’s ID.',
  'refused.role': 'That is a role. We need the ID of the server it belongs to.',
  'refused.emoji': 'That is an emoji. We need the ID of the server it belongs to.',
  'refused.invite': 'An invite does not tell which server it leads to. We need the server’s ID.',
  'refused.link':
    'That link does not lead to a Discord channel. A channel or message link works, or the server’s ID.',
  'refused.name': 'A name is not enough: many servers share one. We need the server’s ID, 17 to 20 digits.',
  'refused.short': 'That is too short for a server ID, which has 17 to 20 digits. Is a part missing?',
  'refused.long': 'That is too long for a server ID, which has 17 to 20 digits. Was something pasted twice?',
} satisfies Record<`refused.${NotAGuild}`, Phrase>;

const answer = {
  'answer.place': 'Your server is on shard {shard} of {total} of {bot}.',
  'answer.place.direct': 'Direct messages are on shard {shard} of {total} of {bot}.',
  'answer.nobots': 'No bot reports here yet, so there is no shard to name.',
  'answer.guess': 'How many shards {bot} has is not certain yet, so it may be another one.',
  'answer.affected': { one: '{n} shard is affected.', other: '{n} shards are affected.' },
  'answer.affected.only': 'No other shard is affected.',
  'answer.usually': 'It usually takes about {duration}; nothing to do on your side.',
  'answer.usually.moment': 'It usually takes under a minute; nothing to do on your side.',
  'answer.next.up': 'If the bot is quiet in your server, check its permissions there.',
  'answer.next.loading':
    'It is still loading its servers, so it may not react in yours yet; nothing to do on your side.',
  'answer.loading': 'still loading its servers',
  'answer.next.changing': 'This usually passes by itself; nothing to do on your side.',
  'answer.next.degraded': 'The bot may not react in your server for now; nothing to do on your side.',
  'answer.next.down': 'The bot cannot react in your server for now; nothing to do on your side.',
  'answer.next.unknown': 'We cannot say how it is until it reports.',
  'answer.next.stopped':
    'The bot reacts in your server again once its operators start it; nothing to do on your side.',
  'answer.if': 'If this is the ID of a server: every Discord ID gives some shard.',
  'answer.show': 'Show it in the grid',
  'answer.clear': 'Close the answer',
  'answer.latency': 'latency {ms} ms',
  'answer.notSeenSince': 'not seen since {since}',
  'answer.since': 'online since {since}',
} satisfies Record<string, Phrase>;

const now = {
  'now.unknown': 'Its state is not known yet.',
  'now.unhealthy': 'It is not responding.',
  'now.offline': 'It is offline.',
  'now.online': 'It is online.',
  'now.starting': 'It is starting.',
  'now.stopping': 'It is stopping.',
  'now.resuming': 'It is resuming.',
  'now.stopped': 'It was stopped on purpose.',
} satisfies Record<`now.${ShownName}`, Phrase>;

const lasting = {
  'lasting.unknown': 'It has not reported for {duration} (since {since}).',
  'lasting.unhealthy': 'It has not been responding for {duration} (since {since}).',
  'lasting.offline': 'It has been offline for {duration} (since {since}).',
  'lasting.online': 'It has been online for {duration} (since {since}).',
  'lasting.starting': 'It has been starting for {duration} (since {since}).',
  'lasting.stopping': 'It has been stopping for {duration} (since {since}).',
  'lasting.resuming': 'It has been resuming for {duration} (since {since}).',
  'lasting.stopped': 'It was stopped on purpose at {since}.',
  'lasting.moment': 'less than a minute',
} satisfies Record<`lasting.${ShownName | 'moment'}`, Phrase>;

const bot = {
  atLeast: 'at least {n}',
  'bot.shards': { one: '{n} shard', other: '{n} shards' },
  'bot.shards.atLeast': { one: 'at least {n} shard', other: 'at least {n} shards' },
  'bot.heard': 'Last heard {ago}',
  'bot.heard.at': 'Last heard at {clock}',
  'bot.never': 'Not heard from yet',
  'bot.silent': 'Silent for {duration}, last heard at {clock}',
  'legend.label': 'Shards by state',
  'bot.since': '{state} since {since}:',
  'bot.stopped': 'Stopped on purpose at {since}:',
  'bot.more': { one: 'and {n} more', other: 'and {n} more' },
  'bot.online': '{n} online',
  'bot.online.all': 'all online',
  'cluster.online': '{online} of {total} online',
  'cluster.restarting': 'restarting, {online} of {total} online',
  'cluster.rest': 'Other shards',
  'grid.label': 'Shards {first} to {last} of {bot}',
  'grid.shard': 'Shard {shard}',
  'grid.since': 'since {since} ({duration})',
  'grid.stopped': 'Stopped on purpose at {since}',
} satisfies Record<string, Phrase>;

const incidents = {
  'incidents.title': 'Recent incidents',
  'incidents.none': 'No incidents in the records.',
  'incident.ongoing': 'Ongoing',
  'incident.ended': 'Resolved',
  'incident.shard': 'Shard {shard} of {bot}',
  'incident.shards': { one: '{n} shard of {bot}', other: '{n} shards of {bot}' },
  'incident.still': '{what}, {n} still down',
  'incident.returning': '{what}, not all back yet',
  'incident.since': 'since {since}, {duration} so far',
  'incident.silent': 'The process {cluster} went silent.',
  'incident.unhealthy': 'Stopped responding.',
  'incident.offline': 'Reported down by the bot.',
} satisfies Record<string, Phrase>;

const connection = {
  'live.connecting': 'Connecting…',
  'live.live': 'Live',
  'live.polling': 'Live updates are blocked here. Checking every 5 s.',
  'live.lost': 'Reconnecting… What you see is from {clock}.',
  'live.behind': 'Behind: the server is silent. What you see is from {clock}.',
  'live.full': 'Too many of these pages are open on your network. What you see is from {clock}.',
} satisfies Record<string, Phrase>;

/** What only the server says. */
const page = {
  'lookup.label': 'Is it your server?',
  'lookup.hint': 'Your server’s ID, or a link to one of its channels',
  'lookup.button': 'Check',
  'lookup.help': 'Where do I find the ID?',
  'lookup.help.1': 'In Discord, open Settings → Advanced and switch on Developer Mode.',
  'lookup.help.2': 'Long-press or right-click your server’s icon.',
  'lookup.help.3': 'Choose “Copy Server ID” and paste it here.',
  'lookup.help.private': 'With JavaScript, the ID never leaves your browser.',
  'start.title': 'Light up the first shard',
  'start.curl': 'Any program can report. Run this in a terminal:',
  'start.token':
    'The token is the one this server was started with, in SHARDLIGHT_TOKEN or SHARDLIGHT_INGEST_TOKEN.',
  'start.discordJs': 'In a discord.js bot, these lines are enough:',
  'start.glance':
    'A bot that reports to Glance needs this address instead, and the bot’s key in SHARDLIGHT_BOTS:',
  'start.argus': 'An Argus bot needs this variable:',
  'page.lookup': 'Look up a server',
  'page.asOf': 'As of {clock}',
  'page.skip': 'Skip to the grid',
  'footer.plain': 'Plain text',
  'footer.json': 'JSON',
  'footer.language': 'Language',
  'link.support': 'Support server',
  'link.invite': 'Add the bot to your server',
  'link.website': 'Website',
  'embed.asOf': 'As of {clock}',
  'embed.shard': 'Shard {shard} of {total}: {state}',
  'card.squares': {
    one: 'Each square is {n} shard.',
    other: 'Each square is {n} shards and shows the worst.',
  },
  'view.label': 'View',
  'view.grid': 'Grid',
  'view.list': 'List',
  'theme.label': 'Theme',
  'theme.system': 'System',
  'theme.light': 'Light',
  'theme.dark': 'Dark',
  'lost.title': 'Page not found',
  'lost.text': 'There is no page at this address.',
  'lost.home': 'Go to the status page',
  'private.title': 'This page is private',
  'private.text':
    'Open it once with its token at the end of the address, like this: /?token=… You stay signed in on this device for 12 hours.',
  'private.reload': 'If you have just followed such a link, reload this page.',
  'plain.notReady': 'not online:',
} satisfies Record<string, Phrase>;

export const en = {
  /** What the script says too. */
  live: {
    ...states,
    ...verdict,
    ...title,
    ...refused,
    ...answer,
    ...now,
    ...lasting,
    ...bot,
    ...incidents,
    ...connection,
  },
  page,
};

export type LiveKey = keyof typeof en.live;
export type WordKey = LiveKey | keyof typeof en.page;

/** What a language has to say. */
export interface Words {
  live: Record<LiveKey, Phrase>;
  page: Record<keyof typeof en.page, Phrase>;
}
