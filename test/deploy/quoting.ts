// What people type stays a value: it is written so that it is read back as it was, or refused in a sentence.
import t from 'tap';
import fc from 'fast-check';
import { parse } from 'yaml';
import { composeFile, composeWithCaddy } from '../../server/cli/templates/compose.js';
import { siteOf, whyNotDeployable, type Deployment } from '../../server/cli/templates/deployment.js';
import { kubernetesManifest } from '../../server/cli/templates/kubernetes.js';
import { caddyfile, nginxSite } from '../../server/cli/templates/proxies.js';
import { systemdUnit } from '../../server/cli/templates/systemd.js';
import { checkout, published } from './examples.js';

const hostile = [
  'https://a.example\nserver_name x',
  'https://a.example; include /etc/passwd',
  "https://a';b",
  'https://a{b}.example',
  'https://a$b.example',
  'https://a.example/"x',
  'https://a.example/$(x)',
  'https://user:secret@a.example',
  'https://a.example/?q',
  'https://a.example/',
  'ftp://a.example',
  'https://a.example:99999',
  'a.example',
  '',
];

void t.test('an address that could mean something else in a file is refused by every template', (t) => {
  for (const publicUrl of hostile) {
    const bad: Deployment = { ...checkout, publicUrl };
    t.match(whyNotDeployable(bad), /public URL/, JSON.stringify(publicUrl));
    t.throws(() => composeFile(bad), /public URL/);
    t.throws(() => composeWithCaddy(bad), /public URL/);
    t.throws(() => kubernetesManifest(bad), /public URL/);
    t.throws(() => caddyfile(bad, '127.0.0.1:1'), /public URL/);
    t.throws(() => nginxSite(bad, '127.0.0.1:1'), /public URL/);
    t.throws(() => systemdUnit(bad, { folder: '/opt', command: '/bin/true' }), /public URL/);
  }
  t.end();
});

void t.test('ports, versions and folders that are none are refused', (t) => {
  for (const port of [0, -1, 1.5, 65_536, NaN])
    t.match(whyNotDeployable({ ...checkout, port }), /port/, String(port));
  for (const version of ['', 'latest', '1.2.3 && rm -rf /', '1.2.3\nRUN x'])
    t.match(whyNotDeployable({ ...checkout, source: { kind: 'package', version } }), /version/, version);
  for (const context of ['', ' ', 'a\nb'])
    t.match(whyNotDeployable({ ...checkout, source: { kind: 'checkout', context } }), /folder/, context);
  for (const upstream of ['', 'x', 'a:1; deny all', 'a b:1', 'a:1\n}']) {
    t.throws(() => nginxSite(checkout, upstream), /upstream/);
    t.throws(() => caddyfile(checkout, upstream), /upstream/);
  }
  t.end();
});

void t.test('what is like an address is taken', (t) => {
  for (const publicUrl of [
    'https://status.example.com',
    'http://localhost:9190',
    'http://127.0.0.1',
    'https://[2001:db8::1]:8443',
    'https://a-b.example/bots/status',
  ])
    t.equal(whyNotDeployable({ ...checkout, publicUrl }), null, publicUrl);
  t.same(siteOf(published), {
    origin: 'https://status.example.com:8443',
    host: 'status.example.com',
    port: 8443,
    isTls: true,
    base: '/bots',
  });
  t.end();
});

interface Parsed {
  services: { shardlight: { build: { context: string } } };
}

void t.test('any folder comes out of the Compose file as it went in', (t) => {
  const folder = fc
    .string({ unit: 'grapheme' })
    .filter((context) => whyNotDeployable({ ...checkout, source: { kind: 'checkout', context } }) === null);
  fc.assert(
    fc.property(folder, (context) => {
      const { services } = parse(
        composeFile({ ...checkout, source: { kind: 'checkout', context } }),
      ) as Parsed;
      return services.shardlight.build.context.replaceAll('$$', '$') === context;
    }),
    { examples: [['it\'s $HOME: #1 "x"'], ['{a}'], ['- b'], ['!c &d *e']] },
  );
  t.end();
});

void t.test(
  'a unit takes folders with spaces and percent signs, and refuses what systemd would read otherwise',
  (t) => {
    const unit = (folder: string, command = '/bin/true'): string =>
      systemdUnit(checkout, { folder, command });
    t.match(unit('/srv/my bots/100%'), '\nWorkingDirectory=/srv/my bots/100%%\n');
    t.match(unit('/srv/my bots/'), '\nEnvironmentFile=/srv/my bots/.env\n');
    t.match(
      unit('/srv', '/usr/bin/node "/srv/my bots/main.js" --x=$y'),
      '\nExecStart=/usr/bin/node "/srv/my bots/main.js" --x=$$y\n',
    );
    for (const folder of ['', 'relative', '/a\nExecStart=/bin/sh', '/a\\', ' /a', '/a '])
      t.throws(() => unit(folder), /full path/, JSON.stringify(folder));
    for (const command of ['', 'node x', '/a\n/b', '/a ; /b', '/a "b', "/a 'b c'", '/a \\x', '-/a'])
      t.throws(() => unit('/srv', command), /full path/, JSON.stringify(command));
    t.match(unit('/home/me/bots'), '\nProtectHome=read-only\n', 'it must be able to read what it runs');
    t.match(unit('/opt'), '\nProtectHome=yes\n');
    t.end();
  },
);
