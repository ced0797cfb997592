// Finds the row of the route table that a method and a path belong to.
import type { Handler } from './message.js';
import type { Dialect } from './refusal.js';

export type Role = 'public' | 'ingest';

/** One URL. `:name` in the path takes a segment, `:name<int>` one that is a whole number. */
export interface Route {
  method: 'GET' | 'POST';
  path: string;
  role: Role;
  /** Longest accepted body; 0: bodies are not read. */
  maxBytes: number;
  dialect: Dialect;
  /** Browsers of other origins may read it. */
  cors?: boolean;
  handle: Handler;
}

export type Found =
  | { kind: 'route'; route: Route; params: Record<string, string> }
  | { kind: 'wrong-method'; allow: string; dialect: Dialect; role: Role }
  | { kind: 'unknown'; dialect: Dialect };

interface CompiledRoute {
  route: Route;
  segments: string[];
}

export type Router = (method: string, path: string) => Found;

/** Paths without parameters are one look-up; the few with parameters are tried in turn. */
export function createRouter(routes: Route[]): Router {
  const fixed = new Map<string, Route[]>();
  const open: CompiledRoute[] = [];
  for (const route of routes) {
    if (route.path.includes(':')) open.push({ route, segments: route.path.split('/') });
    else fixed.set(route.path, [...(fixed.get(route.path) ?? []), route]);
  }
  return (method, path) => {
    const exact = fixed.get(path)?.map((route) => ({ route, params: {} }));
    const found = choose(exact ?? matchAll(open, path), method);
    return found ?? { kind: 'unknown', dialect: nearestDialect(open, path) };
  };
}

interface Match {
  route: Route;
  params: Record<string, string>;
}

function choose(matches: Match[], method: string): Found | undefined {
  const first = matches[0];
  if (!first) return undefined;
  const asked = method === 'HEAD' ? 'GET' : method;
  const match = matches.find((one) => one.route.method === asked);
  if (match) return { kind: 'route', ...match };
  const methods = matches.map((one) => (one.route.method === 'GET' ? 'GET, HEAD' : one.route.method));
  const { dialect, role } = first.route;
  return { kind: 'wrong-method', allow: methods.join(', '), dialect, role };
}

function matchAll(routes: CompiledRoute[], path: string): Match[] {
  const given = path.split('/');
  return routes.flatMap(({ route, segments }) => {
    const params = matchSegments(segments, given);
    return params ? [{ route, params }] : [];
  });
}

function matchSegments(segments: string[], given: string[]): Record<string, string> | undefined {
  if (segments.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, segment] of segments.entries()) {
    const text = given[i]!;
    if (!segment.startsWith(':')) {
      if (segment !== text) return undefined;
      continue;
    }
    const isWhole = segment.endsWith('<int>');
    const value = isWhole ? text : decode(text);
    if (value === undefined || value === '' || (isWhole && !/^-?\d+$/.test(text))) return undefined;
    params[segment.slice(1, isWhole ? -5 : undefined)] = value;
  }
  return params;
}

/** Whose address it would be, were every parameter what it should be: Glance has its own words there too. */
function nearestDialect(routes: CompiledRoute[], path: string): Dialect {
  const given = path.split('/');
  const isLike = ({ segments }: CompiledRoute): boolean =>
    segments.length === given.length && segments.every((one, i) => one.startsWith(':') || one === given[i]);
  return routes.find(isLike)?.route.dialect ?? 'json';
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // a broken percent escape names nothing
  }
}

/** `//fleet/register/` is `/fleet/register`: members whose URL ends in a slash send the former. */
export function tidyPath(path: string): string {
  const tidy = path.includes('//') ? path.replace(/\/+/g, '/') : path;
  return tidy.length > 1 && tidy.endsWith('/') ? tidy.slice(0, -1) : tidy;
}
