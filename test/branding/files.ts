// The operator's files: a logo of four kinds, told by its bytes; a style that cannot break out of its element.
import t from 'tap';
import { readImage } from '../../server/branding/image.js';
import { fileOf, mistakesOf, planOf } from './scene.js';

const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );

const images = {
  png: bytes(
    '\x89PNG\r\n\x1a\n',
    [0, 0, 0, 13],
    'IHDR',
    [0, 0, 0, 64, 0, 0, 0, 32],
    [8, 6, 0, 0, 0, 0, 0, 0, 0],
  ),
  jpeg: bytes(
    [0xff, 0xd8, 0xff, 0xe0, 0, 6, 1, 1, 1, 1, 0xff, 0xc4, 0, 4, 0, 0],
    [0xff, 0xc0, 0, 11, 8, 0, 32, 0, 64, 3, 0, 0, 0, 0, 0, 0],
  ),
  vp8: bytes('RIFF', [0, 0, 0, 0], 'WEBPVP8 ', [0, 0, 0, 0, 0, 0, 0, 0x9d, 1, 0x2a, 64, 0, 32, 0, 0, 0]),
  vp8l: bytes('RIFF', [0, 0, 0, 0], 'WEBPVP8L', [0, 0, 0, 0, 0x2f, 63, 0xc0, 7, 0, 0, 0, 0, 0, 0]),
  vp8x: bytes('RIFF', [0, 0, 0, 0], 'WEBPVP8X', [10, 0, 0, 0, 0, 0, 0, 0, 63, 0, 0, 31, 0, 0]),
  svg: bytes(
    '<?xml version="1.0"?>\n<!-- hello -->\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 32"></svg>',
  ),
  svgSized: bytes(
    '<svg xmlns="http://www.w3.org/2000/svg" width="64px" height="32" viewBox="0 0 1 1"></svg>',
  ),
};

void t.test('PNG, JPEG, WebP and SVG are told by their bytes, with their size', (t) => {
  const types = {
    png: 'png',
    jpeg: 'jpeg',
    vp8: 'webp',
    vp8l: 'webp',
    vp8x: 'webp',
    svg: 'svg',
    svgSized: 'svg',
  };
  for (const [name, image] of Object.entries(images))
    t.same(readImage(image), { type: types[name as keyof typeof types], width: 64, height: 32 }, name);
  const { logo } = planOf({ SHARDLIGHT_LOGO: fileOf('logo.txt', images.png) }).branding;
  t.match(logo, { type: 'png', width: 64, bytes: images.png });
  t.end();
});

void t.test('anything else is no image: HTML, a GIF, a picture without a size, a cut file', (t) => {
  const others = [
    bytes('<!doctype html><html><script>alert(1)</script></html>'),
    bytes('GIF89a', new Array<number>(40).fill(0)),
    bytes('<svg xmlns="http://www.w3.org/2000/svg"><path/></svg>'),
    bytes('<svg width="100%" height="100%" xmlns="http://www.w3.org/2000/svg"></svg>'),
    bytes([0xff, 0xd8, 0xff, 0xe0, 0, 16], new Array<number>(40).fill(0)),
    bytes('RIFF', [0, 0, 0, 0], 'WEBPVP9 ', new Array<number>(20).fill(0)),
    images.png.subarray(0, 16),
    Buffer.alloc(0),
  ];
  for (const other of others) t.equal(readImage(other), undefined, other.toString('latin1', 0, 20));
  t.end();
});

void t.test(
  'a file that is missing, too large or of another kind refuses the start, all of them at once',
  (t) => {
    const big = fileOf('big.png', Buffer.concat([images.png, Buffer.alloc(256 * 1024)]));
    t.match(mistakesOf({ SHARDLIGHT_LOGO: big })[0], {
      variable: 'SHARDLIGHT_LOGO',
      found: /bytes/,
      accepts: /256 KiB/,
    });
    t.match(
      mistakesOf({ SHARDLIGHT_LOGO: fileOf('logo.png', 'not a picture at all, only text') })[0]!.found,
      'none of these',
    );
    t.match(mistakesOf({ SHARDLIGHT_LOGO: '/nowhere/logo.png', SHARDLIGHT_CUSTOM_CSS: '/nowhere/x.css' }), [
      { variable: 'SHARDLIGHT_LOGO', found: '"/nowhere/logo.png" (ENOENT)' },
      { variable: 'SHARDLIGHT_CUSTOM_CSS', found: '"/nowhere/x.css" (ENOENT)' },
    ]);
    t.end();
  },
);

void t.test(
  'a style of their own is text that cannot leave its element, with the line ends that browsers see',
  (t) => {
    const css = (content: string | Buffer): string => fileOf('own.css', content);
    t.equal(
      planOf({ SHARDLIGHT_CUSTOM_CSS: css('\ufeff.a { color: red }\r\n.b {}\r') }).branding.customCss,
      '.a { color: red }\n.b {}',
    );
    for (const [content, found] of [
      ['a{}</STYLE><script>', '</style'],
      [Buffer.from([0xff, 0xfe, 0x41]), 'not UTF-8'],
      ['a\0b', 'not UTF-8'],
      ['x'.repeat(64 * 1024 + 1), '65537 bytes'],
    ] as const)
      t.match(mistakesOf({ SHARDLIGHT_CUSTOM_CSS: css(content) })[0]!.found, found);
    t.end();
  },
);

void t.test('links lead to web pages only, and the footer is short', (t) => {
  for (const name of ['SUPPORT', 'INVITE', 'WEBSITE']) {
    const key = `SHARDLIGHT_LINK_${name}`;
    for (const url of ['javascript:alert(1)', 'discord.gg/x', 'data:text/html,x', 'ftp://x.y'])
      t.match(mistakesOf({ [key]: url })[0], { variable: key });
  }
  t.equal(
    planOf({ SHARDLIGHT_LINK_INVITE: 'https://x.y/?a=1&b=2' }).branding.links.invite,
    'https://x.y/?a=1&b=2',
  );
  t.match(mistakesOf({ SHARDLIGHT_FOOTER: 'x'.repeat(201) })[0], { variable: 'SHARDLIGHT_FOOTER' });
  t.equal(planOf({ SHARDLIGHT_FOOTER: 'Made with care' }).branding.footer, 'Made with care');
  t.end();
});
