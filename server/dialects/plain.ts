// Plain text: what health checks, terminals and crawlers read, and in what other dialects refuse.
import type { Written } from '../http/refusal.js';

export const TEXT_HEADERS = Object.freeze({ 'content-type': 'text/plain; charset=utf-8' });

export const textError = (error: string, lineEnd = '\n'): Written => ({
  headers: TEXT_HEADERS,
  body: `${error}${lineEnd}`,
});
