// What survives a stop, in one process: the state file and who writes it when.
import './state-file.js';
import './saver.js';
import './measures-file.js';
import './measures.js';
import './journal.js';
import './damage.js';
import './open.js';
import './world-log.js';
import './argus.js';
import './durability.js';
import './every-byte.js';
import './older.js';
import './contracts.js';
