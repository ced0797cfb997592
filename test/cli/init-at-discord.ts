// `shardlight init` as a program that asks a Discord of the test's choice: its first argument is the address of the API.
import { createInit } from '../../server/cli/init.js';

const [api = '', ...args] = process.argv.slice(2);
const code = await createInit(api).run(args, {
  print: (text) => void process.stdout.write(`${text}\n`),
  say: (text) => void process.stderr.write(`${text}\n`),
  isInteractive: process.stdin.isTTY && process.stderr.isTTY,
  isColoured: false,
});
process.exit(code ?? 0);
