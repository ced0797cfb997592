// Which pages may use what a browser is let in by: ours, at whichever address they are open (RULES 34).
import t from 'tap';
import { NO_HEADERS } from '../../server/http/message.js';
import type { LetIn } from '../../server/http/message.js';
import { ourAddress, whyForeign } from '../../server/http/same-origin.js';
import { cameOverTls, isHost, siteOf } from '../../server/http/site.js';

interface Asked {
  origin?: string;
  host?: string;
  relation?: string;
  forwardedHost?: string;
  proto?: string;
}

const headersOf = ({ origin = '', host = '', relation = '', forwardedHost = '', proto = '' }: Asked) => ({
  ...NO_HEADERS,
  origin,
  host,
  'sec-fetch-site': relation,
  'x-forwarded-host': forwardedHost,
  'x-forwarded-proto': proto,
});

interface Setting {
  publicUrl?: string;
  letIn?: LetIn;
  isProxied?: boolean;
}

function why(
  asked: Asked,
  { publicUrl, letIn = 'by-cookie', isProxied = false }: Setting = {},
): string | null {
  const headers = headersOf(asked);
  const our = ourAddress({ publicUrl: publicUrl ?? null, host: '127.0.0.1', isLoopback: true });
  return whyForeign(headers, siteOf(headers, isProxied), our, letIn);
}

const publicUrl = 'https://status.example.com';

void t.test('a session is used by pages of the host that was asked, and of the public address', (t) => {
  const cases: [asked: Asked, setting: Setting, isOurs: boolean][] = [
    [{ origin: 'http://192.168.1.5:9190', host: '192.168.1.5:9190' }, { publicUrl }, true],
    [{ origin: 'http://localhost:9190', host: 'localhost:9190' }, { publicUrl }, true],
    [{ origin: 'https://abc.tunnel.example', host: 'abc.tunnel.example' }, { publicUrl }, true],
    [{ origin: 'https://abc.tunnel.example', host: 'ABC.tunnel.example:443' }, {}, true],
    [{ origin: 'http://example.com', host: 'example.com:80' }, {}, true],
    [{ origin: publicUrl, host: '127.0.0.1:9190' }, { publicUrl }, true],
    [{ origin: publicUrl, host: '127.0.0.1:9190' }, { publicUrl: `${publicUrl}/status` }, true],
    [{ origin: 'http://[::1]:9190', host: '[::1]:9190' }, {}, true],
    [{ host: 'localhost' }, {}, true],
    [{ host: 'localhost', relation: 'same-origin' }, {}, true],
    [{ origin: 'https://a.example', host: '127.0.0.1', relation: 'same-origin' }, {}, true],
    [{ origin: 'http://localhost:9190', host: '127.0.0.1:9190' }, {}, false],
    [{ origin: 'http://localhost:3000', host: 'localhost:9190' }, {}, false],
    [{ origin: 'https://a.example', host: '127.0.0.1:9190' }, { publicUrl }, false],
    [{ origin: 'https://a.example', host: '' }, {}, false],
    [{ origin: 'https://a.example', host: 'a.example, b' }, {}, false],
    [{ origin: 'null', host: 'null' }, {}, false],
    [{ origin: 'https://a.example', host: 'a.example', relation: 'cross-site' }, {}, false],
    [{ host: 'localhost', relation: 'same-site' }, {}, false],
    [{ host: 'localhost', relation: 'none' }, {}, false],
  ];
  for (const [asked, setting, isOurs] of cases)
    t.equal(why(asked, setting) === null, isOurs, JSON.stringify([asked, setting]));
  t.end();
});

void t.test('of a declared proxy the host counts that it names last, of anybody else none', (t) => {
  const asked = {
    origin: 'https://a.example',
    host: '127.0.0.1:9190',
    forwardedHost: 'b.example, a.example',
  };
  t.equal(why(asked, { isProxied: true }), null);
  t.match(why(asked), 'the page is open at https://a.example, but its request came to 127.0.0.1:9190');
  t.match(why({ ...asked, forwardedHost: 'a.example, b.example' }, { isProxied: true }), 'came to b.example');
  t.match(why({ origin: 'https://a.example', host: '' }), 'came to an unnamed host');
  t.end();
});

