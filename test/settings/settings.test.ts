// The configuration: every variable, what follows from them, and the documents made of them.
import './dot-env.js';
import './load.js';
import './settle.js';
import './docs.js';
