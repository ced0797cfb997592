// What may be said all day long is one line a minute (RULES 32), and that says how many were left out before it.

const MINUTE_MS = 60_000;

/** One for each kind of line. */
export function rarely(say: (line: string) => void, now: () => number): (line: string) => void {
  let saidAt = -Infinity;
  let leftOut = 0;
  return (line) => {
    if (now() - saidAt < MINUTE_MS) return void leftOut++;
    say(leftOut === 0 ? line : `${line} (${leftOut} more like this one since the last were left out)`);
    saidAt = now();
    leftOut = 0;
  };
}
