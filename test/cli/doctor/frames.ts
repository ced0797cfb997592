// The live connection by what was heard on it: how steadily frames come, and how it ended.
import t from 'tap';
import { liveLines, type Heard, type Watched } from '../../../server/cli/doctor/live.js';
import { said } from './diagnose.js';

const NOW = 1_795_225_265_000;
/** The server's clock is an hour off: that must not matter. */
const SERVER = NOW + 3_600_000;

/** Watched for 30 s, with frames made and heard at these seconds. */
const watched = (frames: [madeAt: number, heardAt: number][], more: Partial<Watched> = {}): Watched => ({
  kind: 'watched',
  firstAfterMs: 12,
  frames: [
    { at: null, receivedAt: NOW },
    ...frames.map(([at, heard]): Heard => ({ at: SERVER + at * 1_000, receivedAt: NOW + heard * 1_000 })),
  ],
  strange: null,
  openedAt: NOW,
  endedAt: NOW + 30_000,
  wantedMs: 30_000,
  closed: null,
  ...more,
});

const steady: [number, number][] = [
  [5, 5.1],
  [10, 10],
  [15, 15.4],
  [20, 20],
  [25, 25],
  [30, 30],
];

const pace = (...args: Parameters<typeof watched>): string =>
  said(liveLines(watched(...args)), 'live-pace').join();

void t.test('a connection that lives, with a frame at least every 5 seconds', (t) => {
  t.same(said(liveLines(watched(steady)), 'live'), ['ok WS /live -> 101, first frame after 12 ms']);
  t.equal(pace(steady), 'ok it stayed open: 7 frames in 30 s, at most 5.4 s between two');
  t.end();
});

void t.test('frames that come late, in bursts, or not at all', (t) => {
  t.match(pace(steady.slice(0, 3)), /^problem 4 frames in 30 s, and none for 14\.6 s of them/);
  const held: [number, number][] = [
    [1, 4],
    [2, 4],
    [4, 4],
    [6, 9],
    [9, 9],
    [14, 14],
    [19, 19],
    [24, 24],
    [29, 29],
  ];
  t.match(pace(held), /^problem 10 frames in 30 s, some held back for 3 s on the way: they come in bursts/);
  t.end();
});

void t.test('a look that was too short to tell says so', (t) => {
  t.match(pace([], { wantedMs: 3_000, endedAt: NOW + 3_000 }), /^skipped/);
  t.end();
});

void t.test('a connection that was closed: by whom, and what to do', (t) => {
  const closed = (code: number, reason = ''): string =>
    pace([], { closed: { code, reason, afterMs: 20_000 } });
  t.match(closed(1006), /^problem WS \/live was closed after 20 s \(1006\), and was to stay open for 30 s/);
  t.match(closed(1012, '500'), /^warning .* the server restarts/);
  t.match(closed(4008, 'too many'), /^warning .* too many sockets/);
  t.end();
});

void t.test('a plain answer where a socket was to be', (t) => {
  const refused = (status: number, text = '', location = ''): string =>
    said(liveLines({ kind: 'refused', status, text, location }), 'live').join();
  t.match(
    refused(400, '{"error":"this address speaks WebSocket: …"}'),
    /^problem .* the proxy does not pass the upgrade/,
  );
  t.match(refused(426), /^problem .* the proxy does not pass the upgrade/);
  t.match(refused(401), /^skipped/);
  t.match(refused(429), /^warning/);
  t.match(refused(302, '', 'https://a.example'), /^problem .* sent on to https:\/\/a\.example/);
  t.match(refused(502), /^problem .* could not reach Shardlight/);
  t.match(refused(200, '<html>'), /^problem .* does not let sockets through/);
  t.end();
});
