// Builds dist/: the program in a few files, with what it uses of zod, prom-client and dotenv; each page's script and style as one bundle.
// `--tests` builds all that into build/ instead, and every module by itself for the tests; a running product is left alone.
// `--package` builds what is published: no scripts and no source maps, and what bots import, in both kinds of module.
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'esbuild';
import { licensesOf } from './licenses.mjs';

const withTests = process.argv.includes('--tests');
const isPackage = process.argv.includes('--package');
const dist = withTests ? 'build' : 'dist';

await rm(dist, { recursive: true, force: true });

const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
  await readFile('package.json', 'utf8'),
);
/** Packages that become a part of the program: of zod it uses a quarter of a megabyte, and of its fifty languages one. */
const BUNDLED = ['zod', 'prom-client', 'dotenv'];

/** Loading all of prom-client is loading `cluster`, `http`, a push gateway and a digest, none of which is used. */
const promClient = {
  name: 'prom-client',
  setup({ onResolve, onLoad }) {
    const used = ['Counter', 'Gauge', 'Histogram', 'Registry'];
    const linesOf = (name) =>
      `export { default as ${name} } from 'prom-client/lib/${name.toLowerCase()}.js';`;
    onResolve({ filter: /^prom-client$/ }, () => ({ path: 'prom-client', namespace: 'used' }));
    onLoad({ filter: /./, namespace: 'used' }, () => ({
      contents: used.map(linesOf).join('\n'),
      resolveDir: process.cwd(),
    }));
  },
};

/** Templates keep their line breaks, not the indentation of the source: it would be a part of the script. */
const flatTemplates = {
  name: 'flat-templates',
  setup: ({ onLoad }) =>
    onLoad({ filter: /public.operator.views.[\w-]+\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/\n\s+/g, '\n'),
      loader: 'ts',
    })),
};

/** Every view but the first, as `operator-<name>`. */
const operatorViews = Object.fromEntries(
  (await readdir('public/operator/lazy')).map((file) => [
    `operator-${basename(file, '.ts')}`,
    `public/operator/lazy/${file}`,
  ]),
);

const forNode = {
  outdir: dist,
  outbase: '.',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: withTests ? 'inline' : isPackage ? false : 'linked',
  logLevel: 'warning',
};

if (withTests)
  await build({
    ...forNode,
    entryPoints: ['server', 'public/shared', 'public/status', 'public/operator', 'scripts', 'test'].map(
      (folder) => `${folder}/**/*.ts`,
    ),
  });

const ofPages = {
  outdir: `${dist}/public/assets`,
  entryNames: '[name]-[hash]',
  bundle: true,
  plugins: [flatTemplates],
  minify: true,
  target: ['es2022', 'safari16'],
  metafile: true,
  logLevel: 'warning',
};

const [program, page, operator] = await Promise.all([
  build({
    ...forNode,
    entryPoints: [
      ...['server/cli/main.ts', 'server/cli/healthcheck.ts', 'server/pages/card-child.ts'],
      // Started 200 times.
      ...(withTests ? ['test/process/journal-child.ts'] : []),
      ...(isPackage || withTests
        ? []
        : [
            'scripts/*.ts',
            'scripts/bench/main.ts',
            'scripts/bench/bare-peer.ts',
            'scripts/bench/*-child.ts',
            'scripts/attack/main.ts',
            'scripts/attack/*-child.ts',
          ]),
    ],
    bundle: true,
    splitting: true,
    // As deep as the rooms are, so that what a module reads beside itself lies where it does when it is built by itself.
    chunkNames: 'server/chunks/[hash]',
    external: Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
      (name) => !BUNDLED.includes(name),
    ),
    plugins: [promClient],
    // prom-client is of the other kind of module, and asks for node's.
    banner: {
      js: `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);`,
    },
    allowOverwrite: true,
    metafile: true,
  }),
  build({
    ...ofPages,
    entryPoints: {
      status: 'public/status/main.ts',
      style: 'public/style/status.css',
      'operator-style': 'public/style/operator.css',
      theme: 'public/status/theme.ts',
    },
    format: 'iife',
  }),
  // Each view's script imports the page's own, which becomes a file that they share, and find loaded.
  build({
    ...ofPages,
    entryPoints: operatorViews,
    chunkNames: 'operator-shared-[hash]',
    splitting: true,
    format: 'esm',
  }),
]);

// The server reads this list at start, so that pages name the hashed files and inline the style and the theme starter.
const assets = {
  ...Object.fromEntries(Object.keys(page.metafile.outputs).map((path) => [nameOf(path), basename(path)])),
  ...filesOfOperator(operator.metafile.outputs),
};
await mkdir(`${dist}/public`, { recursive: true });
await writeFile(`${dist}/public/assets.json`, `${JSON.stringify(assets, null, 2)}\n`);
await writeFile(
  `${dist}/server/third-party-licenses.txt`,
  await licensesOf(program.metafile, page.metafile, operator.metafile),
);

const main = `${dist}/server/cli/main.js`;
await writeFile(
  main,
  `#!/usr/bin/env -S node --max-semi-space-size=2 --single-threaded-gc\n${await readFile(main, 'utf8')}`,
);
await chmod(main, 0o755);
if (isPackage) await Promise.all([buildMember('esm', 'module'), buildMember('cjs', 'commonjs')]);

/** A folder of its own for each kind, for its package.json says which its files are: to node, and to TypeScript. */
async function buildMember(format, type) {
  const outdir = `${dist}/member/${format}`;
  await build({
    entryPoints: ['server/member/index.ts'],
    outfile: `${outdir}/index.js`,
    bundle: true,
    format,
    platform: 'node',
    target: 'node18',
    logLevel: 'warning',
  });
  await writeFile(`${outdir}/package.json`, `{ "type": "${type}" }\n`);
  const flags = '--emitDeclarationOnly --declaration --skipLibCheck --strict --target es2022 --types node';
  const modules = '--module nodenext --moduleResolution nodenext --rootDir server/member';
  execFileSync(
    process.execPath,
    [
      'node_modules/typescript/bin/tsc',
      'server/member/index.ts',
      ...`${flags} ${modules}`.split(' '),
      '--outDir',
      outdir,
    ],
    { stdio: 'inherit' },
  );
}

/** "status" of "…/status-AB12CD34.js" */
function nameOf(path) {
  const file = basename(path);
  return file.slice(0, file.lastIndexOf('-'));
}

/** The page's own script, and for each other view its script and what that imports beside. */
function filesOfOperator(outputs) {
  const all = Object.entries(outputs);
  const [own] = all.find(([, { inputs }]) => 'public/operator/main.ts' in inputs);
  const withImports = (path) => [
    path,
    ...outputs[path].imports.flatMap((one) => (one.path === own ? [] : withImports(one.path))),
  ];
  const views = all
    .filter(([, { entryPoint }]) => entryPoint !== undefined)
    .map(([path, { entryPoint }]) => [
      basename(entryPoint, '.ts'),
      [...new Set(withImports(path))].map((file) => basename(file)),
    ]);
  return { operator: basename(own), views: Object.fromEntries(views) };
}
