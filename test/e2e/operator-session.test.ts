// Signing in to the operator view and out of it, in a real browser: form, link, viewers, closed and open servers, ended sessions.
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { serve, type TestServer } from '../harness.js';
import { noBrowser, openBrowser, visit } from './browser.js';
import { allWell, heading, live, queryOf, serveFleet, signedIn } from './operators.js';

void t.test('signing in', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const server = await serveFleet(t);
  await allWell(server);

  await t.test('by the form, which says what is wrong, and lands where the address leads', async (t) => {
    const page = await visit(t, browser, `${server.base}/operator?fleet=asia`);
    await heading(page, 'Sign in');
    t.match(await page.title(), /^Sign in/);
    const problem = page.locator('#problem');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await problem.getByText('Paste a token first.').waitFor();
    page.removeAllListeners('console'); // a refused request is an error on the console
    await page.locator('#token').fill('nonsense');
    await page.keyboard.press('Enter');
    await problem.getByText('This token opens nothing here').waitFor();
    await page.locator('#token').fill('act');
    await page.keyboard.press('Enter');
    await heading(page, 'asia');
    t.equal(queryOf(page), '?fleet=asia');
    t.match(await page.locator('.role').innerText(), 'Operator');
    await page.reload();
    await heading(page, 'asia');
  });

  await t.test('by a link, whose token leaves the address', async (t) => {
    for (const path of ['/?token=act', '/operator?token=act']) {
      const page = await visit(t, browser, server.base + path);
      await heading(page, 'are up.');
      t.equal(page.url(), `${server.base}/operator`, path);
    }
    const deep = await visit(t, browser, `${server.base}/operator?token=act&cluster=asia-1`);
    await heading(deep, 'asia #2');
    t.equal(queryOf(deep), '?cluster=asia-1');
  });

  await t.test('by a wrong link it says so, once', async (t) => {
    const page = await visit(t, browser, `${server.base}/operator?token=nonsense&fleet=asia`);
    await page.locator('#problem', { hasText: 'The token in that link opens nothing here.' }).waitFor();
    t.equal(queryOf(page), '?fleet=asia');
    await page.reload();
    await heading(page, 'Sign in');
    t.equal(await page.locator('#problem').innerText(), '');
  });

  await t.test('out again: nothing of what was seen stays', async (t) => {
    const page = await signedIn(t, browser, server);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('You are signed out.').waitFor();
    t.notMatch(await page.locator('body').innerText(), 'My Bot');
    t.same(await page.context().cookies(), []);
    await page.reload();
    await heading(page, 'Sign in');
  });

  await t.test('a session that ends elsewhere ends here, and says so', async (t) => {
    const page = await signedIn(t, browser, server, 'cluster=asia-1');
    const other = await page.context().newPage();
    await other.goto(`${server.base}/operator`);
    await other.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('Your session has ended').waitFor();
    t.notMatch(await page.locator('body').innerText(), 'asia-1');
    await page.locator('#token').fill('look');
    await page.keyboard.press('Enter');
    await heading(page, 'asia #2');
    await live(page);
  });

  await t.test('an address that the server does not take leads to Now, once, and says so', async (t) => {
    let sockets = 0;
    const page = await signedIn(t, browser, server);
    page.on('websocket', () => sockets++);
    await page.goto(`${server.base}/operator?bot=no%20such%20bot!&shard=3`);
    await page.getByText('The server does not know the address you opened').waitFor();
    await heading(page, 'are up.');
    await live(page);
    t.equal(queryOf(page), '');
    t.equal(sockets, 2);
    await page.getByRole('link', { name: 'Settings' }).click();
    t.equal(await page.getByText('The server does not know').count(), 0);
  });

  await t.test('too many attempts are told to wait', async (t) => {
    const guarded = await serveFleet(t);
    const page = await visit(t, browser, `${guarded.base}/operator`);
    page.removeAllListeners('console');
    for (let i = 0; i <= 10; i++) {
      await page.locator('#token').fill(`wrong ${i}`);
      const answered = page.waitForResponse((response) => response.url().endsWith('/api/session'));
      await page.keyboard.press('Enter');
      await answered;
    }
    await page.locator('#problem', { hasText: /Too many attempts.*try again in \d+ s/ }).waitFor();
  });
});

void t.test('at another address than the public one', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const server = await serveFleet(t, { SHARDLIGHT_PUBLIC_URL: 'https://status.example.com' });
  await allWell(server);
  const signInAt = async (base: string): Promise<Page> => {
    const page = await visit(t, browser, `${base}/operator`);
    await page.locator('#token').fill('act');
    await page.keyboard.press('Enter');
    return page;
  };

  for (const host of ['127.0.0.1', 'localhost'])
    await t.test(`${host}: signed in, live, and out again`, async () => {
      const page = await signInAt(`http://${host}:${server.port}`);
      await live(page);
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByText('You are signed out.').waitFor();
    });

  await t.test('behind a proxy that names another host, it says what and how it is mended', async () => {
    const page = await signInAt(await renaming(t, server, '10.0.0.5'));
    page.removeAllListeners('console');
    await heading(page, 'Live data is refused at this address');
    await page
      .getByText('but its request came to 10.0.0.5: let the proxy in between pass on the Host')
      .waitFor();
  });

  await t.test('a browser that keeps no cookie is told so', async () => {
    const page = await visit(t, browser, `${server.base}/operator`);
    await page.route('**/api/session', (route) => route.fulfill({ status: 204 })); // signs nobody in
    await page.locator('#token').fill('act');
    await page.keyboard.press('Enter');
    await page.getByText('your browser did not keep the session cookie').waitFor();
  });
});

/** A proxy that tells the server another host than the browser asked. */
async function renaming(t: Test, { port }: TestServer, host: string): Promise<string> {
  const sockets = new Set<Socket>();
  const proxy = createServer((browser) => {
    const upstream = connect(port, '127.0.0.1');
    for (const socket of [browser, upstream]) {
      sockets.add(socket.on('error', () => undefined));
      socket.on('close', () => [browser, upstream].forEach((one) => one.destroy()));
    }
    browser.on('data', (chunk) =>
      upstream.write(chunk.toString('latin1').replace(/^host: .*$/im, `Host: ${host}`), 'latin1'),
    );
    upstream.pipe(browser);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.teardown(() => {
    proxy.close();
    for (const socket of sockets) socket.destroy();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

void t.test('servers without tokens', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());

  await t.test('on loopback they are open, and say so', async (t) => {
    const server = await serve(t, { SHARDLIGHT_BOTS: 'main:4' });
    const page = await visit(t, browser, `${server.base}/operator`);
    await live(page);
    await page.getByText('No token is configured, so everyone on this machine may look and act.').waitFor();
    t.equal(await page.locator('.role').innerText(), 'No sign-in');
    await page.getByRole('link', { name: 'Fleet' }).click();
    t.equal(await page.getByRole('button', { name: 'Edit main' }).isEnabled(), true);
    t.equal(await page.getByRole('button', { name: 'Sign out' }).count(), 0);
  });

  await t.test(
    'where others can reach them they are closed, and say which variable opens them',
    async (t) => {
      const server = await serve(t, { SHARDLIGHT_HOST: '0.0.0.0', SHARDLIGHT_INGEST_TOKEN: 'report' });
      const page = await visit(t, browser, `${server.base}/operator`);
      await heading(page, 'Nobody can sign in here yet');
      t.match(await page.locator('#content').innerText(), /SHARDLIGHT_\w*TOKEN/);
      t.equal(await page.locator('#token').count(), 0);
    },
  );
});
