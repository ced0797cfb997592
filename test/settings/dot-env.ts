// `.env` files as people and their editors write them, read as the common readers do; and what is refused rather than half read.
import { readFileSync } from 'node:fs';
import t from 'tap';
import { decoded, parseDotEnv } from '../../server/settings/dot-env.js';

type Case = readonly [file: string, values: Record<string, string>];

const seen = JSON.parse(readFileSync('test/fixtures/env-files.json', 'utf8')) as Case[];

const more: Case[] = [
  ['# a comment\n\n  A=1\n\tB=2\n#C=3\nnonsense\n', { A: '1', B: '2' }],
  ['A=1\rB=2\r', { A: '1', B: '2' }],
  ['export\tA=1\nexport  B = 2\n', { A: '1', B: '2' }],
  ['A=\nB=""\nC=\'\'\nD= # nothing\n', { A: '', B: '', C: '', D: '' }],
  ['A=#5b21b6\nB=a##b#\nC=a\t# comment\n', { A: '#5b21b6', B: 'a##b#', C: 'a' }],
  ["A=it's #1\nB=it's#1\n", { A: "it's", B: "it's#1" }],
  ['A=\'my # bot\' # named\nB="a#b"#c\nC=`#`\n', { A: 'my # bot', B: 'a#b', C: '#' }],
  ['A= "quoted" \nB = \' kept \'\n', { A: 'quoted', B: ' kept ' }],
  ['A="two\nlines#1"\nB=\'two\r\nlines\'\n', { A: 'two\nlines#1', B: 'two\nlines' }],
  [
    'A="two\\nlines"\nB=\'one\\nline\'\nC=one\\nline\n',
    { A: 'two\nlines', B: 'one\\nline', C: 'one\\nline' },
  ],
  ['A=$HOME ${B}\nB=a=b==\n', { A: '$HOME ${B}', B: 'a=b==' }],
  ['A=1\nA=2\n', { A: '2' }],
  ['A=main:360:My Bot; demo:1 \n', { A: 'main:360:My Bot; demo:1' }],
  ['A: yaml\n', { A: 'yaml' }],
];

void t.test('files are read as the common readers read them', (t) => {
  for (const [file, values] of [...seen, ...more])
    t.same(parseDotEnv(file), { ok: true, values }, JSON.stringify(file));
  t.end();
});

void t.test('a file keeps its first variable in every encoding that begins with a mark', (t) => {
  const text = '\ufeffSHARDLIGHT_INGEST_TOKEN=0123456789abcdef\r\nSHARDLIGHT_TITLE=Größe 🤖\r\n';
  const utf16 = Buffer.from(text, 'utf16le');
  for (const bytes of [Buffer.from(text), Buffer.from(text.slice(1)), utf16, Buffer.from(utf16).swap16()])
    t.match(parseDotEnv(decoded(bytes)), {
      values: { SHARDLIGHT_INGEST_TOKEN: '0123456789abcdef', SHARDLIGHT_TITLE: 'Größe 🤖' },
    });
  t.match(parseDotEnv(decoded(utf16.subarray(2))), { ok: false, found: 'bytes that are not text' });
  t.end();
});

void t.test('a line that means one of our variables and is not read is refused, without its value', (t) => {
  for (const [file, name, line] of [
    ['A=1\r\n\r\nSHARDLIGHT_TOKEN s3cret\r\n', 'SHARDLIGHT_TOKEN', 3],
    ['SHARDLIGHT_TOKEN\n', 'SHARDLIGHT_TOKEN', 1],
    ['A=1\n export ARGUS_FLEET_TOKEN="s3cret\nB=2', 'ARGUS_FLEET_TOKEN', 2],
    ["SHARDLIGHT_TOKEN=''s3cret'\n", 'SHARDLIGHT_TOKEN', 1],
    ['SHARDLIGHT_TITLE="My\nSHARDLIGHT_TOKEN=s3cret\nSHARDLIGHT_FOOTER="', 'SHARDLIGHT_TOKEN', 2],
  ] as const) {
    const read = parseDotEnv(file);
    t.match(read, { ok: false, found: `${name} in line ${line}, ` }, JSON.stringify(file));
    t.notMatch(JSON.stringify(read), 's3cret');
  }
  t.end();
});
