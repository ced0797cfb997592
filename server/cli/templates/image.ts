// The image: the Dockerfile of a checkout, and the one that Compose makes of the published package. Both end in the same stage.
import { NODE_FLAGS } from '../runtime.js';
import { tarballOf } from '../../../public/shared/distribution.js';
import type { Source } from './deployment.js';

/** Who Shardlight is inside its container. No user of the host has this number. */
export const USER_ID = 10_001;
export const STATE_PATH = '/data/shardlight-state.json';
/** By digest, so that what was looked at is what runs: of 24 September 2026. Newer ones are worth having; change both together. */
const BASE = 'node:22-bookworm-slim@sha256:43ac6c60b8f89723f746e8a92ce91abd5017e627ce1ddfe4238355d3a30b772c';

/** `port` is what the image announces; the health check asks the port that is configured. */
export const dockerfile = (source: Source, port: number): string => `${buildOf(source)}\n${lastStage(port)}`;

function buildOf(source: Source): string {
  switch (source.kind) {
    case 'checkout':
      return buildOfCheckout();
    case 'package':
      return buildOfPackage(`shardlight@${source.version}`);
    case 'tarball':
      return buildOfPackage(`/tmp/${tarballOf(source.version)}`, `COPY ${tarballOf(source.version)} /tmp/\n`);
  }
}

const buildOfCheckout = (): string => `FROM ${BASE} AS build
WORKDIR /app
# The manifests by themselves: packages are only installed again when these change.
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json ./
COPY scripts ./scripts
COPY public ./public
COPY server ./server
RUN node scripts/build.mjs && npm prune --omit=dev
`;

const buildOfPackage = (spec: string, copied = ''): string => `FROM ${BASE} AS build
${copied}RUN npm install --global --omit=dev ${spec} && mv /usr/local/lib/node_modules/shardlight /app
`;

const lastStage = (port: number): string => `FROM ${BASE}
# Nothing is installed or built from here on, so what could do so goes.
RUN rm -rf /usr/local/lib/node_modules /opt/yarn-* \\
      /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack /usr/local/bin/yarn /usr/local/bin/yarnpkg \\
  && groupadd --gid ${USER_ID} shardlight \\
  && useradd --uid ${USER_ID} --gid ${USER_ID} --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin shardlight \\
  && install --directory --owner=${USER_ID} --group=${USER_ID} --mode=0700 /data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist/public ./dist/public
COPY --from=build /app/dist/server ./dist/server
ENV NODE_ENV=production SHARDLIGHT_HOST=0.0.0.0 SHARDLIGHT_STATE=${STATE_PATH}
# A number, so that Kubernetes can see that it is not root.
USER ${USER_ID}:${USER_ID}
# The only place that is written to: the rest of the file system may be read-only.
VOLUME ["/data"]
EXPOSE ${port}
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["node", "/app/dist/server/cli/healthcheck.js"]
CMD ${JSON.stringify(['node', ...NODE_FLAGS, 'dist/server/cli/main.js']).replaceAll(',', ', ')}
`;
