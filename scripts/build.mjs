// Builds dist/: the server's JavaScript file by file, each page's script and style as one bundle.
// `--tests` builds all that and the tests into build/ instead, so that testing leaves a running product alone.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'esbuild';

const withTests = process.argv.includes('--tests');
const dist = withTests ? 'build' : 'dist';

await rm(dist, { recursive: true, force: true });
/** Templates keep their line breaks, not the indentation of the source: it would be a part of the script. */
const flatTemplates = {
  name: 'flat-templates',
  setup: ({ onLoad }) =>
    onLoad({ filter: /public.operator.views.[\w-]+\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/\n\s+/g, '\n'),
      loader: 'ts',
    })),
};

const modules = ['server/**/*.ts', 'public/shared/**/*.ts', 'scripts/**/*.ts'];
const [, page] = await Promise.all([
  build({
    entryPoints: withTests
      ? [...modules, 'public/status/*.ts', 'public/operator/**/*.ts', 'test/**/*.ts']
      : modules,
    outdir: dist,
    outbase: '.',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: withTests ? 'inline' : 'linked',
    logLevel: 'warning',
  }),
  build({
    entryPoints: {
      status: 'public/status/main.ts',
      style: 'public/style/status.css',
      operator: 'public/operator/main.ts',
      'operator-style': 'public/style/operator.css',
      theme: 'public/status/theme.ts',
    },
    outdir: `${dist}/public/assets`,
    entryNames: '[name]-[hash]',
    bundle: true,
    plugins: [flatTemplates],
    minify: true,
    format: 'iife',
    target: ['es2022', 'safari16'],
    metafile: true,
    logLevel: 'warning',
  }),
]);

// The server reads this list at start, so that pages name the hashed files and inline the style and the theme starter.
const named = Object.keys(page.metafile.outputs).map((path) => basename(path));
const assets = Object.fromEntries(named.map((file) => [file.slice(0, file.lastIndexOf('-')), file]));
await mkdir(`${dist}/public`, { recursive: true });
await writeFile(`${dist}/public/assets.json`, `${JSON.stringify(assets, null, 2)}\n`);
