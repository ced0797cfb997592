// A crash at any byte: of the journal, of a state file that is being written, and between the two; the registry is the one that was lived.
import { equal } from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import t from 'tap';
import fc from 'fast-check';
import type { DurableEvent } from '../../server/core/event.js';
import { record } from '../../server/core/recording.js';
import { restore } from '../../server/core/restore.js';
import { step } from '../../server/core/step.js';
import { createWorld } from '../../server/core/world.js';
import { besideOf } from '../../server/log/disk.js';
import { eventLine, headLine, readJournalLines } from '../../server/log/journal-lines.js';
import { journalPathOf, openLogOrThrow, type OpenedLog } from '../../server/log/open.js';
import { writeState } from '../../server/log/state-file.js';
import { happeningsWithOperator, perform, wideCast, type Happening } from '../core/happenings.js';
import { learning, registryText, Scene, textOf } from '../core/scene.js';
import { holds } from '../holds.js';
import { freshPath, reading } from './rig.js';

/** What was lived: its journal, and the registry after each of its events. */
interface Life {
  scene: Scene;
  events: DurableEvent[];
  /** The first is of before them all. */
  registries: string[];
}

const NEWLINE = 10;

const wide = happeningsWithOperator(wideCast);
const histories = fc.array(wide, { minLength: 5, maxLength: 40, size: 'max' });

function live(happenings: Happening[], scene = new Scene(learning())): Life {
  const events: DurableEvent[] = [];
  const registries = [registryText(scene.world)];
  scene.append = (event) => {
    const answer = scene.apply(event);
    events.push(event);
    registries.push(registryText(scene.world));
    return answer;
  };
  for (const happening of happenings) perform(scene, happening);
  return { scene, events, registries };
}

const linesOf = (events: DurableEvent[], after: number): string =>
  headLine(after) + events.map((event, i) => eventLine(after + i + 1, event)).join('');

/** As the start has it, of what a start finds. */
function registryOf({ record: kept, events }: Pick<OpenedLog, 'record' | 'events'>): string {
  const world = createWorld();
  if (kept) restore(world, kept);
  for (const event of events) step(world, event);
  return registryText(world);
}

void t.test('the journal, cut off at any byte, gives the registry of its last whole event', (t) => {
  holds(
    t,
    fc.property(histories, (happenings) => {
      const before = new Scene(learning());
      const kept = before.record();
      const { events, registries } = live(happenings, before);
      const bytes = Buffer.from(linesOf(events, 0));
      let whole = -1;
      for (let length = headLine(0).length; length <= bytes.length; length++) {
        const read = readJournalLines(bytes.subarray(0, length));
        if (!read.ok) throw new Error(`${length} bytes: ${read.problem}`);
        const replayed = [...read.contents.events.values()];
        equal(read.contents.torn === null, bytes[length - 1] === NEWLINE, `${length} bytes`);
        if (replayed.length === whole) continue;
        equal(replayed.length, whole + 1, 'one more with each line');
        whole = replayed.length;
        equal(registryOf({ record: kept, events: replayed }), registries[whole], `after ${whole} events`);
      }
      equal(whole, events.length);
    }),
    100,
  );
  t.end();
});

/** A start takes two ms. */
const BYTES_BETWEEN = 97;

void t.test(
  'a state file that is being written, cut off anywhere, is none; before and after it the registry is one',
  async (t) => {
    const [happenings] = fc.sample(histories, { numRuns: 1, seed: 7 });
    const path = await freshPath(t);
    const first = live(happenings!);
    await writeState(path, record(first.scene.world, first.scene.at, first.events.length).pieces, false);
    const saved = first.events.length;
    const { scene, events, registries } = live(happenings!, first.scene);
    await writeFile(journalPathOf(path), linesOf(events, saved));
    const lived = registries.at(-1)!;
    const isAsLived = async (what: string): Promise<void> => {
      const opened = await openLogOrThrow(path, reading, scene.at);
      opened.lock.unlock();
      equal(registryOf(opened), lived, what);
    };
    await isAsLived('before');
    const next = Buffer.from(textOf(scene.world, scene.at));
    for (let length = 0; length <= next.length; length += BYTES_BETWEEN) {
      await writeFile(besideOf(path), next.subarray(0, length));
      await isAsLived(`${length} of ${next.length} bytes`);
    }
    const whole = record(scene.world, scene.at, saved + events.length);
    await writeState(path, whole.pieces, false);
    await isAsLived('it has taken the place of the old one, and the journal is not cut yet');
    await writeFile(journalPathOf(path), headLine(saved + events.length));
    await isAsLived('and now it is');
    t.pass(`${Math.ceil(next.length / BYTES_BETWEEN)} starts`);
  },
);
