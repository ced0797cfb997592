// A planned stop: says goodbye when the process is told to end, or the client is destroyed, and then lets it end as it would have.

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * A listener keeps a signal from ending the process. When ours is the only one, the signal is raised again after the
 * goodbye; when the bot has its own, ending is its business. A second signal does not wait for the goodbye.
 */
export function sayGoodbyeOnSignals(stop: () => Promise<void>): void {
  for (const signal of SIGNALS) {
    const end = (): void => {
      const isOnlyOurs = process.listenerCount(signal) - politeListeners() === 1;
      void stop().then(() => {
        process.off(signal, end);
        if (isOnlyOurs) process.kill(process.pid, signal);
      });
    };
    process.on(signal, end);
  }
}

/** The package signal-exit, which many others bring along, leaves ending to any other listener, and so to us. */
function politeListeners(): number {
  const fourth = Reflect.get(globalThis, Symbol.for('signal-exit emitter')) as Counted;
  const third = Reflect.get(process, '__signal_exit_emitter__') as Counted;
  return countOf(fourth) + countOf(third);
}

type Counted = { count?: unknown } | undefined;

const countOf = (emitter: Counted): number => (typeof emitter?.count === 'number' ? emitter.count : 0);

interface Stoppable {
  destroy: () => Promise<void>;
  login?: (token?: string) => Promise<string>;
}

/** A client that is destroyed has stopped on purpose, and one that logs in again goes on. */
export function followClient(client: Stoppable, leave: () => Promise<void>, goOn: () => void): void {
  const destroy = client.destroy.bind(client);
  client.destroy = async () => {
    void leave();
    return destroy();
  };
  const login = client.login?.bind(client);
  if (!login) return;
  client.login = async (token) => {
    goOn();
    return login(token);
  };
}
