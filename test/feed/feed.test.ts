// The feeds, in one process: when patches go out, what they say, and the old Glance socket.
import './ticker.js';
import './public.js';
import './viewers.js';
import './slow.js';
import './glance.js';
import './operator.js';
import './pieces.js';
