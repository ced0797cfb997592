// Whatever happens, in whatever ticks, whoever comes and goes: every viewer's view becomes the server's.
import { deepStrictEqual, ok } from 'node:assert/strict';
import t from 'tap';
import fc from 'fast-check';
import { applyAlive, applyPatch, applySnapshot } from '../../public/shared/patch.js';
import type { LiveFrame, PublicView } from '../../public/shared/wire.js';
import { createPublicFeed } from '../../server/feed/public.js';
import { happeningsOf, perform, wideCast, type Happening } from '../core/happenings.js';
import { learning, Scene } from '../core/scene.js';
import { holds } from '../holds.js';
import { createStage, type Browser, type Stage } from './stage.js';

const EPOCH = 'this-run';

/** A browser that keeps a view as the page's script does, and fails on a gap. */
class Viewer {
  view: PublicView | undefined;
  #browser: Browser | undefined;
  readonly #stage: Stage;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Comes for the first time, or back with the version it has. */
  come(): void {
    if (this.#browser) return;
    this.#browser = this.#stage.open(this.view ? { v: `${this.view.version}`, e: this.view.epoch } : {});
  }

  leave(): void {
    this.goOn();
    this.read();
    if (this.#browser) this.#stage.leave(this.#browser);
    this.#browser = undefined;
  }

  /** Its line stands still: what comes waits, or is dropped. */
  stall(): void {
    if (this.#browser) this.#stage.stall(this.#browser);
  }

  goOn(): void {
    if (this.#browser) this.#stage.read(this.#browser);
  }

  read(): void {
    for (const text of this.#browser?.frames.splice(0) ?? []) this.#apply(JSON.parse(text) as LiveFrame);
  }

  #apply(frame: LiveFrame): void {
    if (frame.op === 'snapshot') return void (this.view = applySnapshot(frame));
    ok(this.view, `${frame.op} before any snapshot`);
    if (frame.op === 'alive') return void (this.view = applyAlive(this.view, frame));
    deepStrictEqual(frame.v, this.view.version + 1, 'no gap between patches');
    this.view = applyPatch(this.view, frame);
  }
}

/** What happens beside happenings: time for a patch, viewers who come and go, and lines that stand still for a while. */
type Scenario = (Happening | 'tick' | (typeof comings)[number])[];
const comings = ['a viewer comes', 'a viewer leaves', 'a line stalls', 'a line goes on'] as const;

const scenarios: fc.Arbitrary<Scenario> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: happeningsOf(wideCast) },
    { weight: 2, arbitrary: fc.constant('tick' as const) },
    { weight: 2, arbitrary: fc.constantFrom(...comings) },
  ),
  { minLength: 1, maxLength: 60, size: 'max' },
);

function play(scenario: Scenario, showClusters: boolean): void {
  const scene = new Scene(learning());
  const stage = createStage(scene);
  const options = {
    world: scene.world,
    title: () => 'Bot status',
    epoch: EPOCH,
    showClusters,
    ...stage.props,
  };
  const feed = createPublicFeed(options);
  stage.enter(feed);
  const viewers = Array.from({ length: 4 }, () => new Viewer(stage));
  viewers[0]!.come();
  scenario.forEach((act, i) => {
    const viewer = viewers[i % viewers.length]!;
    if (act === 'tick') stage.wait(100);
    else if (act === 'a viewer comes') viewer.come();
    else if (act === 'a viewer leaves') viewer.leave();
    else if (act === 'a line stalls') viewer.stall();
    else if (act === 'a line goes on') viewer.goOn();
    else perform(scene, act);
  });
  for (const viewer of viewers) {
    viewer.come();
    viewer.goOn();
  }
  stage.wait(2_000);
  feed.alive();
  for (const viewer of viewers) {
    viewer.read();
    deepStrictEqual(viewer.view, JSON.parse(JSON.stringify(feed.view())));
  }
}

void t.test(
  'any split of events into ticks gives every viewer, early, late, slow or resumed, the same view',
  (t) => {
    holds(t, fc.property(scenarios, fc.boolean(), play), 500);
    t.end();
  },
);
