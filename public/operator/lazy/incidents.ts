// The script of Incidents, fetched when it is opened.
import '../main.js'; // the page's own script, which is loaded: the two share what both use
export { incidentsView as view, incidentsVerdict as verdict } from '../views/incidents.js';
