// What the public asks and listens to, over HTTP and WebSocket.
import './ascii.js';
import './views.js';
import './large-report.js';
import './time.js';
import './live.js';
