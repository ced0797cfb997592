// Many browsers' sockets as cheaply as one process can hold them: handshake by hand, frames recognised by a mark in their text.
import { connect, type Socket } from 'node:net';
import { PROTOCOL } from '../../public/shared/wire.js';

/** Told that the viewer of that number has a frame; `chunk` is what came with it. */
export type OnFrame = (viewer: number, chunk: Buffer) => void;

export interface Viewers {
  /** Replaces who is told. */
  listen: (onFrame: OnFrame) => void;
  /** Of everything that comes, too. */
  listenToAll: (onChunk: (chunk: Buffer) => void) => void;
  /** From now on so many of them read nothing. */
  stall: (count: number) => void;
  leave: () => void;
}

/** Patches have this in their text, `alive` and snapshots have not. */
const MARK = '"op":"patch"';
const CONNECT_AT_ONCE = 100;

export async function gatherViewers(port: number, count: number): Promise<Viewers> {
  let tell: OnFrame = () => undefined;
  let tellAll: (chunk: Buffer) => void = () => undefined;
  const sockets: Socket[] = [];
  for (let from = 0; from < count; from += CONNECT_AT_ONCE) {
    const some = Array.from({ length: Math.min(CONNECT_AT_ONCE, count - from) }, (_, i) =>
      join(
        port,
        (chunk) => tell(from + i, chunk),
        (chunk) => tellAll(chunk),
      ),
    );
    sockets.push(...(await Promise.all(some)));
  }
  return {
    listen: (onFrame) => (tell = onFrame),
    listenToAll: (onChunk) => (tellAll = onChunk),
    stall: (count) => {
      for (const socket of sockets.slice(0, count)) socket.pause();
    },
    leave: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Resolves once the server has agreed to speak WebSocket. */
function join(
  port: number,
  onPatch: (chunk: Buffer) => void,
  onChunk: (chunk: Buffer) => void,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(handshake)).on('error', reject);
    socket.once('data', (chunk) => {
      if (!chunk.toString('latin1').startsWith('HTTP/1.1 101')) reject(new Error('no socket was given'));
      socket.on('data', (frame) => {
        onChunk(frame);
        if (frame.includes(MARK)) onPatch(frame);
      });
      resolve(socket);
    });
  });
}

const handshake = [
  `GET /live?p=${PROTOCOL} HTTP/1.1`,
  'Host: 127.0.0.1',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: c2hhcmRsaWdodC1iZW5jaA==',
  '',
  '',
].join('\r\n');
