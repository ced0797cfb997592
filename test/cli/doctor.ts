// `shardlight doctor`: what it says of servers that are well, that are ill, and that are none.
import './doctor/lines.js';
import './doctor/frames.js';
import './doctor/servers.js';
import './doctor/strangers.js';
import './doctor/proxies.js';
import './doctor/called.js';
