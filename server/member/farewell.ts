// A planned stop: says goodbye when the process is told to end, or the client is destroyed, and then lets it end as it would have.

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * A listener keeps a signal from ending the process. When ours is the only one, the signal is raised again after the
 * goodbye; when the bot has its own, ending is its business.
 */
export function sayGoodbyeOnSignals(stop: () => Promise<void>): void {
  for (const signal of SIGNALS)
    process.once(signal, () => {
      const isOnlyOurs = process.listenerCount(signal) === 0; // `once` has taken this one away
      void stop().then(() => {
        if (isOnlyOurs) process.kill(process.pid, signal);
      });
    });
}

/** A client that is destroyed has stopped on purpose. */
export function sayGoodbyeOnDestroy(
  client: { destroy: () => Promise<void> },
  stop: () => Promise<void>,
): void {
  const destroy = client.destroy.bind(client);
  client.destroy = async () => {
    void stop();
    return destroy();
  };
}
