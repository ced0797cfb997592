// Finds the row of the route table that a method and a path belong to.
import type { Handler, Request, Role, SocketHandler } from './message.js';
import { refuse, type Dialect } from './refusal.js';

/** What a household may ask for in a minute, before its answers are 429; reports are limited by their dialect. */
export type Rate = 'public' | 'read';

/** One URL. `:name` in the path takes a segment, `:name<int>` one that is a whole number. */
export interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  role: Role;
  /** Longest accepted body; 0: bodies are not read. */
  maxBytes: number;
  dialect: Dialect;
  rate?: Rate;
  /** What the audit log calls an attempt that was turned away before anybody knew whose it was. */
  audit?: string;
  /** Browsers of other origins may read it. */
  cors?: boolean;
  handle: Handler;
  /** Told of a body too large to read, unless it is compressed, by its first KiB; `request.body` is empty. */
  tooLarge?: (firstKiB: Buffer, request: Request) => void;
}

/** One socket address; plain requests there are told what it is. A household holds open only so many, whichever it is. */
export interface SocketRow extends Omit<Route, 'handle' | 'tooLarge' | 'audit'> {
  method: 'GET';
  socket: SocketHandler;
  /** It is closed when the session ends whose cookie opened it. */
  endsWithSession: boolean;
  /** How much may wait for a slow reader before it is let go. */
  maxWaitingBytes: number;
}

export type Row = Route | SocketRow;

export const isSocket = (row: Row): row is SocketRow => 'socket' in row;

/** Any row as it answers plain requests. */
const plainly = (row: Row): Route =>
  isSocket(row)
    ? { ...row, handle: ({ headers }) => refuse({ reason: 'not-an-upgrade' }, row.dialect, headers) }
    : row;

type FoundRoute = { kind: 'route'; route: Route; params: Record<string, string> };

export type Found =
  | FoundRoute
  | { kind: 'wrong-method'; allow: string; dialect: Dialect; role: Role; isShared: boolean }
  | { kind: 'unknown'; dialect: Dialect };

/** Whether its address is one text, and what is sent there is a report or an action. */
export const isFixedPost = ({ method, path }: Row): boolean => method === 'POST' && !path.includes(':');

export type Router = (method: string, path: string) => Found;

/** Paths without parameters are one look-up; the few with parameters are tried in turn. `fallback`: at addresses of no row. */
export function createRouter(rows: readonly Row[], fallback: Dialect): Router {
  const fixed = new Map<string, FoundRoute[]>();
  const open: OpenRoute[] = [];
  for (const route of rows.map(plainly)) {
    if (route.path.includes(':')) open.push(compile(route));
    else
      fixed.set(route.path, [...(fixed.get(route.path) ?? []), { kind: 'route', route, params: NO_PARAMS }]);
  }
  return (method, path) => {
    const asked = method === 'HEAD' ? 'GET' : method;
    const rows = fixed.get(path);
    return rows ? chooseFixed(rows, asked) : chooseOpen(open, asked, path, fallback);
  };
}

const NO_PARAMS: Record<string, string> = {};

function chooseFixed(rows: FoundRoute[], method: string): Found {
  for (const row of rows) if (row.route.method === method) return row;
  return wrongMethod(rows.map(({ route }) => route));
}

function chooseOpen(open: OpenRoute[], method: string, path: string, fallback: Dialect): Found {
  const others: Route[] = [];
  for (const one of open) {
    const params = paramsOf(one, path);
    if (params && one.route.method === method) return { kind: 'route', route: one.route, params };
    if (params) others.push(one.route);
  }
  if (others.length > 0) return wrongMethod(others);
  // Glance has its own words even where a parameter is no number.
  const near = open.find(({ loosePattern }) => loosePattern.test(path));
  return { kind: 'unknown', dialect: near?.route.dialect ?? fallback };
}

function wrongMethod(rows: Route[]): Found {
  const methods = rows.map(({ method }) => (method === 'GET' ? 'GET, HEAD' : method));
  const { dialect, role } = rows[0]!;
  const isShared = rows.some(({ cors }) => cors);
  return { kind: 'wrong-method', allow: methods.join(', '), dialect, role, isShared };
}

interface OpenRoute {
  route: Route;
  /** What comes before the first parameter: most paths differ there, which is cheaper to see than a pattern. */
  prefix: string;
  pattern: RegExp;
  /** The same address, were every parameter what it should be. */
  loosePattern: RegExp;
  names: { name: string; isInt: boolean }[];
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
  const names = segments
    .filter((segment) => segment.startsWith(':'))
    .map((segment) => ({ name: segment.slice(1).replace(INT, ''), isInt: segment.endsWith(INT) }));
  const prefix = route.path.slice(0, route.path.indexOf(':'));
  return { route, prefix, pattern: patternOf(false), loosePattern: patternOf(true), names };
}

function paramsOf({ prefix, pattern, names }: OpenRoute, path: string): Record<string, string> | undefined {
  const values = path.startsWith(prefix) ? pattern.exec(path) : null;
  if (!values) return undefined;
  const params: Record<string, string> = {};
  let index = 1;
  for (const { name, isInt } of names) {
    const text = values[index++]!;
    const value = isInt ? text : decode(text);
    if (value === undefined) return undefined;
    params[name] = value;
  }
  return params;
}

function decode(text: string): string | undefined {
  if (!text.includes('%')) return text;
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
