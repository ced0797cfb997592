// Why a port cannot be listened on: uWebSockets.js only says that it cannot.
import { once } from 'node:events';
import { createServer } from 'node:net';

const REASONS: Record<string, string> = {
  EADDRINUSE: 'another program already listens there; stop it, or choose another port with SHARDLIGHT_PORT',
  EACCES: 'this user may not; ports below 1024 need more rights, so choose another with SHARDLIGHT_PORT',
  EADDRNOTAVAIL: 'this machine does not have that address; check SHARDLIGHT_HOST',
  ENOTFOUND: 'there is no host of that name; check SHARDLIGHT_HOST',
};

/** What went wrong, and what to do about it, by trying the same with node. */
export async function whyNotListening(host: string, port: number): Promise<string> {
  const probe = createServer();
  let reason = 'it is not known why';
  try {
    probe.listen({ host, port, exclusive: true });
    await once(probe, 'listening');
    probe.close();
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    reason = REASONS[code] ?? message;
  }
  return `cannot listen on ${host} port ${port}: ${reason}`;
}
