// What Settings say, around the lines that connect bots and readers.

import { INSTALL_IN_BOT, INSTALL_NOTE } from '../shared/distribution.js';

export const connect = {
  settings: 'Settings',
  title: 'Connect',
  copy: 'Copy',
  copied: 'Copied',
  notCopied: 'Select it and copy it yourself',
  discordJs: 'discord.js bots',
  discordJsText: `In the bot’s folder: ${INSTALL_IN_BOT}${INSTALL_NOTE && ` (${INSTALL_NOTE})`}. Then add these lines; it finds shards and clusters itself.`,
  argus: 'Argus bots (discord.py)',
  argusText: 'Set these on each process; nothing else changes.',
  argusLease: 'Leases are required here: let each process keep its ARGUS_FLEET_STATE_DIR.',
  glance: 'Glance bots',
  glanceText: 'Name the bot to this server, then point the bot at its routes.',
  curl: 'Anything that speaks HTTP',
  curlText: 'Send all shards of a process every 15 seconds and whenever something changes.',
  prometheus: 'Prometheus',
  prometheusText: 'Finds every cluster that has a scrape target, and this server’s own metrics.',
  token:
    'Put a real token where <ingest token> or <viewer token> stands: those that this server was started with.',
  noToken: 'No token is needed here.',
};
