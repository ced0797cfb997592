// Where our pages are below their host, as the server wrote it into the HTML: "/status", or "" at the top and outside browsers.

export const BASE = typeof document === 'undefined' ? '' : (document.documentElement.dataset['base'] ?? '');
