// The Dockerfile, read instruction by instruction. No engine runs in these tests: that it builds and starts is not seen here.
import { existsSync, readFileSync } from 'node:fs';
import { DockerfileParser, type Dockerfile } from 'dockerfile-ast';
import t from 'tap';
import { dockerfile } from '../../server/cli/templates/image.js';
import { checkout, published } from './examples.js';

t.comment('that the image builds and starts is not tried: that takes a container engine and base images');

interface Line {
  keyword: string;
  text: string;
}

/** Its stages, each the lines after its FROM. */
function stagesOf(file: Dockerfile): Line[][] {
  const stages: Line[][] = [];
  for (const instruction of file.getInstructions()) {
    const line = { keyword: instruction.getKeyword(), text: instruction.getArgumentsContent() ?? '' };
    if (line.keyword === 'FROM') stages.push([line]);
    else stages.at(-1)!.push(line);
  }
  return stages;
}

const read = (text: string): Line[][] => stagesOf(DockerfileParser.parse(text));
const ofCheckout = read(dockerfile(checkout.source, checkout.port));
const ofPackage = read(dockerfile(published.source, published.port));
const textsOf = (lines: Line[] | undefined, keyword: string): string[] =>
  (lines ?? []).filter((line) => line.keyword === keyword).map(({ text }) => text);

/** By digest: a tag can be moved. */
const base = /^FROM (node:22-bookworm-slim@sha256:[0-9a-f]{64}) AS/m.exec(
  dockerfile(checkout.source, 1),
)?.[1];

void t.test('two stages on node 22, and what runs is neither root nor able to install', (t) => {
  for (const [build, last, ...others] of [ofCheckout, ofPackage]) {
    t.same(others, []);
    t.same(textsOf(build, 'FROM'), [`${base} AS build`]);
    t.same(textsOf(last, 'FROM'), [base]);
    t.same(textsOf(last, 'USER'), ['10001:10001']);
    t.same(textsOf(last, 'VOLUME'), ['["/data"]']);
    t.match(textsOf(last, 'ENV').join(), 'SHARDLIGHT_STATE=/data/');
    t.notMatch(textsOf(last, 'RUN').join(), /npm (ci|install|run)/);
  }
  t.same(textsOf(ofCheckout[1], 'EXPOSE'), ['9190']);
  t.same(textsOf(ofPackage[1], 'EXPOSE'), ['8080']);
  t.end();
});

void t.test(
  'packages are installed from the manifests alone, so that a change of the code does not repeat it',
  (t) => {
    const lines = ofCheckout[0]!.map(({ keyword, text }) => `${keyword} ${text}`);
    const install = lines.indexOf('RUN npm ci');
    t.same(
      lines.slice(0, install).filter((line) => line.startsWith('COPY')),
      ['COPY package.json package-lock.json .npmrc ./'],
    );
    t.match(lines.at(-1), /^RUN node scripts\/build\.mjs && npm prune --omit=dev$/);
    t.end();
  },
);

void t.test('what is copied is in the checkout, and not kept out by .dockerignore', (t) => {
  const kept = readFileSync('.dockerignore', 'utf8').split('\n');
  const copied = textsOf(ofCheckout[0], 'COPY').flatMap((text) => text.split(' ').slice(0, -1));
  t.same(
    copied.filter((path) => !existsSync(path) || !kept.includes(`!${path.split('/')[0]!}`)),
    [],
  );
  t.ok(kept.includes('*') && kept.includes('**/.env*'), 'and everything else is, secrets first');
  for (const stages of [ofCheckout, ofPackage]) {
    const taken = textsOf(stages[1], 'COPY').map((text) => text.split(' ')[0]);
    t.same(taken, ['/app/package.json', '/app/node_modules', '/app/dist/public', '/app/dist/server']);
  }
  t.end();
});

void t.test('the programs that it starts are among what is built', (t) => {
  const [check = '', ...others] = textsOf(ofCheckout[1], 'HEALTHCHECK');
  t.same(others, []);
  const programs = [check, ...textsOf(ofCheckout[1], 'CMD')].map(
    (text) => /dist\/([\w/]+)\.js"\]$/.exec(text)?.[1],
  );
  t.same(programs, ['server/cli/healthcheck', 'server/cli/main']);
  for (const program of programs) t.ok(existsSync(`${program!}.ts`), program!);
  t.end();
});
