// The examination: what is asked in which order, and where it ends early because nothing else would make sense.
import * as z from 'zod';
import {
  keysOf,
  lackingLine,
  leaseLine,
  namespaceLine,
  openedBy,
  openLines,
  publicUrlLine,
  readSession,
  sessionLine,
  show,
  tokenLine,
  type Keys,
  type Role,
  type Session,
} from './access.js';
import { jsonOf, targetOf, type Ask, type Asked } from './ask.js';
import type { Call } from './call.js';
import { certificateLine, type ReadCertificate } from './certificate.js';
import { clockLine, shownClockLine } from './clock.js';
import { fleetLines, MAX_FLEET_VIEW_BYTES, readFleets, type FleetCount } from './fleets.js';
import type { Line } from './line.js';
import { liveLines, watchLive } from './live.js';
import { MAX_METRICS_BYTES, numberLines } from './numbers.js';
import { lookAtAll } from './operator-feed.js';
import { lookAtPage } from './page.js';
import { PATHS } from './paths.js';
import { placeOf, type Place } from '../../outbound/addresses.js';
import { probe } from './probe.js';
import { reachLine, readyLine } from './reach.js';
import { outlineLines } from './rows.js';
import type { Open } from './socket.js';

export interface Instruments {
  ask: Ask;
  open: Open;
  readCertificate: ReadCertificate;
  now: () => number;
  /** What the times on the page are compared with. */
  wall: () => number;
  /** This doctor's own. */
  version: string;
  tell: (...lines: Line[]) => void;
}

export async function examine(call: Call, tools: Instruments): Promise<void> {
  const { ask, now, tell } = tools;
  const place = placeOf(targetOf(call.base).host);
  tell(...call.lines);
  const alive = await ask({ path: PATHS.alive });
  if (!(await isReached(alive, call, tools)) || alive.kind === 'failure') return;
  tell(readyLine(await ask({ path: PATHS.ready })), clockLine(alive));
  const asked = await ask({ path: PATHS.session });
  const session = readSession(asked);
  if (!session) return tell(sessionLine(asked)!);
  tell(
    ...[
      publicUrlLine(call.base, place, session),
      leaseLine(place, session),
      namespaceLine(call.namespace, session),
    ].filter((line) => line !== null),
  );
  const keys = await findKeys(call, place, tools);
  const { open, wall } = tools;
  const { timeoutMs, idleMs } = call;
  const live = watchLive({ open, token: keys.viewer, idleMs, timeoutMs, now }); // takes its time, beside the others
  const sentAt = wall();
  const view = await ask({ path: PATHS.view, token: keys.viewer ?? null, maxBytes: MAX_FLEET_VIEW_BYTES });
  const bots = readBots(view);
  const at = readAt(view);
  if (at !== null) tell(shownClockLine(at, { sentAt, receivedAt: wall() }));
  tell(await lookAtPage(ask, call.base, keys.viewer ?? null));
  await lookAtFleets(call, keys, session, bots, tools);
  await lookAtNumbers(keys, session, tools);
  tell(...liveLines(await live));
  if (call.mayWrite) tell(...(await probe({ ask, open, keys, bot: bots[0]?.key ?? null, timeoutMs })));
}

/** The address answers, as Shardlight does; over https, with a certificate that is trusted. */
async function isReached(
  alive: Asked,
  { base }: Call,
  { readCertificate, now, tell }: Instruments,
): Promise<boolean> {
  const target = targetOf(base);
  const failure = alive.kind === 'failure' ? alive : null;
  const isEncrypted = failure === null || failure.isTls;
  const reached = reachLine(alive, base);
  tell(reached);
  if (isEncrypted)
    tell(certificateLine(target, target.isHttps ? await readCertificate(target) : null, failure, now()));
  return reached.state === 'ok';
}

/** Each token, and no token at all, is held against each role. */
async function findKeys({ tokens }: Call, place: Place, { ask, tell }: Instruments): Promise<Keys> {
  const everybody = openedBy(await show(ask, null)).roles;
  tell(...openLines(everybody, place));
  const opening: { text: string; roles: Role[] }[] = [];
  for (const token of tokens) {
    const opened = openedBy(await show(ask, token.text));
    tell(tokenLine(token, opened, everybody));
    opening.push({ text: token.text, roles: opened.roles });
  }
  return keysOf(opening, everybody);
}

const publicView = z.object({ bots: z.array(z.object({ key: z.string(), heardAt: z.number().nullable() })) });

type BotSeen = z.output<typeof publicView>['bots'][number];

/** None where the page is private, and we are no viewer. */
const readBots = (asked: Asked): BotSeen[] =>
  (asked.kind === 'answer' ? publicView.safeParse(jsonOf(asked)).data?.bots : null) ?? [];

/** When the view was made; null: that is none. */
const readAt = (asked: Asked): number | null =>
  asked.kind === 'answer' ? (z.object({ at: z.number() }).safeParse(jsonOf(asked)).data?.at ?? null) : null;

async function lookAtFleets(
  call: Call,
  { viewer }: Keys,
  session: Session,
  bots: BotSeen[],
  { ask, open, tell }: Instruments,
): Promise<void> {
  if (viewer === undefined)
    return tell(lackingLine('fleet-view', 'clusters, double claims and snapshot sizes', 'viewer', session));
  const { line, fleets } = readFleets(
    await ask({ path: PATHS.fleet, token: viewer, maxBytes: MAX_FLEET_VIEW_BYTES }),
  );
  tell(line);
  const outline = await lookAtAll(open, viewer, call.timeoutMs);
  const isSeen = 'bots' in outline;
  const counted: FleetCount[] | null = isSeen ? outline.fleets : fleets; // which tells what was stopped on purpose
  const hasReports = bots.some(({ heardAt }) => heardAt !== null);
  if (counted) tell(...fleetLines(counted, hasReports));
  tell(...(isSeen ? outlineLines(outline) : [outline]));
}

async function lookAtNumbers(
  { metrics }: Keys,
  session: Session,
  { ask, version, tell }: Instruments,
): Promise<void> {
  const checks = 'log, state file, sizes of reports, proxies and version';
  if (metrics === undefined) return tell(lackingLine('metrics', checks, 'metrics', session));
  tell(
    ...numberLines(await ask({ path: PATHS.metrics, token: metrics, maxBytes: MAX_METRICS_BYTES }), version),
  );
}
