// To production: the generated files, the image, the proxies, the alerts and the dashboard, tried on what reads them.
import './files.js';
import './quoting.js';
import './manifests.js';
import './image.js';
import './healthcheck.js';
import './systemd.js';
import './alerts.js';
import './dashboard.js';
import './proxies.js';
