// The operator's look on the page: escaped, never HTML; style and accent under the CSP's hash.
import { createHash } from 'node:crypto';
import t from 'tap';
import { loadPages } from '../../server/pages/assets.js';
import {
  brandCss,
  brandLine,
  brandLinks,
  logoFile,
  logoImage,
  noBrand,
  type Brand,
} from '../../server/pages/brand.js';
import { voiceIn } from '../../public/shared/languages.js';

const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 32"></svg>');
const brand: Brand = {
  logo: { type: 'svg', width: 64, height: 31.5, bytes: svg },
  links: { support: 'https://discord.gg/x?a=1&b="2"', invite: null, website: 'https://x.example' },
  accent: { dark: '#ffcc00', light: '#664400' },
  footer: '<img src=x onerror=alert(1)> & more',
  customCss: '.site { letter-spacing: 1px }',
};

void t.test('accent and style of their own follow ours in one element, whose hash the CSP names', (t) => {
  const { assets, csp } = loadPages(brand);
  t.ok(assets.css.endsWith(brandCss(brand)));
  t.match(assets.css, ':root,:root[data-theme=dark]{--accent:#ffcc00}');
  t.match(assets.css, '.site { letter-spacing: 1px }');
  const hash = createHash('sha256').update(assets.css).digest('base64');
  t.match(csp, `style-src 'sha256-${hash}';`);
  t.not(csp, loadPages().csp);
  t.notMatch(csp, 'unsafe');
  t.end();
});

void t.test('the logo is a file of ours, named by its hash, that can run nothing', (t) => {
  const file = logoFile(brand)!;
  t.match(file.path, /^\/logo\.[0-9a-f]{12}\.svg$/);
  t.match(file.csp, "default-src 'none'; sandbox");
  t.equal(logoImage({ brand, base: '' }), `<img class=logo src="${file.path}" alt="" width=64 height=32>`);
  t.ok(loadPages(brand).files.some(({ path, immutable }) => path === file.path && immutable));
  t.end();
});

void t.test('links and footer are text, whatever they contain', (t) => {
  const voice = voiceIn('en');
  t.equal(brandLine(brand), '<p class=line>&lt;img src=x onerror=alert(1)&gt; &amp; more</p>');
  t.equal(
    brandLinks(brand, voice),
    '<a href="https://discord.gg/x?a=1&amp;b=&quot;2&quot;" rel=noopener>Support server</a> <a href="https://x.example" rel=noopener>Website</a>',
  );
  t.end();
});

void t.test('without branding nothing is added', (t) => {
  t.equal(
    brandCss(noBrand) +
      brandLine(noBrand) +
      logoImage({ brand: noBrand, base: '' }) +
      brandLinks(noBrand, voiceIn('en')),
    '',
  );
  t.equal(logoFile(noBrand), null);
  t.end();
});
