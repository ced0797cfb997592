// Crashes at any moment, in one process: whatever was written how far, restoring and replaying gives the same numbers and leases.
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import t from 'tap';
import type { Answer } from '../../server/core/answer.js';
import type { DurableEvent } from '../../server/core/event.js';
import type { WorldRecord } from '../../server/core/record.js';
import { record, type Recording } from '../../server/core/recording.js';
import { door } from '../../server/core/door.js';
import { NO_RULES, type Rules } from '../../server/core/registry/registry.js';
import { happeningsWithOperator, perform, wideCast, type Happening } from '../core/happenings.js';
import { learning, registration, registryText, rulesWith, Scene, T0 } from '../core/scene.js';
import { holds } from '../holds.js';

const identities = ['a', 'b', 'c', 'd', 'e'];

/** What happens to a server and its disk. */
type Incident =
  | { what: 'happening'; happening: Happening }
  | { what: 'register'; identity: string; fleet: string; bot: string | null; shows: number }
  | { what: 'prune' | 'release'; identity: string }
  /** What was appended is synced, applied and answered. */
  | { what: 'sync' }
  /** A state file is begun, and so many pieces of it are written; at its end it takes the old one's place. */
  | { what: 'save'; pieces: number }
  /** `kept`: how many of the lines that were not synced are there afterwards. */
  | { what: 'crash'; kept: number; rules: number };

const incidents: fc.Arbitrary<Incident[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: happeningsWithOperator(wideCast).map((happening): Incident => ({
        what: 'happening',
        happening,
      })),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        what: fc.constant('register' as const),
        identity: fc.constantFrom(...identities),
        fleet: fc.constantFrom('asia', 'eu'),
        bot: fc.option(fc.constantFrom(...wideCast.bots)),
        shows: fc.nat(3),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        what: fc.constantFrom('prune' as const, 'release' as const),
        identity: fc.constantFrom(...identities),
      }),
    },
    { weight: 4, arbitrary: fc.constant({ what: 'sync' as const }) },
    {
      weight: 4,
      arbitrary: fc.record({
        what: fc.constant('save' as const),
        pieces: fc.oneof(fc.nat(8), fc.constant(1_000)),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ what: fc.constant('crash' as const), kept: fc.nat(3), rules: fc.nat(2) }),
    },
  ),
  { minLength: 5, maxLength: 60, size: 'max' },
);

interface Line {
  sequence: number;
  event: DurableEvent;
}

interface Known {
  fleet: string;
  number: number;
  leaseHash: string;
}

/** What was configured last. */
const rulesOf = (kept: WorldRecord | null, events: DurableEvent[]): Rules =>
  events.findLast((event) => event.type === 'rules')?.rules ?? kept?.rules ?? NO_RULES;

/** A server whose disk is two variables. */
class Machine {
  scene: Scene;
  private hasBegun = false;
  state: WorldRecord | null = null;
  journal: Line[] = [];
  sequence = 0;
  /** Appended, not yet synced. */
  pending: DurableEvent[] = [];
  recording: { of: Recording; pieces: Iterator<string>; text: string; sequence: number } | null = null;
  /** What members were told, those that were forgotten since left out. */
  acknowledged = new Map<string, Known>();
  /** Every number ever told, by fleet and number. */
  told = new Map<string, string>();
  /** The leases each identity was given, newest first. */
  leases = new Map<string, string[]>();
  issued = 0;
  /** Every durable event that a rule took or that a crash left in the journal. */
  history: DurableEvent[] = [];

  /** That it may start by; the first is what it starts with. */
  readonly rules: Rules[];

  constructor(rules: Rules[]) {
    this.rules = rules;
    this.scene = this.begin(null, [], 0, rules[0]!);
  }

  private get at(): number {
    return this.hasBegun ? this.scene.at : T0;
  }

  /** A server that comes up with what was kept. */
  private begin(kept: WorldRecord | null, events: DurableEvent[], downMs: number, rules: Rules): Scene {
    const scene = new Scene(rulesOf(kept, events), this.at + downMs, kept, events);
    scene.append = (event) => this.safe(event);
    this.hasBegun = true;
    this.scene = scene;
    scene.configure(rules);
    return scene;
  }

  /** In the log after all that waits, and safe at once. */
  private safe(event: DurableEvent): Answer {
    this.pending.push(event);
    return this.sync()!;
  }

  append(event: DurableEvent): void {
    if (door(this.scene.world, event) === null) this.pending.push(event);
  }

  register(identity: string, fleet: string, bot: string | null, shows: number): void {
    const shownHash = this.leases.get(identity)?.[shows] ?? null;
    const leaseHash = `lease ${++this.issued}`;
    this.append(registration(identity, this.scene.at, { fleet, bot, shownHash, leaseHash }));
  }

  /** The answer to the last one. */
  sync(): Answer | undefined {
    const answers = this.pending.map((event): [DurableEvent, Answer] => {
      this.journal.push({ sequence: ++this.sequence, event });
      const answer = this.scene.apply(event);
      if (answer.ok) this.history.push(event);
      return [event, answer];
    });
    this.pending = [];
    for (const [event, answer] of answers) if (answer.ok) this.acknowledge(event, answer);
    return answers.at(-1)?.[1];
  }

