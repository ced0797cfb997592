// The operator's look as it is read at the start: files, sizes and colours, each mistake told like any other.
import './colours.js';
import './files.js';
