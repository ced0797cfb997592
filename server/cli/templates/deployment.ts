// What the templates of this folder are filled with: one running Shardlight, told in the words of whoever runs it.

/** Nothing here is secret: tokens are in `.env`, which the deployments read. */
export interface Deployment {
  /** As people type it, without a slash at the end: https://status.example.com. */
  publicUrl: string;
  /** Where Shardlight listens inside its machine or container. */
  port: number;
  source: Source;
}

/** How the image is made: of a checkout's Dockerfile (`context`: its folder), or of the package as published. */
export type Source = { kind: 'checkout'; context: string } | { kind: 'package'; version: string };
