// The transport, and everything that is decided before a handler.
import './address.js';
import './router.js';
import './body.js';
import './guard.js';
import './head-text.js';
import './doors.js';
import './refusals.js';
import './cors.js';
import './notes.js';
import './sign-of-life.js';
import './bad-input.js';
import './every-route.js';
import './left-behind.js';
import './limiter.js';
import './turn.js';
import './session.js';
import './large.js';
