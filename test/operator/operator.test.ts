// The operator view's rules that need no browser: rows, grades, sentences, tables, drawings, places.
import './rows.js';
import './health.js';
import './flips.js';
import './table.js';
import './totals.js';
import './drawing.js';
import './places.js';
