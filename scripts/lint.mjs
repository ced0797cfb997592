// The compiler and the linter, over one program: what the files say is read and resolved once for both.
import { ESLint } from 'eslint';
import ts from 'typescript';

/** As `tsc` does at the root of the checkout. */
function compile() {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: say };
  const { options, fileNames, errors } = ts.getParsedCommandLineOfConfigFile('tsconfig.json', {}, host);
  const program = ts.createProgram(fileNames, options);
  const complaints = [...errors, ...ts.getPreEmitDiagnostics(program)];
  complaints.forEach(say);
  if (complaints.length > 0) process.exitCode = 1;
  return program;
}

function say(complaint) {
  const host = {
    getCurrentDirectory: process.cwd,
    getCanonicalFileName: (name) => name,
    getNewLine: () => '\n',
  };
  console.error(ts.formatDiagnostic(complaint, host));
}

async function lint(program) {
  const parserOptions = { projectService: false, programs: [program] };
  const eslint = new ESLint({
    overrideConfigFile: 'scripts/eslint.config.mjs',
    overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions } },
  });
  const results = await eslint.lintFiles('.');
  const text = await (await eslint.loadFormatter()).format(results);
  if (text === '') return;
  console.error(text);
  process.exitCode = 1; // a warning too: none is expected
}

await lint(compile());
