// What a frame of the socket does to the view; a frame that does not fit says so instead of being guessed at.
import { applyAlive, applyPatch } from '../shared/patch.js';
import type { LiveFrame, PublicView } from '../shared/wire.js';

/** Null for what is no frame. Our own server wrote it: the operation is checked, the rest is trusted. */
export function readFrame(data: unknown): LiveFrame | null {
  try {
    const frame = JSON.parse(String(data)) as LiveFrame;
    return ['snapshot', 'patch', 'alive'].includes(frame.op) ? frame : null;
  } catch {
    return null;
  }
}

/** The next view, or `gap` when a patch is missing between the view and this frame. */
export function applyFrame(view: PublicView, frame: LiveFrame): PublicView | 'gap' {
  switch (frame.op) {
    case 'snapshot':
      return frame.view;
    case 'alive':
      return applyAlive(view, frame);
    case 'patch':
      if (frame.v <= view.version) return view;
      return frame.v === view.version + 1 ? applyPatch(view, frame) : 'gap';
  }
}
