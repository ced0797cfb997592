// What an operator does, in a real browser: each action asks, says what it did, and is done; viewers read why they may not.
import t from 'tap';
import { post, testClock } from '../harness.js';
import { noBrowser, openBrowser } from './browser.js';
import { allWell, beat, heading, report, serveFleet, signedIn } from './operators.js';

void t.test('an operator acts', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const clock = testClock();
  const server = await serveFleet(t, {}, clock);
  t.beforeEach(() => allWell(server));

  await t.test('sets and unsets a bot’s name and shard count', async (t) => {
    const page = await signedIn(t, browser, server, 'view=fleet');
    await page.getByRole('button', { name: 'Edit Biscuit' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Shard count').fill('99999');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('a whole number from 1 to 16,384').waitFor();
    await dialog.getByLabel('Display name').fill('Ginger');
    await dialog.getByLabel('Shard count').fill('8');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Ginger is saved.').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('row', { name: 'Ginger' }).getByText('8 shards').waitFor();
    await page.getByRole('button', { name: 'Edit Ginger' }).click();
    t.equal(await dialog.getByLabel('Display name').inputValue(), 'Ginger');
    await dialog.getByLabel('Display name').fill('');
    await dialog.getByLabel('Shard count').fill('');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('is saved.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('row', { name: 'Biscuit' }).getByText('4 shards').waitFor();
  });

  await t.test('assigns a cluster to a bot, and lets the rules decide again', async (t) => {
    const identity = await beat(server, 30, '');
    const page = await signedIn(t, browser, server, `cluster=${identity}`);
    const dialog = page.getByRole('dialog');
    for (const [bot, said] of [
      ['demo', 'is part of Biscuit now.'],
      ['', 'The rules decide about'],
    ] as const) {
      await page.getByRole('button', { name: 'Assign to a bot' }).click();
      await dialog.getByLabel('Bot').selectOption(bot);
      await dialog.getByRole('button', { name: 'Assign' }).click();
      await dialog.getByText(said).waitFor();
      await page.keyboard.press('Escape');
      await page.locator('.facts', { hasText: bot ? 'Biscuit (set by an operator)' : 'My Bot' }).waitFor();
    }
  });

  await t.test('releases a lease', async (t) => {
    const page = await signedIn(t, browser, server, 'cluster=asia-3');
    await page.locator('.facts', { hasText: 'Held' }).waitFor();
    await page.getByRole('button', { name: 'Release lease' }).click();
    const dialog = page.getByRole('dialog');
    t.match(await dialog.innerText(), 'Release the lease of asia #4?');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('.facts', { hasText: 'Held' }).waitFor();
    await page.getByRole('button', { name: 'Release lease' }).click();
    await dialog.getByRole('button', { name: 'Release it' }).click();
    await dialog.getByText('The lease of asia #4 is released.').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('.facts', { hasText: 'None' }).waitFor();
    t.match(server.log.join('\n'), /release/, 'and the log has it');
  });

  await t.test('forgets a cluster that is gone, not one that is up', async (t) => {
    const identity = await beat(server, 33, '');
    const page = await signedIn(t, browser, server, `cluster=${identity}`);
    const forget = page.getByRole('button', { name: 'Forget' });
    t.equal(await forget.isDisabled(), true);
    await page.getByText('Only a cluster that is not up, or is banned, can be forgotten.').waitFor();
    clock.advance(60_000);
    await allWell(server);
    await page.locator('h1', { hasText: 'Down' }).waitFor();
    await forget.click();
    const dialog = page.getByRole('dialog');
    await beat(server, 33, '');
    page.removeAllListeners('console'); // a refused request is an error on the console
    await dialog.getByRole('button', { name: 'Forget it' }).click();
    await page.locator('#content h1', { hasText: 'Up' }).waitFor({ state: 'attached' });
    await dialog.locator('.problem', { hasText: 'this cluster is up' }).waitFor();
    clock.advance(60_000);
    await allWell(server);
    await page.locator('#content h1', { hasText: 'Down' }).waitFor({ state: 'attached' });
    await dialog.getByRole('button', { name: 'Forget it' }).click();
    await dialog.getByText('is forgotten. Its number stays taken.').waitFor();
    await page.keyboard.press('Escape');
    await heading(page, 'Not here');
  });

  await t.test('bans a cluster that is up, forgets it, and lifts a ban again', async (t) => {
    const identity = await beat(server, 34, '');
    const page = await signedIn(t, browser, server, `cluster=${identity}`);
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Ban…', exact: true }).click();
    t.equal(await dialog.getByLabel('Identities').inputValue(), identity);
    await dialog.getByRole('button', { name: 'Ban', exact: true }).click();
    await dialog.getByText(`${identity} is banned. You can forget the cluster now.`).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Banned: nothing is taken from it.').waitFor();
    await page.getByRole('button', { name: 'Lift ban…' }).click();
    await dialog.getByRole('button', { name: 'Lift ban', exact: true }).click();
    await dialog.getByText('is not banned any more.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Ban…', exact: true }).click();
    await dialog.getByRole('button', { name: 'Ban', exact: true }).click();
    await dialog.getByText('is banned.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Forget' }).click();
    await dialog.getByRole('button', { name: 'Forget it' }).click();
    await dialog.getByText('is forgotten. Its number stays taken.').waitFor();
    await page.keyboard.press('Escape');
    await heading(page, 'Not here');
  });

  await t.test('a viewer sees what could be done, and why not by them', async (t) => {
    const page = await signedIn(t, browser, server, 'cluster=asia-1', { token: 'look' });
    t.match(await page.locator('.role').innerText(), 'Viewer');
    for (const button of await page.locator('.actions button').all())
      t.equal(await button.isDisabled(), true);
    await page.getByText('You are signed in as a viewer. Acting needs an operator token.').waitFor();
    await page.goto(`${server.base}/operator?view=fleet`);
    t.equal(await page.getByRole('button', { name: 'Edit My Bot' }).isDisabled(), true);
    const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const answer = await post(
      `${server.base}/api/operator/forget`,
      { identity: 'asia-1' },
      { cookie, origin: server.base },
    );
    t.ok([401, 403].includes(answer.status), 'nor by asking the server');
  });

  await t.test('without an operator token the reason names the variable', async (t) => {
    const closed = await serveFleet(t, { SHARDLIGHT_OPERATOR_TOKEN: '' });
    await report(closed, ['online']);
    const page = await signedIn(t, browser, closed, 'view=fleet', { token: 'look' });
    await page.getByRole('row', { name: 'Biscuit' }).waitFor();
    t.match(
      await page.getByRole('button', { name: 'Edit' }).first().getAttribute('title'),
      /SHARDLIGHT_OPERATOR_TOKEN/,
    );
  });
});
