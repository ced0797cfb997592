// A visitor who has nothing to do with the attack: how long /healthz and the page take meanwhile.
import { Agent, get } from 'node:http';

export interface Waits {
  healthMs: number[];
  pageMs: number[];
  /** Answers that were no 200. */
  failed: number;
}

const HEALTH_EVERY_MS = 10;
/** The page comes at every so manieth: it has a limit a visitor. */
const PAGE_EVERY = 4;

/** Asks until it is over. */
export async function visit(port: number, isOver: () => boolean): Promise<Waits> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const waits: Waits = { healthMs: [], pageMs: [], failed: 0 };
  for (let i = 0; !isOver(); i++) {
    const isPage = i % PAGE_EVERY === 0;
    const beganAt = performance.now();
    const status = await statusOf(agent, port, isPage ? '/' : '/healthz');
    (isPage ? waits.pageMs : waits.healthMs).push(performance.now() - beganAt);
    if (status !== 200) waits.failed++;
    await new Promise((resolve) => setTimeout(resolve, HEALTH_EVERY_MS));
  }
  agent.destroy();
  return waits;
}

/** 0: it was hung up on. */
function statusOf(agent: Agent, port: number, path: string): Promise<number> {
  const headers = { 'accept-encoding': 'br', 'x-forwarded-for': '198.51.100.7' };
  return new Promise((resolve) => {
    get({ agent, host: '127.0.0.1', port, path, headers }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    }).on('error', () => resolve(0));
  });
}
