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
  'state.resuming': 'Reconnecting to Discord',
  'state.stopped': 'Stopped on purpose',
} satisfies Record<`state.${ShownName}`, Phrase>;

const verdict = {
  'verdict.none': 'No bot has reported yet.',
  'verdict.bots': { one: '{n} bot', other: '{n} bots' },
  'bot.unnamed': 'This bot',
  'bot.unnamed.of': 'this bot',
  'verdict.up': 'All {total} shards of {bots} are online.',
  'verdict.up.atLeast': 'All shards of {bots} are online ({total}).',
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
    one: '{bots} has been silent since {since}. What you see may be out of date.',
    other: '{bots} have been silent since {since}. What you see may be out of date.',
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
  'title.silent': 'No signal',
  'title.lost': 'Reconnecting',
} satisfies Record<string, Phrase>;

const refused = {
  'refused.empty': 'Paste your server’s ID first, or a link to one of its messages.',
  'refused.user': 'That is the ID of a person. Paste the ID of the server, or a link to one of its messages.',
  'refused.channel':
    'That is a mention of a channel. Paste a link to the channel instead, or the server’s ID.',
  'refused.role': 'That is a role. Paste the ID of the server it belongs to.',
  'refused.emoji': 'That is an emoji. Paste the ID of the server it belongs to.',
  'refused.invite':
    'An invite doesn’t say which server it leads to. Paste the server’s ID, or a link to one of its messages.',
  'refused.link':
    'That link doesn’t lead to a Discord server. Paste a link to a message in your server, or the server’s ID.',
  'refused.name':
    'Many servers can have the same name, so we need the ID of yours, or a link to one of its messages.',
  'refused.short': 'A server ID has 17 to 20 digits, and this has fewer. Is a part missing?',
  'refused.long': 'A server ID has 17 to 20 digits, and this has more. Was something pasted twice?',
  'refused.large':
    'This number is too large: Discord’s IDs end at 18446744073709551615. Check whether a digit is wrong.',
  'refused.several': 'There is more than one ID here. Which one is your server’s? Paste only that one.',
} satisfies Record<`refused.${NotAGuild}`, Phrase>;

const answer = {
  'answer.server.yes': 'Your server is affected.',
  'answer.server.no': 'Your server is not affected.',
  'answer.server.maybe': 'Your server may be affected.',
  'answer.server.unknown': 'We don’t know yet if your server is affected.',
  'answer.direct.yes': 'Direct messages are affected.',
  'answer.direct.no': 'Direct messages are not affected.',
  'answer.direct.unknown': 'We don’t know yet if direct messages are affected.',
  'answer.place': 'It is on shard {shard} of {total} of {bot}.',
  'answer.place.direct': 'They are on shard {shard} of {total} of {bot}.',
  'answer.it': 'This shard',
  'answer.nobots': 'No bot has reported here yet, so there is no shard to look up.',
  'answer.guess': 'We are not sure yet how many shards {bot} has, so this may be the wrong one.',
  'answer.others': { one: '{n} other shard is down.', other: '{n} other shards are down.' },
  'answer.others.none': 'No other shard is down.',
  'answer.usually': 'It usually takes about {duration}. You don’t need to do anything.',
  'answer.usually.moment': 'It usually takes less than a minute. You don’t need to do anything.',
  'answer.next.up': 'If the bot doesn’t respond in your server, check its permissions there.',
  'answer.next.up.direct':
    'If the bot doesn’t answer your direct messages, try it in a server: not every bot answers them.',
  'answer.next.loading':
    'The bot is still loading its servers and may not respond in yours yet. You don’t need to do anything.',
  'answer.loading': 'still loading its servers',
  'answer.next.changing': 'This usually passes by itself. You don’t need to do anything.',
  'answer.next.degraded': 'The bot may not respond until this shard is back. You don’t need to do anything.',
  'answer.next.down': 'The bot can’t respond until this shard is back. You don’t need to do anything.',
  'answer.next.unknown': 'We will know more once it reports.',
  'answer.next.stopped':
    'The bot will respond again once its operators start it. You don’t need to do anything.',
  'answer.if': 'Check that this is a server ID. Any other ID gives an answer too, but a wrong one.',
  'answer.show': 'Show in the grid',
  'answer.clear': 'Close',
  'answer.copy': 'Copy link',
  'answer.copied': 'Link copied',
  'answer.copy.failed': 'The link is in the address bar',
  'answer.remember': 'Remember on this device',
  'answer.forget': 'Forget it',
  'answer.latency': 'latency {ms} ms',
  'answer.notSeenSince': 'not seen since {since}',
  'answer.since': 'online since {since}',
} satisfies Record<string, Phrase>;

