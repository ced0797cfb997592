// Our own dialect: JSON, and refusals as {"error": …}.
import type { Response } from '../http/message.js';
import type { Dialect, Written } from '../http/refusal.js';

export const JSON_HEADERS = Object.freeze({ 'content-type': 'application/json; charset=utf-8' });

/** `value` as JSON, or a text that is it already. */
export const answerJson = (
  value: object | string,
  headers: Response['headers'] = JSON_HEADERS,
): Response => ({
  status: 200,
  headers,
  body: typeof value === 'string' ? value : JSON.stringify(value),
});

export const jsonError = (error: string): Written => ({
  headers: JSON_HEADERS,
  body: JSON.stringify({ error }),
});

export const json: Dialect = { name: 'json', write: (_reason, error) => jsonError(error) };
