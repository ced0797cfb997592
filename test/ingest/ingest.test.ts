// Reports as they come in.
import './batch.js';
import './beat-rate.js';
import './member-shards.js';
import './members.js';
import './bot-tokens.js';
import './anything.js';
import './cost.js';
import './row-rate.js';
import './identity-watch.js';
