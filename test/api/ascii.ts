// Text written into bytes is what strings would have been, however small the memory it begins with.
import fc from 'fast-check';
import t from 'tap';
import { ascii, Ascii, textOf } from '../../server/api/ascii.js';
import { isoTime } from '../../server/api/fleet-json.js';
import { pythonFloat } from '../../server/core/measures/python-number.js';

type Part = { text: string } | { whole: number } | { millionths: number };

const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({ text: fc.string({ unit: 'grapheme-ascii' }) }),
  fc.record({ whole: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 2 ** 31 - 1 })) }),
  fc.record({ millionths: fc.integer({ min: 100, max: 999_999 }) }),
);

function write(out: Ascii, part: Part): void {
  if ('whole' in part) out.whole(part.whole);
  else if ('millionths' in part) out.millionths(part.millionths);
  else out.text(part.text);
}

function spelt(part: Part): string {
  if ('whole' in part) return `${part.whole}`;
  return 'millionths' in part ? pythonFloat(part.millionths / 1e6) : part.text;
}

void t.test('numbers and texts, from any memory', (t) => {
  fc.assert(
    fc.property(fc.array(part), fc.nat({ max: 64 }), (parts, room) => {
      const out = new Ascii(new ArrayBuffer(room));
      for (const one of parts) write(out, one);
      const text = parts.map(spelt).join('');
      return out.written().toString('latin1') === text && out.length === text.length;
    }),
  );
  t.equal(
    textOf((out) => out.bytes(ascii('a'.repeat(10_000)))),
    'a'.repeat(10_000),
  );
  t.end();
});

void t.test('times are those of Python, on any day', (t) => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4e12 }), { minLength: 1 }), (times) =>
      times.every((at) => {
        const text = new Date(at).toISOString();
        const fraction = at % 1_000 === 0 ? '' : `.${text.slice(20, 23)}000`;
        return isoTime(at) === `${text.slice(0, 19)}${fraction}+00:00`;
      }),
    ),
  );
  t.equal(isoTime(86_399_999), '1970-01-01T23:59:59.999000+00:00');
  t.equal(isoTime(86_400_000), '1970-01-02T00:00:00+00:00');
  t.end();
});
