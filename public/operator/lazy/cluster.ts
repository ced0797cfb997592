// The script of what Fleet leads to, fetched when one is opened: a cluster, a shard.
import '../main.js'; // the page's own script, which is loaded: the two share what both use
export { clusterScriptVerdict as verdict, clusterScriptView as view } from '../views/cluster-script.js';