void t.test('what is refused says what and how it is mended', (t) => {
  t.match(
    why({ origin: 'https://a.example', host: 'shardlight:9190' }),
    /proxy_set_header Host \$http_host;\), or set SHARDLIGHT_PUBLIC_URL=https:\/\/a\.example and restart$/,
  );
  t.match(
    why({ origin: 'https://a.example', host: 'a.example' }, { letIn: 'open' }),
    /^no token is configured.*SHARDLIGHT_OPERATOR_TOKEN, or SHARDLIGHT_PUBLIC_URL=https:\/\/a\.example, and restart$/,
  );
  t.match(why({ origin: 'null', host: 'a' }), 'a page of another site');
  t.end();
});

void t.test('without a token no name of somebody else leads in, whatever its DNS says', (t) => {
  const open = { letIn: 'open' } as const;
  const ours = ['http://localhost:9190', 'http://127.0.0.1:9190', 'http://192.168.1.5', 'http://[::1]:9190'];
  for (const origin of [...ours, 'http://shardlight.localhost'])
    t.equal(why({ origin, host: new URL(origin).host }, open), null, origin);
  const rebound = { origin: 'http://evil.example:9190', host: 'evil.example:9190' };
  t.not(why(rebound, open), null);
  t.not(why({ ...rebound, relation: 'same-origin' }, open), null);
  t.not(why({ ...rebound, forwardedHost: 'localhost:9190' }, { ...open, isProxied: true }), null);
  for (const origin of [
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'http://xlocalhost',
  ])
    t.not(why({ origin, host: new URL(origin).host }, open), null, origin);
  t.equal(why({ origin: publicUrl, host: 'status.example.com' }, { ...open, publicUrl }), null);
  t.end();
});

void t.test('what can be no host is none', (t) => {
  for (const host of [
    'a',
    'a.example',
    'a_b.example:8080',
    '127.0.0.1:1',
    '[::1]',
    '[2001:db8::7]:443',
    'a.',
  ])
    t.ok(isHost(host), host);
  const none = [
    '',
    ' ',
    'a b',
    'a/b',
    'a@b',
    'a:b',
    'a:123456',
    'a:99999',
    '-a',
    '::1',
    '[::1',
    '[x]',
    'a"',
    'a<b',
    'ä',
  ];
  for (const host of [...none, 'a'.repeat(260), '1.2.3.4.5', '999.1.1.1'])
    t.notOk(isHost(host), host.slice(0, 20));
  t.end();
});

void t.test('a cookie is kept to TLS where the browser came over it', (t) => {
  const cases: [asked: Asked, isProxied: boolean, isTls: boolean][] = [
    [{ origin: 'http://127.0.0.1:9190', host: '127.0.0.1:9190' }, false, false],
    [{ origin: 'https://abc.tunnel.example', host: '127.0.0.1:9190' }, false, true],
    [{ origin: 'http://a.example', host: 'status.example.com' }, false, false],
    [{ host: '127.0.0.1:9190' }, false, false],
    [{ host: 'status.example.com' }, false, true],
    [{ host: 'status.example.com:8443' }, false, true],
    [{ host: 'status.example.com', proto: 'http' }, true, false],
    [{ host: 'status.example.com', proto: 'http' }, false, true],
    [{ host: 'a.example', proto: 'https' }, true, true],
    [{ host: 'a.example', proto: 'https' }, false, false],
    [{ host: 'evil.example' }, false, false],
  ];
  for (const [asked, isProxied, isTls] of cases) {
    const headers = headersOf(asked);
    t.equal(cameOverTls(headers, siteOf(headers, isProxied), publicUrl), isTls, JSON.stringify(asked));
  }
  t.equal(cameOverTls(headersOf({ host: 'a' }), { hosts: ['a'], scheme: null }, null), false);
  t.end();
});
