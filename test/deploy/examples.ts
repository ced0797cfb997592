// Deployments that the tests fill the templates with.
import type { Deployment } from '../../server/cli/templates/deployment.js';

export const checkout: Deployment = {
  publicUrl: 'https://status.example.com',
  port: 9190,
  source: { kind: 'checkout', context: '../..' },
};

export const published: Deployment = {
  publicUrl: 'https://status.example.com:8443/bots',
  port: 8080,
  source: { kind: 'package', version: '1.2.3' },
};