const now = {
  'now.unknown': '{it} has not reported yet.',
  'now.unhealthy': '{it} is not responding.',
  'now.offline': '{it} is offline.',
  'now.online': '{it} is online.',
  'now.starting': '{it} is starting.',
  'now.stopping': '{it} is stopping.',
  'now.resuming': '{it} is reconnecting to Discord.',
  'now.stopped': '{it} was stopped on purpose.',
} satisfies Record<`now.${ShownName}`, Phrase>;

const lasting = {
  'lasting.unknown': '{it} has not reported for {duration} (since {since}).',
  'lasting.unhealthy': '{it} has not responded for {duration} (since {since}).',
  'lasting.offline': '{it} has been offline for {duration} (since {since}).',
  'lasting.online': '{it} has been online for {duration} (since {since}).',
  'lasting.starting': '{it} has been starting for {duration} (since {since}).',
  'lasting.stopping': '{it} has been stopping for {duration} (since {since}).',
  'lasting.resuming': '{it} has been reconnecting to Discord for {duration} (since {since}).',
  'lasting.stopped': '{it} was stopped on purpose at {since}.',
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
  'latest.title': 'Latest',
  'latest.none': 'No incidents so far.',
  'latest.over': 'No incidents right now.',
  'latest.calm': 'No incidents for {duration}.',
  'incident.title.silent': '{what} is not responding',
  'incident.title.unhealthy': { one: '{what} is not responding', other: '{what} are not responding' },
  'incident.title.offline': { one: '{what} is down', other: '{what} are down' },
  'incident.past.silent': '{what} did not respond for {duration}',
  'incident.past.unhealthy': {
    one: '{what} did not respond for {duration}',
    other: '{what} did not respond for {duration}',
  },
  'incident.past.offline': {
    one: '{what} was down for {duration}',
    other: '{what} were down for {duration}',
  },
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
  'live.behind': 'The server has gone quiet. What you see is from {clock}.',
  'live.full': 'Too many of these pages are open on your network. What you see is from {clock}.',
} satisfies Record<string, Phrase>;

/** What only the server says. */
const page = {
  'lookup.label': 'Is your server affected?',
  'lookup.placeholder': 'ID or message link',
  'lookup.shard':
    'Bots with many servers split them into groups called shards. If one breaks, only its servers notice.',
  'lookup.button': 'Check',
  'lookup.help': 'How do I find the ID?',
  'lookup.help.link':
    'Hold any message in your server (on a computer, right-click it), choose “Copy Message Link”, and paste it here.',
  'lookup.help.id':
    'Or the ID itself: turn on Developer Mode under Settings → Advanced, hold your server’s icon, and choose “Copy Server ID”.',
  'lookup.help.private': 'With JavaScript, the ID never leaves your browser.',
  'start.title': 'Light up the first shard',
  'start.curl': 'Any program can report. Run this in a terminal:',
  'start.token': 'Use the token this server was started with: SHARDLIGHT_TOKEN or SHARDLIGHT_INGEST_TOKEN.',
  'start.discordJs': 'In a discord.js bot, these lines are enough:',
  'start.glance': 'A bot that reports to Glance needs its key in SHARDLIGHT_BOTS, and this address:',
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
    'To open it, add its token to the address once, like this: /?token=… You then stay signed in on this device for 12 hours.',
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
