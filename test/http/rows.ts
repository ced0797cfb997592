// The product's table of routes, with rooms that answer nothing: for tests of what the table says.
import type { Row } from '../../server/http/router.js';
import { createRoutes, type Rooms, type RouteSettings } from '../../server/routes.js';

/** Whatever is asked of it is a handler; but for its files, which are these. */
const roomWith = (files: string[]): unknown =>
  new Proxy(
    {},
    {
      get: (_, name) => (name === 'files' ? files.map((path) => ({ path, handle: answer })) : answer),
    },
  );

const answer = (): { status: number } => ({ status: 200 });

export function rowsOf(settings: Partial<RouteSettings> = {}, files: string[] = []): Row[] {
  const rooms = new Proxy({}, { get: () => roomWith(files) }) as Rooms;
  return createRoutes(rooms, { maxBytes: 1_024, isPublic: true, ...settings }).rows;
}
