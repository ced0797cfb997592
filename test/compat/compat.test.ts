// Unmodified bots and pages of other projects: the Glance contract, byte for byte.
import './glance-http.js';
import './glance-feed.js';
