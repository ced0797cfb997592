// The script of Fleet, fetched when it is opened: all bots and fleets, a bot, a fleet.
import '../main.js'; // the page's own script, which is loaded: the two share what both use
export { fleetScriptVerdict as verdict, fleetScriptView as view } from '../views/fleet-script.js';
