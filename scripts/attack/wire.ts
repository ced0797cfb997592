// What attackers speak: raw HTTP on connections that they read, or do not.
import { connect, type Socket } from 'node:net';

/** A request as it goes over the wire. */
export function requestOf(line: string, headers: Record<string, string> = {}): string {
  const lines = Object.entries({ Host: 'localhost', ...headers }).map(([name, value]) => `${name}: ${value}`);
  return [`${line} HTTP/1.1`, ...lines, '', ''].join('\r\n');
}

/** A connection on which nothing is read. It may be ended by the other side. */
export const openIdly = (port: number): Socket =>
  connect(port, '127.0.0.1')
    .on('error', () => undefined)
    .pause();

/** Asks one request after the other, each after the answer to the one before, on so many connections. */
export async function askOn(
  port: number,
  connections: number,
  isOver: () => boolean,
  next: () => string,
): Promise<number> {
  const sent = await Promise.all(Array.from({ length: connections }, () => converse(port, isOver, next)));
  return sent.reduce((sum, one) => sum + one, 0);
}

/** An answer ends where nothing more of it is waited for: its length is not looked at, only that something came. */
function converse(port: number, isOver: () => boolean, next: () => string): Promise<number> {
  return new Promise((resolve) => {
    let sent = 0;
    const socket = connect(port, '127.0.0.1');
    const ask = (): void => {
      if (isOver()) return void socket.destroy();
      sent++;
      socket.write(next());
    };
    socket.on('connect', ask).on('data', ask);
    socket.on('error', () => undefined).on('close', () => resolve(sent));
  });
}

/** Resolves when the attack is to end. */
export function untilOver(isOver: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = setInterval(() => {
      if (!isOver()) return;
      clearInterval(look);
      resolve();
    }, LOOK_EVERY_MS);
  });
}

const LOOK_EVERY_MS = 20;
