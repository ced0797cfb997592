// The program `shardlight` as people call it, and each of its commands.
import './runtime.js';
import './calls.js';
