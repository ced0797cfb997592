// The only frame that operators' browsers send: which scope they watch, and what they know of it.
import * as z from 'zod';
import type { Scope, WatchFrame } from '../../public/shared/operator-wire.js';
import { parseScope, type Parsed } from './operator-scope.js';

const MAX_SCOPE_LENGTH = 300;
const MAX_EPOCH_LENGTH = 64;

export type Asked = WatchFrame & { parsed: Parsed };

const watchFrame: z.ZodType<Asked> = z
  .object({
    op: z.literal('watch'),
    scope: z.string().max(MAX_SCOPE_LENGTH),
    v: z.int().min(0),
    e: z.string().max(MAX_EPOCH_LENGTH),
  })
  .transform((frame, context) => {
    const parsed = parseScope(frame.scope);
    if (parsed) return { ...frame, scope: frame.scope as Scope, parsed };
    context.addIssue({ code: 'custom', message: 'no scope' });
    return z.NEVER;
  });

export const BAD_FRAME = 'not a watch frame: send {"op":"watch","scope":"global","v":0,"e":""}';

/** Null: it is none. */
export function readFrame(text: string): Asked | null {
  try {
    return watchFrame.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null; // no JSON
  }
}
