// `npm run bench`: measures the built server beside a bare uWebSockets.js one on this machine, in one run of about nine minutes.
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { batchBeats, glanceStatuses } from './beats.js';
import { inBrowser } from './browser.js';
import { fanOut } from './fan-out.js';
import { fleetLife, FLEET_SIZES, heartbeats, registers } from './registry.js';
import { memberCost, MEMBERS } from './member.js';
import { operators } from './operator.js';
import { outage } from './outage.js';
import { tableOf, type Results } from './table.js';
import { weights } from './weight.js';

const VIEWERS = 1_000;
const MANY_VIEWERS = 5_000;
const EX_USAGE = 2;
/** Descriptors beside the viewers': reporters, the children's pipes, the load generator's connections. */
const SPARE = 500;

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
  const fleetBeats = await heartbeats();
  say('Registers …');
  const registered = await registers();
  const fleets = [];
  for (const clusters of FLEET_SIZES) {
    say(`The life of ${clusters.toLocaleString('en')} clusters …`);
    fleets.push(await fleetLife(clusters));
  }
  const notes: string[] = [];
  const fanOuts = [];
  for (const wanted of [VIEWERS, MANY_VIEWERS]) fanOuts.push(await fanOut(viewersFor(wanted, notes)));
  say('An outage …');
  const lost = await outage(affordableViewers(MANY_VIEWERS, descriptorLimit()));
  say('Operators …');
  const watched = await operators();
  say('Members …');
  const members = [];
  for (const count of MEMBERS) members.push(await memberCost(count));
  say('Bytes …');
  const weighed = await weights();
  say('Pages in Chromium …');
  const browser = await inBrowser([0, affordableViewers(VIEWERS, descriptorLimit())]);
  return {
    beats: [batch, glance, ...fleetBeats],
    registered,
    fleets,
    fanOuts,
    outage: lost,
    operators: watched,
    members,
    weights: weighed,
    browser,
    notes,
  };
}

/** How many descriptors, of this process and of those that it starts; Infinity where there is no limit. */
function descriptorLimit(): number {
  const said = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
  return said === 'unlimited' ? Infinity : Number(said);
}

/** Every viewer is a descriptor, and this process holds those of both sides at once. */
const affordableViewers = (wanted: number, limit: number): number =>
  Math.max(1, Math.min(wanted, Math.floor((limit - SPARE) / 2)));

/** As many as are wanted, or as few as the system allows, which is then noted. */
function viewersFor(wanted: number, notes: string[]): number {
  const limit = descriptorLimit();
  const count = affordableViewers(wanted, limit);
  if (count < wanted) notes.push(`${count} viewers instead of ${wanted}: \`ulimit -n\` is ${limit}.`);
  say(`Patches to ${count} viewers …`);
  return count;
}

const isJson = wantsJson();
const results = await measure();
if (isJson) console.log(JSON.stringify({ node: process.version, cores: cpus().length, ...results }, null, 2));
else
  console.log(
    `Node ${process.version}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'})\n\n${[tableOf(results), ...results.notes].join('\n\n')}`,
  );
