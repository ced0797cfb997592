// Reports as they come in.
import './batch.js';
import './anything.js';
