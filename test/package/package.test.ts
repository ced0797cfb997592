// The package as people install it, on each Node.js that is here; and our own tests on the other one.
import './tarball.js';
import './other-node.js';
