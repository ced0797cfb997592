// Reading bodies: JSON as JSON.parse reads it, Python's bare numbers beside it, and unpacking within the cap.
import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import t from 'tap';
import { withoutPythonNumbers } from '../../server/core/measures/python-json.js';
import { readJson, unpack } from '../../server/http/body.js';
import { holds } from '../holds.js';

const read = (text: string): unknown => {
  const json = readJson(Buffer.from(text), '');
  return json.ok ? json.value : (json.error ?? 'no JSON');
};

void t.test("Python's bare numbers are null, anywhere a value may stand", (t) => {
  const cases: [text: string, value: unknown][] = [
    ['NaN', null],
    ['[Infinity, -Infinity,NaN]', [null, null, null]],
    ['{"a": NaN}', { a: null }],
    ['{"NaN": "Infinity", "b": -Infinity}', { NaN: 'Infinity', b: null }],
    ['["\\"NaN", NaN]', ['"NaN', null]],
    ['["\\\\", NaN, "\\\\\\"Infinity"]', ['\\', null, '\\"Infinity']],
    ['[-1, -Infinity, 1e5]', [-1, null, 1e5]],
  ];
  for (const [text, value] of cases) t.same(read(text), value, text);
  t.end();
});

void t.test('40: what is longer than 64 KiB and nests deeper than 64 is refused before it is parsed', (t) => {
  const long = ' '.repeat(64 * 1024);
  const lists = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const objects = (depth: number): string => `${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}`;
  const tooDeep = 'the body nests deeper than 64 levels';
  for (const nest of [lists, objects]) {
    t.equal(read(nest(65) + long), tooDeep);
    t.same(read(nest(64) + long), JSON.parse(nest(64)));
    t.same(read(nest(1_000)), JSON.parse(nest(1_000)), 'what is short may nest');
    t.equal(read(nest(300_000)), tooDeep);
  }
  t.equal(read('['.repeat(70_000)), tooDeep, 'before it is known to be no JSON');
  t.same(read(`["${'['.repeat(70_000)}"]`), ['['.repeat(70_000)], 'in a text it is no nesting');
  t.same(read(`["\\"${'['.repeat(70_000)}"]`), [`"${'['.repeat(70_000)}`]);

  t.end();
});

void t.test('40: nor is it parsed when it is made of lists, of ever new keys or of ever new texts', (t) => {
  const many = (count: number, of: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => of(i)).join(',');
  const refused: [text: string, why: RegExp][] = [
    [`[${many(30_000, () => '{}')}]`, /more lists and objects/],
    [`[${many(30_000, () => '[]')}]`, /more lists and objects/],
    [`{${many(8_000, (i) => `"k${i}":0`)}}`, /5120 different keys/],
    [`[${many(8_000, (i) => `{"k${i}" : 1234567890}`)}]`, /5120 different keys/],
    [`[${many(60_000, (i) => `"${i}"`)}]`, /20000 different texts/],
  ];
  for (const [text, why] of refused) t.match(read(text), why);
  const rows = many(16_384, (id) => `{"id":${id},"state":3}`);
  const samples = many(5_000, (i) => `{"name":"m_${i % 40}","labels":{"shard":"${i}"},"value":1}`);
  const families = many(2_000, (i) => `"family_${i}":{"samples":[{"name":"family_${i}","value":1}]}`);
  for (const fine of [`[${rows}]`, `[${samples}]`, `{${families}}`, JSON.stringify('"\\'.repeat(50_000))])
    t.same(read(fine), JSON.parse(fine));
  t.equal(read(`[${many(9_000, (i) => `"k${i}"`)}, ${'"\\\\", '.repeat(9_000)}`), 'no JSON');
  t.end();
});

void t.test('what Python would not write stays wrong', (t) => {
  const texts = [
    'Nan',
    'infinity',
    '+Infinity',
    '-NaN',
    '1Infinity',
    'NaNNaN',
    '{NaN: 1}',
    '["NaN]',
    'None',
    '-',
    '',
  ];
  for (const text of texts) t.equal(read(text), 'no JSON', text);
  t.end();
});

void t.test('valid JSON is read as JSON.parse reads it, and the words are left alone in it', (t) => {
  holds(
    t,
    fc.property(fc.json({ stringUnit: 'binary' }), (text) => {
      const utf8 = Buffer.from(text).toString(); // lone surrogates do not survive UTF-8
      t.equal(withoutPythonNumbers(utf8), utf8);
      return JSON.stringify(read(utf8)) === JSON.stringify(JSON.parse(utf8));
    }),
  );
  t.end();
});

