// The page in other languages, in a real browser: choosing one, keeping it, and what the script says in it.
import t from 'tap';
import { languageCodes, languages } from '../../public/shared/languages.js';
import { post, serve } from '../harness.js';
import { noBrowser, openBrowser, PAGE_AGE_MS, visit } from './browser.js';

const GUILD = '81384788765712384'; // on shard 178 of 240

void t.test('the page in other languages', { skip: noBrowser }, async (t) => {
  const browser = await openBrowser();
  t.teardown(() => browser.close());
  const server = await serve(t, { SHARDLIGHT_BOTS: 'main:240:My Bot' });
  const report = async (shards: Record<string, unknown>[]): Promise<void> => {
    await post(`${server.base}/api/bots/main/shards`, { shards });
    server.clock.advance(PAGE_AGE_MS);
  };
  const down = (count: number): Promise<void> =>
    report(Array.from({ length: 240 }, (_, id) => ({ id, state: id < count ? 'offline' : 'online' })));
  await down(0);

  await t.test('each is the one the browser asks for, before and after the script runs', async (t) => {
    for (const locale of languageCodes) {
      const html = await (await fetch(server.base, { headers: { 'accept-language': locale } })).text();
      t.ok(html.includes(`<html lang="${locale}"`));
      const page = await visit(t, browser, server.base, { locale });
      await page
        .locator('#connection', { hasText: languages[locale].words.live['live.live'] as string })
        .waitFor();
      t.ok(html.includes(`<h1>${await page.locator('h1').innerText()}</h1>`), 'both say the same');
    }
  });

  await t.test('Russian counts 1, 3, 5 and 21 shards, live', async (t) => {
    const page = await visit(t, browser, server.base, { locale: 'ru-RU' });
    for (const [count, said] of [
      [1, '1 шард из 240 не работает'],
      [3, '3 шарда из 240 не работают'],
      [5, '5 шардов из 240 не работают'],
      [21, '21 шард из 240 не работает'],
    ] as const) {
      await down(count);
      await page.locator('h1', { hasText: `My Bot: ${said} с ` }).waitFor();
    }
    await down(0);
  });

  await t.test('the switch works without JavaScript, and the lookup keeps the choice', async (t) => {
    const page = await visit(t, browser, `${server.base}/?guild=${GUILD}`, {
      locale: 'en-GB',
      javaScriptEnabled: false,
    });
    t.notMatch(await page.content(), GUILD);
    await page.locator('.languages summary').click();
    await page.locator('#languages a', { hasText: 'Español' }).click();
    await page.locator('html[lang=es]').waitFor();
    t.equal(new URL(page.url()).search, '?lang=es');
    t.equal(await page.locator('.languages summary').innerText(), 'Español');
    await page.locator('#guild').fill(GUILD);
    await page.keyboard.press('Enter');
    await page.locator('#answer', { hasText: 'Está en el shard 178 (de 240) de My Bot.' }).waitFor();
    t.match(new URL(page.url()).search, 'lang=es');
    await page.locator('.site').click();
    await page.locator('html[lang=es]').waitFor();
  });

  await t.test('with JavaScript the switch keeps the lookup, in the browser', async (t) => {
    const asked: string[] = [];
    for (const [place, path] of [
      ['hash', `/#guild=${GUILD}`],
      ['query', `/?guild=${GUILD}`],
    ] as const) {
      const page = await visit(t, browser, server.base + path, { locale: 'en-GB' });
      await page.locator('#answer', { hasText: 'It is on shard 178' }).waitFor();
      page.on('request', (request) => asked.push(request.url()));
      await page.locator('.languages summary').click();
      await page.locator('#languages a', { hasText: 'Deutsch' }).click();
      await page.locator('#answer', { hasText: 'Er ist bei My Bot auf Shard 178 von 240.' }).waitFor();
      t.equal(page.url(), `${server.base}/?lang=de#guild=${GUILD}`, place);
    }
    t.notOk(
      asked.some((url) => url.split('#')[0]!.includes(GUILD)),
      'no request carries the ID',
    );
  });

  await t.test('the answer keeps its focus and only says what is new', async (t) => {
    const page = await visit(t, browser, `${server.base}/?lang=en#guild=${GUILD}`);
    const show = page.locator('#answer [data-act=show]');
    await show.focus();
    await report([{ id: 178, state: 'resuming' }]);
    await page.locator('#answer', { hasText: 'has been reconnecting to Discord' }).waitFor();
    t.ok(await show.evaluate((button) => button === document.activeElement));
    await page.locator('#answer .close').click();
    t.equal(await page.locator('#answer').innerHTML(), '');
    await down(0);
  });

  await t.test('no language makes a narrow page scroll sideways', async (t) => {
    await report([0, 1, 2, 3, 4, 5, 6].map((state) => ({ id: 20 + state, state })));
    for (const lang of languageCodes)
      for (const width of [320, 360]) {
        const page = await visit(t, browser, `${server.base}/?lang=${lang}&guild=${GUILD}`, {
          viewport: { width, height: 700 },
        });
        await page.locator('#connection .dot').waitFor();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        t.ok(wide <= 0, `${lang} at ${width} px: ${wide}`);
        const cut = await page.evaluate(() =>
          [...document.querySelectorAll('button, label, .counts li, .foot a, h1, h2')]
            .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1)
            .map((element) => element.textContent),
        );
        t.same(cut, [], `${lang} at ${width} px: nothing is cut`);
      }
  });
});
