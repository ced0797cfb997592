// Reports as they come in.
import './batch.js';
import './members.js';
import './anything.js';
import './identity-watch.js';
