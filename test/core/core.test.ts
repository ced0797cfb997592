// The rules, in one process: RULES 1–12, the invariants of the house, and properties that must hold for anything.
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
import './invariants.js';
import './properties.js';
import './senders.js';
import './names.js';
