// How browsers are sent away when the server stops.
import { CLOSE_RESTART } from '../../public/shared/wire.js';
import type { Socket } from '../http/message.js';

const FIRST_RETURN_MS = 1_000;
const SPREAD_MS = 2_000;
const SPREAD_MS_PER_VIEWER = 2;

/** A clean stop: everybody comes back at another moment, the last after a time that grows with their number. */
export function dismiss(sockets: Socket[]): void {
  const spreadMs = Math.max(SPREAD_MS, sockets.length * SPREAD_MS_PER_VIEWER);
  sockets.forEach((socket, i) => {
    const waitMs = Math.round(FIRST_RETURN_MS + (spreadMs * i) / sockets.length);
    socket.close(CLOSE_RESTART, `${waitMs}`);
  });
}
