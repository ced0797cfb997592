// One request to Shardlight: it always ends, within its time, and never throws.

export interface Reply {
  /** 0: none came. */
  status: number;
  /** What the server said, or why it was not reached. */
  text: string;
  /** How long it asks to wait; 0: it does not. */
  retryAfterMs: number;
}

export type Post = (path: string, body: unknown, timeoutMs: number) => Promise<Reply>;

const MAX_WAIT_MS = 600_000;

/** `url` with or without a slash at its end; a path in it is kept. */
export function createPost(url: string, token: string | undefined, version: string): Post {
  const base = url.replace(/\/+$/, '');
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    'user-agent': `shardlight-member/${version}`,
    ...(token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` }),
  };
  return async (path, body, timeoutMs) => {
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const text = JSON.stringify(body);
      const answer = await fetch(base + path, { method: 'POST', headers, body: text, signal });
      return { status: answer.status, text: await answer.text(), retryAfterMs: retryAfterOf(answer.headers) };
    } catch (error) {
      return { status: 0, text: whyOf(error), retryAfterMs: 0 };
    }
  };
}

function retryAfterOf(headers: Headers): number {
  const seconds = Number(headers.get('retry-after') ?? 0);
  return seconds > 0 ? Math.min(seconds * 1000, MAX_WAIT_MS) : 0;
}

/** fetch says "fetch failed" and hides the reason one level down. */
function whyOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message ?? 'it is not known why';
}
