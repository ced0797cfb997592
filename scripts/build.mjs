// Builds dist/: the server's JavaScript file by file, each page's script and style as one bundle.
// `--tests` builds all that and the tests into build/ instead, so that testing leaves a running product alone.
// `--package` builds what is published: no scripts and no source maps, and what bots import, in both kinds of module.
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build } from 'esbuild';

const withTests = process.argv.includes('--tests');
const isPackage = process.argv.includes('--package');
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

const modules = ['server/**/*.ts', 'public/shared/**/*.ts', ...(isPackage ? [] : ['scripts/**/*.ts'])];
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
    sourcemap: withTests ? 'inline' : isPackage ? false : 'linked',
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

const program = `${dist}/server/cli/main.js`;
await writeFile(
  program,
  `#!/usr/bin/env -S node --max-semi-space-size=4\n${await readFile(program, 'utf8')}`,
);
await chmod(program, 0o755);
if (isPackage) {
  await rm(`${dist}/server/member`, { recursive: true }); // it is a package of its own below
  await Promise.all([buildMember('esm', 'module'), buildMember('cjs', 'commonjs')]);
}

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
