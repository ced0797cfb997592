// Compose files and the Kubernetes manifest: read as YAML, held against schemas, and against what they must say.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Deployment as Workload } from 'kubernetes-models/apps/v1/Deployment';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import { Service } from 'kubernetes-models/v1/Service';
import t from 'tap';
import { parse, parseAllDocuments } from 'yaml';
import { composeFile, composeWithCaddy } from '../../server/cli/templates/compose.js';
import type { Deployment } from '../../server/cli/templates/deployment.js';
import { dockerfile } from '../../server/cli/templates/image.js';
import { kubernetesManifest } from '../../server/cli/templates/kubernetes.js';
import { checkout, published } from './examples.js';
import { run } from './program.js';
import { unknownFields } from './unknown-fields.js';

/** Rules of taste of the linter that do not hold here; its schema and all its other rules do. */
const NOT_OURS = [
  'no-build-and-image', // the image is built here, and has a name
  'service-image-require-explicit-tag', // likewise
  'no-unbound-port-interfaces', // Caddy is there for everybody
];

interface Linted {
  messages: { rule: string; type: string; message: string }[];
}

/** What dclint, which has the schema of the Compose specification, finds wrong. */
function faultsOf(text: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'shardlight-compose-'));
  const file = join(folder, 'compose.yaml');
  writeFileSync(file, text);
  const { said } = run(process.execPath, ['node_modules/dclint/bin/dclint.cjs', '--formatter=json', file]);
  rmSync(folder, { recursive: true });
  const found = (JSON.parse(said) as Linted[]).flatMap(({ messages }) => messages);
  return found
    .filter(({ rule, type }) => type === 'error' && !NOT_OURS.includes(rule))
    .map(({ rule, message }) => `${rule}: ${message}`);
}

interface Compose {
  services: Record<
    string,
    {
      build: { dockerfile_inline?: string };
      ports?: string[];
      environment: Record<string, string>;
      env_file: string;
      read_only: boolean;
      volumes: string[];
    }
  >;
}

const kinds: [string, (deployment: Deployment) => string][] = [
  ['for this machine', composeFile],
  ['with Caddy', composeWithCaddy],
];

for (const [name, template] of kinds)
  void t.test(`the Compose file ${name} is one`, (t) => {
    for (const deployment of [checkout, published]) {
      t.same(faultsOf(template(deployment)), []);
      const { shardlight } = (parse(template(deployment)) as Compose).services;
      t.equal(shardlight?.environment.SHARDLIGHT_PORT, String(deployment.port));
      t.equal(shardlight?.environment.SHARDLIGHT_PUBLIC_URL, deployment.publicUrl);
      t.equal(shardlight?.env_file, '.env');
      t.equal(shardlight?.read_only, true);
      t.same(shardlight?.volumes, ['state:/data']);
    }
    t.match(faultsOf(template(checkout).replace('restart:', 'restrat:'))[0], /additional properties/);
    t.end();
  });

void t.test('only this machine reaches Shardlight itself, and with Caddy only Caddy', (t) => {
  t.same((parse(composeFile(published)) as Compose).services.shardlight?.ports, ['127.0.0.1:8080:8080']);
  const { shardlight, caddy } = (parse(composeWithCaddy(published)) as Compose).services;
  t.equal(shardlight?.ports, undefined);
  t.equal(shardlight?.environment.SHARDLIGHT_TRUSTED_PROXY, '1');
  t.same(caddy?.ports, ['80:80', '8443:8443', '8443:8443/udp']);
  t.end();
});

void t.test('the image of the package is described in the Compose file, word for word', (t) => {
  const { shardlight } = (parse(composeFile(published)) as Compose).services;
  t.equal(shardlight?.build.dockerfile_inline?.trimEnd(), dockerfile(published.source, 8080).trimEnd());
  t.end();
});

const models = { PersistentVolumeClaim, Deployment: Workload, Service, Ingress };
type Kind = keyof typeof models;
type Manifest = { kind: Kind } & Record<string, unknown>;

/**
 * Throws where the schema of its kind says no; tells the fields that the schema does not know. A model's constructor copies,
 * and would have read everything: its check alone is borrowed.
 */
const strangersIn = (manifest: Manifest): string[] =>
  unknownFields(manifest, (watched) => models[manifest.kind].prototype.validate.call(watched));

const manifestsOf = (deployment: Deployment): Manifest[] =>
  parseAllDocuments(kubernetesManifest(deployment)).map((document) => document.toJS() as Manifest);

void t.test('the Kubernetes manifest keeps to the schemas, and has no field they do not know', (t) => {
  for (const deployment of [checkout, published]) {
    const manifests = manifestsOf(deployment);
    t.same(
      manifests.map(({ kind }) => kind),
      ['PersistentVolumeClaim', 'Deployment', 'Service', 'Ingress'],
    );
    for (const manifest of manifests) t.same(strangersIn(manifest), [], manifest.kind);
  }
  const wrong = parse(
    kubernetesManifest(checkout).split('---\n')[1]!.replace('readOnlyRootFilesystem', 'readOnlyRoot'),
  ) as Manifest;
  t.same(strangersIn(wrong), ['spec.template.spec.containers.0.securityContext.readOnlyRoot']);
  const worse = parse(
    kubernetesManifest(checkout).split('---\n')[1]!.replace('replicas: 1', 'replicas: one'),
  ) as Manifest;
  t.throws(() => strangersIn(worse), /replicas/);
  t.end();
});

void t.test('in Kubernetes there is one writer, without rights, whose health is asked', (t) => {
  const manifest = manifestsOf(published).find(({ kind }) => kind === 'Deployment');
  t.match(manifest, {
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      template: {
        spec: {
          enableServiceLinks: false,
          securityContext: { runAsNonRoot: true, runAsUser: 10001, fsGroup: 10001 },
          containers: [
            {
              image: 'shardlight:1.2.3',
              envFrom: [{ secretRef: { name: 'shardlight' } }],
              ports: [{ containerPort: 8080 }],
              livenessProbe: { httpGet: { path: '/healthz' } },
              readinessProbe: { httpGet: { path: '/readyz' } },
              securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false },
            },
          ],
        },
      },
    },
  });
  t.end();
});
