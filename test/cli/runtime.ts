// Which pairs of Node.js and glibc the server starts on, and what it says on the others.
import t from 'tap';
import { unsupported, type Runtime } from '../../server/cli/runtime.js';

const runtime = (node: string, glibc?: string, platform = 'linux'): Runtime => ({
  platform,
  arch: 'x64',
  versions: { node },
  report: { getReport: () => ({ header: glibc === undefined ? {} : { glibcVersionRuntime: glibc } }) },
});

void t.test('it starts where the transport has a binary', (t) => {
  for (const [node, glibc] of [
    ['20.12.0', '2.27'],
    ['22.23.3', '2.36'],
    ['24.0.0', '2.38'],
    ['26.10.0', '2.41'],
    ['22.0.0', '3.0'],
  ] as const)
    t.equal(unsupported(runtime(node, glibc)), null, `${node} on ${glibc}`);
  t.equal(unsupported(runtime('22.0.0', undefined, 'darwin')), null);
  t.equal(unsupported(process as Runtime), null, 'the one that runs these tests');
  t.end();
});

void t.test('elsewhere it says what is wrong and what to install', (t) => {
  for (const [found, why] of [
    [runtime('18.20.0', '2.36'), 'Node.js 18.20.0 is not one'],
    [runtime('23.1.0', '2.36'), 'Node.js 23.1.0 is not one'],
    [runtime('20.12.0', '2.26'), 'Node.js 20 needs glibc 2.27 or newer here, and this system has 2.26.'],
    [runtime('24.1.0', '2.36'), 'Node.js 24 needs glibc 2.38 or newer here, and this system has 2.36.'],
    [runtime('22.1.0'), 'this Linux (x64) has no glibc'],
    [runtime('21.0.0', undefined, 'darwin'), 'Node.js 21.0.0 is not one'],
  ] as const) {
    const said = unsupported(found) ?? '';
    t.match(said, why);
    t.match(said, 'What to do: install Node.js 22 or 20');
  }
  t.end();
});
