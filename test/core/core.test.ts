// The rules, in one process: RULES 1–12, 22, 35 and 36, the invariants of the house, and properties that must hold for anything.
import './rules-claims.js';
import './rules-bots.js';
import './snapshot.js';
import './values.js';
import './rules-restart.js';
import './rules-incidents.js';
import './clusters.js';
import './operator-words.js';
import './outline.js';
import './leases.js';
import './first-word.js';
import './caps.js';
import './bans.js';
import './invariants.js';
import './properties.js';
import './senders.js';
import './names.js';
