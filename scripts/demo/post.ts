// Sends one report; a server that is away or says no is told of once, and never stops the demo.

/** What came back; null: nothing did. */
export type Post = (path: string, body?: unknown) => Promise<number | null>;

const TIMEOUT_MS = 5_000;

/** fetch keeps its connections open, as bots do. Once `isOver`, failures are no news. */
export function createPost(origin: string, log: (line: string) => void, isOver: () => boolean): Post {
  const said = new Set<string>();
  const sayOnce = (line: string): void => {
    if (said.has(line) || isOver()) return;
    said.add(line);
    log(line);
  };
  return async (path, body) => {
    try {
      const response = await fetch(origin + path, request(body));
      const text = await response.text();
      if (!response.ok) sayOnce(`A report was refused with ${response.status}: ${text.trim()}`);
      return response.status;
    } catch (error) {
      sayOnce(`A report did not get through: ${reasonOf(error)}`);
      return null;
    }
  };
}

const request = (body: unknown): RequestInit => ({
  method: 'POST',
  signal: AbortSignal.timeout(TIMEOUT_MS),
  ...(body === undefined
    ? {}
    : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
});

/** fetch says "fetch failed", and keeps the reason for its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
