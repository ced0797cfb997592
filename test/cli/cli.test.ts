// The program `shardlight` as people call it, and each of its commands.
import './runtime.js';
import './calls.js';
import './lines-out.js';
import './init-env.js';
import './init-discord.js';
import './init.js';
import './printed.js';
import './init-wizard.js';
import './doctor.js';
