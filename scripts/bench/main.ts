// `npm run bench`: measures the built server beside a bare uWebSockets.js one on this machine, in one run of about a minute.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { argusHeartbeats, batchBeats, glanceStatuses } from './beats.js';
import { fanOut } from './fan-out.js';
import { tableOf, type Results } from './table.js';
import { weights } from './weight.js';

const VIEWERS = 1_000;
const EX_USAGE = 2;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Whether JSON is wanted; says how to ask, and ends, when it does not understand. */
function wantsJson(): boolean {
  try {
    return parseArgs({ options: { json: { type: 'boolean', default: false } } }).values.json;
  } catch {
    say('Usage: npm run bench -- [--json]');
    process.exit(EX_USAGE);
  }
}

/** One after the other: what is measured has the machine to itself, as far as we can. */
async function measure(): Promise<Results> {
  say('Batch reports …');
  const batch = await batchBeats();
  say('Glance statuses …');
  const glance = await glanceStatuses();
  say('Argus heartbeats …');
  const argus = await argusHeartbeats();
  say(`Patches to ${VIEWERS} viewers …`);
  const fanned = await fanOut(VIEWERS);
  say('Bytes …');
  return { beats: { batch, glance, argus }, fanOut: fanned, weights: await weights() };
}

const isJson = wantsJson();
const results = await measure();
if (isJson) console.log(JSON.stringify({ node: process.version, cores: cpus().length, ...results }, null, 2));
else
  console.log(
    `Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'})\n\n${tableOf(results)}`,
  );
