// What is rendered here, put together.
import { lookup } from '../core/views/view.js';
import { shown, type World } from '../core/world.js';
import { basePathOf } from '../http/base-path.js';
import type { Request, Response } from '../http/message.js';
import type { Telemetry } from '../telemetry/room.js';
import { loadPages } from './assets.js';
import type { Brand } from './brand.js';
import { createRenderer } from './render.js';
import { createPages, type Pages, type PageSources } from './serve.js';

export interface PageParts extends Pick<PageSources, 'view' | 'now' | 'origin' | 'publicUrl'> {
  world: World;
  telemetry: Telemetry;
  publicClusters: boolean;
  branding: Brand;
  /** Reports need no token. */
  isOpen: boolean;
  /** With `?token=`, the answer that leads to the operators' page without it; null: there is none. */
  exchange: (request: Request) => Response | null;
}

export function createPageRoom(parts: PageParts): Pages {
  const { world, now, exchange } = parts;
  const pages = createPages({
    ...parts,
    shownNow: () => shown(world, now()),
    lookup: (query) => lookup(world, query, parts.publicClusters),
    previewed: parts.telemetry.previewed,
    needsToken: !parts.isOpen,
    built: loadPages(parts.branding, basePathOf(parts.publicUrl)),
    render: createRenderer(),
  });
  return {
    ...pages,
    status: (request) => exchange(request) ?? pages.status(request),
    operator: (request) => exchange(request) ?? pages.operator(request),
  };
}