  acknowledge(event: DurableEvent, answer: Answer): void {
    if (event.type === 'prune') for (const identity of event.identities) this.acknowledged.delete(identity);
    if (event.type === 'forget') this.acknowledged.delete(event.identity);
    if (event.type === 'release')
      Object.assign(this.acknowledged.get(event.identity) ?? {}, { leaseHash: '' });
    if (event.type !== 'register' || !('number' in answer)) return;
    const { identity, fleet, leaseHash } = event;
    const name = `${fleet} #${answer.number}`;
    const holder = this.told.get(name) ?? identity;
    deepStrictEqual([name, identity], [name, holder], 'no number is given twice');
    this.told.set(name, identity);
    this.acknowledged.set(identity, { fleet, number: answer.number, leaseHash });
    this.leases.set(identity, [leaseHash, ...(this.leases.get(identity) ?? [])]);
  }

  save(pieces: number): void {
    this.recording ??= this.beginRecord();
    for (let i = 0; i < pieces; i++) {
      const next = this.recording.pieces.next();
      if (next.done) return this.putInPlace(this.recording);
      this.recording.text += next.value;
    }
  }

  beginRecord(): NonNullable<Machine['recording']> {
    const { sequence } = this;
    const of = record(this.scene.world, this.scene.at, sequence);
    return { of, pieces: of.pieces[Symbol.iterator](), text: '', sequence };
  }

  putInPlace({ of, text, sequence }: NonNullable<Machine['recording']>): void {
    of.end();
    this.recording = null;
    this.state = JSON.parse(text) as WorldRecord;
    const isLater = (line: Line): boolean => line.sequence > sequence;
    // The cut may be lost as well: what is dropped is known by its number.
    if (sequence % 2 === 0) this.journal = this.journal.filter(isLater);
  }

  crash(kept: number, rules: Rules): void {
    const tail = this.pending.slice(0, kept);
    for (const event of tail) {
      this.journal.push({ sequence: ++this.sequence, event });
      this.scene.apply(event);
    }
    this.history.push(...tail);
    this.pending = [];
    this.recording = null;
    const lived = registryText(this.scene.world);
    const due = this.journal.filter((line) => line.sequence > (this.state?.sequence ?? 0));
    const events = due.map(({ event }) => event);
    const replayed = new Scene(rulesOf(this.state, events), this.scene.at, this.state, events);
    strictEqual(registryText(replayed.world), lived, 'the registry is as it was lived');
    this.begin(this.state, events, 1_000, rules);
    this.check(tail);
  }

  /** What was never answered may have been applied: nobody was told, so nobody can miss what was before. */
  check(tail: DurableEvent[]): void {
    for (const event of tail)
      for (const identity of 'identities' in event
        ? event.identities
        : 'identity' in event
          ? [event.identity]
          : [])
        this.acknowledged.delete(identity);
    for (const [identity, known] of this.acknowledged) {
      const cluster = this.scene.world.clusters.get(identity);
      const found = cluster && { fleet: cluster.fleet, number: cluster.number, leaseHash: cluster.leaseHash };
      deepStrictEqual([identity, found], [identity, known]);
    }
  }
}

function play(machine: Machine, story: Incident[]): void {
  for (const incident of story)
    switch (incident.what) {
      case 'happening':
        perform(machine.scene, incident.happening);
        break;
      case 'register':
        machine.register(incident.identity, incident.fleet, incident.bot, incident.shows);
        break;
      case 'prune':
        machine.append({ type: 'prune', at: machine.scene.at, identities: [incident.identity] });
        break;
      case 'release':
        machine.append({ type: 'release', at: machine.scene.at, identity: incident.identity });
        break;
      case 'sync':
        machine.sync();
        break;
      case 'save':
        machine.save(incident.pieces);
        break;
      case 'crash':
        machine.crash(incident.kept, machine.rules[incident.rules % machine.rules.length]!);
    }
  machine.sync();
  machine.crash(0, machine.rules[0]!);
}

const RUNS = 1_000;

void t.test(
  'Numbers are never reused, even after pruning or kill −9: all that was answered is there after a crash at any moment',
  (t) => {
    const check = (story: Incident[]): void => {
      const machine = new Machine([learning()]);
      play(machine, story);
      const calm = new Scene(NO_RULES, machine.scene.at, null, machine.history);
      deepStrictEqual(calm.world.numbers, machine.scene.world.numbers, 'as in a world without crashes');
    };
    holds(t, fc.property(incidents, check), RUNS);
    t.end();
  },
);

void t.test(
  'nor where leases are required, clusters are capped, and the configuration is another after the crash',
  (t) => {
    const strict = [
      learning({ maxClusters: 3, requireLease: true }),
      learning({ maxClusters: 2, requireLease: false }),
      rulesWith({ maxClusters: 1, requireLease: true, memberRows: [{ fleet: 'eu', bot: 'main' }] }),
    ];
    holds(
      t,
      fc.property(incidents, (story) => play(new Machine(strict), story)),
      RUNS,
    );
    t.end();
  },
);