void t.test('every number that is none comes back as null, however values are nested', (t) => {
  const python = (value: unknown): string => JSON.stringify(value).replaceAll('"\u0001nan"', 'NaN');
  const { value } = fc.letrec((tie) => ({
    leaf: fc.oneof(fc.constant('\u0001nan'), fc.double(), fc.string()),
    value: fc.oneof(
      { maxDepth: 4 },
      tie('leaf'),
      fc.array(tie('value')),
      fc.dictionary(fc.string(), tie('value')),
    ),
  }));
  holds(
    t,
    fc.property(value, (one) => {
      const nulled = JSON.stringify(one).replaceAll('"\\u0001nan"', 'null');
      const text = python(one).replaceAll('"\\u0001nan"', 'NaN');
      return JSON.stringify(read(text)) === JSON.stringify(JSON.parse(nulled));
    }),
  );
  t.end();
});

void t.test('no text and no bytes make it throw', (t) => {
  const pieces = fc.constantFrom(
    'NaN',
    '-',
    'Infinity',
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '1',
    ' ',
    'é',
    '\u0000',
  );
  const soup = fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join(''));
  holds(
    t,
    fc.property(
      soup,
      (text) => withoutPythonNumbers(text).length >= 0 && typeof readJson(Buffer.from(text), '') !== 'string',
    ),
    2_000,
  );
  holds(
    t,
    fc.property(fc.uint8Array(), (bytes) => typeof readJson(Buffer.from(bytes), '') !== 'string'),
  );
  t.end();
});

void t.test('reading a megabyte of words takes no longer than their length asks for', (t) => {
  const text = `[${'NaN,'.repeat(250_000)}1]`;
  t.equal((read(text) as unknown[]).length, 250_001);
  t.equal(read('-'.repeat(1_000_000)), 'no JSON');
  t.equal(read('"'.repeat(1_000_001)), 'no JSON');
  t.end();
});

void t.test('what is packed comes out as it went in, up to exactly the cap', (t) => {
  const packers = { gzip: gzipSync, 'x-gzip': gzipSync, deflate: deflateSync, GZIP: gzipSync };
  for (const [encoding, pack] of Object.entries(packers)) {
    const body = Buffer.alloc(1_000, 'x');
    t.same(unpack(pack(body), encoding, 1_000), { ok: true, body }, encoding);
    t.match(unpack(pack(body), encoding, 999), { ok: false, reason: 'too-large' }, encoding);
    t.match(unpack(Buffer.from('{}'), encoding, 999), { ok: false, reason: 'bad-request' }, encoding);
  }
  t.end();
});

void t.test('no bytes under no encoding make unpacking throw', (t) => {
  const encodings = fc.oneof(
    fc.constantFrom('gzip', 'deflate', '', '__proto__', 'constructor', 'valueOf'),
    fc.string(),
  );
  holds(
    t,
    fc.property(fc.uint8Array(), encodings, (bytes, encoding) => {
      const unpacked = unpack(Buffer.from(bytes), encoding, 100);
      return unpacked.ok ? Buffer.isBuffer(unpacked.body) : unpacked.error !== '';
    }),
    1_000,
  );
  t.end();
});

void t.test('a body is read in the charset that its Content-Type names', (t) => {
  const cases: [charset: string, bytes: Buffer, value: unknown][] = [
    ['utf-8', Buffer.from('"é"'), 'é'],
    ['UTF8', Buffer.from('"é"'), 'é'],
    ['"utf-8"', Buffer.from('"é"'), 'é'],
    ['utf-8', Buffer.from('"é"', 'latin1'), undefined],
    ['latin-1', Buffer.from('"é\u0085"', 'latin1'), 'é\u0085'],
    ['iso-8859-1', Buffer.from('"é"', 'latin1'), 'é'],
    ['windows-1251', Buffer.from('"\xe9"', 'latin1'), 'й'],
    ['us-ascii', Buffer.from('"e"'), 'e'],
    ['us-ascii', Buffer.from('"é"'), undefined],
    ['utf-16le', Buffer.from('"é"', 'utf16le'), 'é'],
    ['klingon', Buffer.from('"e"'), undefined],
  ];
  const valueOf = (bytes: Buffer, contentType: string): unknown => {
    const json = readJson(bytes, contentType);
    return json.ok ? json.value : undefined;
  };
  for (const [charset, bytes, value] of cases)
    for (const contentType of [`application/json; charset=${charset}`, `text/json;a=b;Charset=${charset}`])
      t.same(valueOf(bytes, contentType), value, `${contentType}: ${bytes.toString('latin1')}`);
  for (const contentType of ['', 'application/json', 'text/plain', 'application/json; x=y'])
    t.equal(valueOf(Buffer.from('"é"'), contentType), 'é', contentType);
  t.end();
});
