// The script of the sign-in form, fetched where nobody is signed in.
import '../main.js'; // the page's own script, which is loaded: the two share what both use
export { signInVerdict as verdict, signInView as view } from '../views/sign-in.js';
