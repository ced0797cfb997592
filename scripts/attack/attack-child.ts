// The attacker, in a process of its own: strikes for as long as it is told, and says how many requests it sent.
import { setPriority } from 'node:os';
import { ATTACKS } from './attacks.js';

/** An attacker is on a machine of its own: here it takes no core from the server. */
const LAST_IN_LINE = 19;

const [name = '', port = '', forMs = ''] = process.argv.slice(2);
const attack = ATTACKS.find((one) => one.name === name);
if (!attack) throw new Error(`there is no attack "${name}"`);

setPriority(LAST_IN_LINE);
process.once('disconnect', () => process.exit(0)); // whoever measures is gone
const endsAt = performance.now() + Number(forMs);
const sent = await attack.strike({ port: Number(port), isOver: () => performance.now() >= endsAt });
process.send?.(sent, () => process.exit(0));
