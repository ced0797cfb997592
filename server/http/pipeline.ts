// From a request's head to its answer: which row it belongs to, whether it may, and what is said when not.
import type { Guard } from './auth.js';
import { tooLarge, unpack } from './body.js';
import type { Headers, Request, Response } from './message.js';
import { refuse, type Dialect, type Refused } from './refusal.js';
import type { Route, Router } from './router.js';

/** A request before its body. */
export interface Head {
  method: string;
  path: string;
  query: string;
  headers: Headers;
  address: string;
}

export type Admission =
  | { admitted: true; route: Route; params: Record<string, string>; query: URLSearchParams }
  | { admitted: false; response: Response };

/** Makes the page that a browser gets for an unknown address. */
export type NotFoundPage = (head: Head) => Response;

const NO_QUERY = new URLSearchParams();

/** Gates in their order: 404 and 405, 401, and 413 for a declared length; the rest needs the body. */
export function admit(head: Head, route: Router, guard: Guard, notFoundPage: NotFoundPage): Admission {
  const found = route(head.method, head.path);
  const { headers } = head;
  const no = (refused: Refused, dialect: Dialect): Admission => ({
    admitted: false,
    response: refuse(refused, dialect, headers.accept),
  });
  if (found.kind === 'unknown') {
    const isBrowser = headers.accept.includes('text/html');
    return isBrowser
      ? { admitted: false, response: notFoundPage(head) }
      : no({ reason: 'unknown-path' }, found.dialect);
  }
  const query = head.query === '' ? NO_QUERY : new URLSearchParams(head.query);
  const role = found.kind === 'route' ? found.route.role : found.role;
  const mayPass = guard(role, headers.authorization, query.get('token'));
  if (found.kind === 'wrong-method') {
    if (found.dialect === 'fleet' && !mayPass) return no({ reason: 'unauthorized' }, 'fleet');
    return no({ reason: 'wrong-method', headers: { allow: found.allow } }, found.dialect);
  }
  if (!mayPass) return no({ reason: 'unauthorized' }, found.route.dialect);
  const declared = Number(headers['content-length'] || 0);
  if (found.route.maxBytes > 0 && declared > found.route.maxBytes)
    return no(bodyTooLarge(found.route, declared), found.route.dialect);
  return { admitted: true, route: found.route, params: found.params, query };
}

export const bodyTooLarge = (route: Route, actual?: number): Refused => ({
  reason: 'too-large',
  error: tooLarge(route.maxBytes, actual),
});

type Admitted = Extract<Admission, { admitted: true }>;

/** Unpacks the body and lets the row's handler answer. A bug there is logged, and told in one neutral sentence. */
export function answer(
  head: Head,
  { route, params, query }: Admitted,
  packed: Buffer,
  reportBug: (error: unknown) => void,
): Response | Promise<Response> {
  const { method, path, headers, address } = head;
  const failed = (error: unknown): Response => {
    reportBug(error);
    return refuse({ reason: 'failed' }, route.dialect, headers.accept);
  };
  try {
    const encoding = route.maxBytes > 0 ? headers['content-encoding'] : ''; // what is not read needs no unpacking
    const unpacked = unpack(packed, encoding, route.maxBytes);
    if (!unpacked.ok) return refuse(unpacked, route.dialect, headers.accept);
    const request: Request = { method, path, params, query, headers, address, body: unpacked.body };
    const response = route.handle(request);
    if (!(response instanceof Promise)) return shared(response, route);
    return response.catch(failed).then((resolved) => shared(resolved, route));
  } catch (error) {
    return failed(error);
  }
}

/** Public answers, refusals included, may be read by pages of any origin. */
const shared = (response: Response, { cors }: Route): Response =>
  cors ? { ...response, headers: { ...response.headers, ...FOR_ANY_ORIGIN } } : response;

const FOR_ANY_ORIGIN = {
  'access-control-allow-origin': '*',
  'cross-origin-resource-policy': 'cross-origin',
};
