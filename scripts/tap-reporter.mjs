// The tests' report: one line a test file, every failure with its diagnostics, and last "N passed, N failed".
import { Transform } from 'node:stream';

const summary = /^# \{ total: /;

export default class PlainReporter extends Transform {
  #unfinished = '';
  #failureIndent = -1; // >= 0 while the lines below a failure are copied

  constructor() {
    super({ decodeStrings: false });
  }

  _transform(chunk, _encoding, done) {
    const lines = (this.#unfinished + chunk).split('\n');
    this.#unfinished = lines.pop() ?? '';
    for (const line of lines) this.#read(line);
    done();
  }

  _flush(done) {
    if (this.#unfinished) this.#read(this.#unfinished);
    done();
  }

  #read(line) {
    if (summary.test(line)) return this.#close(line);
    const indent = line.search(/\S/);
    const failed = /^\s*not ok /.test(line);
    const belowFailure = this.#failureIndent >= 0 && (indent > this.#failureIndent || indent < 0);
    if (!belowFailure) this.#failureIndent = failed ? indent : -1;
    const skipped = / # SKIP /i.test(line);
    const isFile = indent === 0 && /^(ok|Bail out)/.test(line);
    if (failed || belowFailure || skipped || isFile) this.push(`${line}\n`);
  }

  #close(line) {
    const count = (word) => Number(new RegExp(`\\b${word}: (\\d+)`).exec(line)?.[1] ?? 0);
    this.push(`${count('pass')} passed, ${count('fail')} failed, ${count('skip') + count('todo')} skipped\n`);
  }
}
