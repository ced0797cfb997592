// How tests start programs: without what tap has every Node.js load first, which makes a start three times as long.

/** For `spawn` and `execFile`. tap puts its hook into the environment of every child, so it is taken out on the other side. */
export const unhooked = (command: string, args: string[] = []): [command: string, args: string[]] => [
  'env',
  ['-u', 'NODE_OPTIONS', command, ...args],
];

/** The same for `fork`. */
export const unhookedFork = { execPath: 'env', execArgv: ['-u', 'NODE_OPTIONS', process.execPath] };
