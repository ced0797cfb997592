// What members and operators ask and listen to, and that nothing of it reaches the public.
import './fleet.js';
import './session.js';
import './leaks.js';
import './operator.js';
import './operator-live.js';
