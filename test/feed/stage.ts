// A feed under test: a world that it listens to, time that tests move, and browsers made of arrays.
import { PROTOCOL } from '../../public/shared/wire.js';
import type { Publish, Sent, Socket, SocketHandler } from '../../server/http/message.js';
import type { Schedule } from '../../server/feed/ticker.js';
import type { Applied } from '../../server/core/step.js';
import type { Scene } from '../core/scene.js';

export interface Feed extends SocketHandler {
  note: (applied: Applied) => void;
}

/** What a feed gets from the server, played by the test. */
export interface Props {
  publish: Publish;
  now: () => number;
  schedule: Schedule;
}

/** A socket that keeps what it got. */
export interface Browser extends Socket {
  frames: string[];
  topics: Set<string>;
  closed: { code: number; reason: string } | null;
  /** What waits in its socket's buffer, of which one frame may; null: it reads whatever comes. */
  unread: string[] | null;
  /** What it got in the turn it last got something in. */
  inTurn: { turn: number; bytes: number };
}

/** Listens, and is asked nothing. */
export const SOMEBODY: Socket = {
  send: () => 'sent',
  sendPart: () => undefined,
  join: () => undefined,
  leave: () => undefined,
  close: () => undefined,
  hangUp: () => undefined,
};

export interface Stage {
  props: Props;
  /** What was published, once each, whoever listened. */
  published: string[];
  /** How often anything was sent to one socket alone. */
  sends: number;
  /** The most bytes that one socket got in one turn. */
  mostInATurn: number;
  /** From now on the feed hears of every change. */
  enter: (feed: Feed) => void;
  /** Speaks our protocol unless it says otherwise. */
  open: (query?: Record<string, string>) => Browser;
  leave: (browser: Browser) => void;
  /** It reads nothing from now on, but for what the kernel takes; and it reads again. */
  stall: (browser: Browser) => void;
  read: (browser: Browser) => void;
  /** Lets that much time pass, and runs what falls due. */
  wait: (ms: number) => void;
  /** Runs what is due now. */
  turn: () => void;
}

export function createStage(scene: Scene): Stage {
  const browsers = new Set<Browser>();
  const scheduled: { at: number; run: () => void }[] = [];
  let feed: Feed | undefined;
  let turn = 0;
  const give = (browser: Browser, text: string): Sent => {
    if (browser.unread) {
      if (browser.unread.length > 0) return 'dropped';
      browser.unread.push(text);
      return 'queued';
    }
    browser.frames.push(text);
    const before = browser.inTurn.turn === turn ? browser.inTurn.bytes : 0;
    browser.inTurn = { turn, bytes: before + Buffer.byteLength(text) };
    stage.mostInATurn = Math.max(stage.mostInATurn, browser.inTurn.bytes);
    return 'sent';
  };
  const stage: Stage = {
    props: {
      publish: (topic, text) => {
        if (text !== stage.published.at(-1)) stage.published.push(text); // to however many topics
        for (const browser of browsers)
          if (browser.topics.has(topic) && give(browser, text) === 'dropped') feed?.dropped?.(browser, text);
      },
      now: () => scene.at,
      schedule: (delayMs, run) => scheduled.push({ at: scene.at + delayMs, run }),
    },
    published: [],
    sends: 0,
    mostInATurn: 0,
    enter: (entering) => {
      feed = entering;
      scene.listeners.push(entering.note);
    },
    open: (query = {}) => {
      turn++;
      const browser = createBrowser((to, text) => {
        stage.sends++;
        return give(to, text);
      }, stage.leave);
      browsers.add(browser);
      feed?.opened(browser, new URLSearchParams({ p: PROTOCOL, ...query }), null);
      return browser;
    },
    leave: (browser) => {
      browsers.delete(browser);
      feed?.closed(browser);
    },
    stall: (browser) => (browser.unread ??= []),
    read: (browser) => {
      turn++;
      browser.frames.push(...(browser.unread ?? []));
      browser.unread = null;
      feed?.drained?.(browser);
    },
    wait: (ms) => {
      const end = scene.at + ms;
      for (;;) {
        scheduled.sort((a, b) => a.at - b.at);
        if (!scheduled[0] || scheduled[0].at > end) break;
        const { at, run } = scheduled.shift()!;
        scene.at = Math.max(scene.at, at);
        turn++;
        run();
      }
      scene.at = end;
    },
    turn: () => stage.wait(0),
  };
  return stage;
}

function createBrowser(
  give: (browser: Browser, text: string) => Sent,
  gone: (browser: Browser) => void,
): Browser {
  const browser: Browser = {
    frames: [],
    topics: new Set(),
    closed: null,
    unread: null,
    inTurn: { turn: 0, bytes: 0 },
    send: (text) => give(browser, text),
    sendPart: (part, isFirst) => {
      if (isFirst) return void give(browser, part);
      const whole = browser.frames.pop()! + part;
      give(browser, part);
      browser.frames.splice(-1, 1, whole);
    },
    join: (topic) => browser.topics.add(topic),
    leave: (topic) => browser.topics.delete(topic),
    close: (code, reason) => (browser.closed = { code, reason }),
    hangUp: () => {
      browser.closed = { code: 1006, reason: '' };
      gone(browser);
    },
  };
  return browser;
}
