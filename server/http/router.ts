// Finds the row of the route table that a method and a path belong to.
import type { Handler } from './message.js';
import type { Dialect } from './refusal.js';

/** Who may: everybody, bots, readers of the fleet, scrapers of our numbers, those who act (RULES 18). */
export type Role = 'public' | 'ingest' | 'viewer' | 'metrics' | 'operator';

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

interface OpenRoute {
  route: Route;
  pattern: RegExp;
  /** The same address, were every parameter what it should be. */
  loosePattern: RegExp;
  names: string[];
}

interface Match {
  route: Route;
  params: Record<string, string>;
}

export type Router = (method: string, path: string) => Found;

/** Paths without parameters are one look-up; the few with parameters are tried in turn. */
export function createRouter(routes: Route[]): Router {
  const fixed = new Map<string, Match[]>();
  const open: OpenRoute[] = [];
  for (const route of routes) {
    if (route.path.includes(':')) open.push(compile(route));
    else fixed.set(route.path, [...(fixed.get(route.path) ?? []), { route, params: {} }]);
  }
  return (method, path) => {
    const found = choose(fixed.get(path) ?? matchAll(open, path), method);
    if (found) return found;
    // Glance has its own words even where a parameter is no number.
    const near = open.find(({ loosePattern }) => loosePattern.test(path));
    return { kind: 'unknown', dialect: near?.route.dialect ?? 'json' };
  };
}

const INT = '<int>';

function compile(route: Route): OpenRoute {
  const segments = route.path.split('/');
  const patternOf = (isLoose: boolean): RegExp => {
    const parts = segments.map((segment) => {
      if (!segment.startsWith(':')) return segment;
      return segment.endsWith(INT) && !isLoose ? '(-?\\d+)' : '([^/]+)';
    });
    return new RegExp(`^${parts.join('/')}$`);
  };
  const names = segments.filter((segment) => segment.startsWith(':')).map((segment) => segment.slice(1));
  return { route, pattern: patternOf(false), loosePattern: patternOf(true), names };
}

function matchAll(routes: OpenRoute[], path: string): Match[] {
  const matches: Match[] = [];
  for (const { route, pattern, names } of routes) {
    const values = pattern.exec(path);
    const params = values && paramsOf(names, values);
    if (params) matches.push({ route, params });
  }
  return matches;
}

function paramsOf(names: string[], values: string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [i, name] of names.entries()) {
    const text = values[i + 1]!;
    const isInt = name.endsWith(INT);
    const value = isInt ? text : decode(text);
    if (value === undefined) return undefined;
    params[isInt ? name.slice(0, -INT.length) : name] = value;
  }
  return params;
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
