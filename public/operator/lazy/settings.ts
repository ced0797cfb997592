// The script of Settings, fetched when it is opened: the lines that connect bots, and the shortcuts.
import '../main.js'; // the page's own script, which is loaded: the two share what both use
export { settingsView as view, settingsVerdict as verdict } from '../views/settings.js';
