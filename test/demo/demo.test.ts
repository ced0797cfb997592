// The demo: its flags, its pretend fleet, what each scenario promises, and all of it against a real server.
import './fleet.js';
import './flags.js';
import './rhythm.js';
import './scenarios.js';
import './show.js';
import './program.js';
