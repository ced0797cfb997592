// Unmodified bots, pages and members of other projects, as their contracts have it.
import './glance-http.js';
import './glance-feed.js';
import './argus.js';
import './argus-leases.js';
import './argus-optional.js';
import './argus-view.js';
