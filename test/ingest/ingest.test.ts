// Reports as they come in over HTTP.
import './batch.js';
