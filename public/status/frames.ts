// What a frame of the socket does to the view; a frame that does not fit says so instead of being guessed at.
import { applyAlive, applyPatch, applySnapshot } from '../shared/patch.js';
import type { LiveFrame, PatchFrame, PublicView, SnapshotFrame } from '../shared/wire.js';

/** Null for what is no frame. Our own server wrote it: the operation is checked, the rest is trusted. */
export function readFrame(data: unknown): LiveFrame | null {
  try {
    const frame = JSON.parse(String(data)) as LiveFrame;
    return ['snapshot', 'patch', 'alive'].includes(frame.op) ? frame : null;
  } catch {
    return null;
  }
}

/** What is shown, and beyond it what came in pieces so far and is shown once it is whole; null: nothing waits. */
export interface Known {
  view: PublicView;
  coming: PublicView | null;
}

/** What is known after the frame, or `gap` when a patch is missing between the two. */
export function applyFrame(known: Known, frame: LiveFrame): Known | 'gap' {
  const { view, coming } = known;
  const last = coming ?? view;
  switch (frame.op) {
    case 'alive':
      return { view: applyAlive(view, frame), coming: coming && applyAlive(coming, frame) };
    case 'snapshot':
      return whole(view, applySnapshot(frame), frame);
    case 'patch':
      if (frame.v <= last.version) return known;
      return frame.v === last.version + 1 ? whole(view, applyPatch(last, frame), frame) : 'gap';
  }
}

const whole = (view: PublicView, next: PublicView, { more }: PatchFrame | SnapshotFrame): Known =>
  more ? { view, coming: next } : { view: next, coming: null };
