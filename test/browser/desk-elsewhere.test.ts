// Other case systems as an administrator meets them in a browser: adding one, what is told once, a test, a
// new secret, a pause; and the page that describes the interface. In light and dark, from both sides, wide and narrow.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listEndpoints } from '../../src/store/endpoints.ts';
import { deskPage, launch, unfold } from '../support/chromium.ts';
import { consoleTexts, opened, startDesk, type TestDesk } from '../support/desk.ts';
import { courierOn } from '../support/outside.ts';
import { needs } from '../support/parts.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { sound } from '../support/sound.ts';

const ways = (['light', 'dark'] as const).flatMap((scheme) => (['fr', 'ar'] as const).map((language) => ({ scheme, language })));

describe.skipIf(needs('chromium'))('other case systems in a browser', () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let on: TestDesk;
  let receiver: Receiver;
  let complaints: string[];

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await context.close();
    await receiver.stop();
    await on.stop();
    expect(complaints).toEqual([]);
  });

  async function comeIn(language: string, scheme: 'light' | 'dark', width: number) {
    const { text } = await consoleTexts(['ar', 'en', 'fr']);
    on = await startDesk({ languages: ['fr', 'ar', 'en'], text: (lang, key, values) => text(lang, 'console', key, values) });
    receiver = await startReceiver({ now: () => on.clock.now });
    const { cookie } = await on.signedIn('Amina', ['administrator'], language);
    const options = { viewport: { width, height: 860 }, colorScheme: scheme };
    ({ context, page, complaints } = await deskPage(browser, on.base, cookie, options));
  }
  const press = (act: string) => page.click(`form[action$="/${act}"] button`);

  it.for(ways)('are added, tested and changed without a barrier, in $scheme, read in $language', async ({ scheme, language }) => {
    await comeIn(language, scheme, language === 'fr' ? 1280 : 360);
    const look = async (name: string) => {
      await unfold(page);
      expect(await page.getAttribute('html', 'dir')).toBe(language === 'ar' ? 'rtl' : 'ltr');
      await sound(page, `elsewhere-${scheme}-${language}-${name}`);
    };
    await page.goto(`${on.base}/desk/endpoints`);
    await look('none');
    await page.fill('input[name=name]', 'ملفات Dossiers');
    await page.fill('input[name=url]', 'https://10.0.0.5/hook');
    await page.click('form[action$="/add"] button');
    expect(await page.locator('[role=alert]').count()).toBe(1);
    await look('refused');
    await page.fill('input[name=url]', receiver.url);
    await page.check('input[value="case.claimed"][name=accepts]');
    await page.click('form[action$="/add"] button');
    await look('once');
    const [endpoint] = await listEndpoints(on.desk.keep, on.desk.seal);
    receiver.state.secrets = [endpoint?.secrets[0]?.value ?? ''];
    await page.goto(`${on.base}/desk/endpoints/${endpoint?.id}`);
    await press('test');
    await on.hook(opened('c_8f31'));
    const by = courierOn(on);
    await by.round();
    receiver.state.behave = 500;
    await on.hook(opened('c_8f32', { ref: 'OTH-222' }));
    await by.pass(600_000, 60_000);
    await by.stop();
    await page.reload();
    expect(receiver.effects.map((one) => one.type).sort()).toEqual(['case.opened', 'endpoint.test']);
    await look('failing');
    await press('rotate');
    expect(await page.textContent('main')).toContain('whsec_');
    await page.goto(`${on.base}/desk/endpoints/${endpoint?.id}`);
    await press('pause');
    await look('paused');
    await page.goto(`${on.base}/desk/endpoints`);
    await look('list');
    complaints = complaints.filter((line) => !/ 422 /.test(line));
  });

  it.for(['light', 'dark'] as const)('find the interface described on a page without a script, in %s', async (scheme) => {
    await comeIn('en', scheme, 1280);
    await page.goto(`${on.base}/api/v1/docs`);
    await sound(page, `docs-${scheme}`, false);
    await page.setViewportSize({ width: 360, height: 740 });
    await unfold(page);
    await sound(page, `docs-narrow-${scheme}`, false);
    // Whatever is named elsewhere on the page is there.
    const ways = await page.locator('a[href^="#"]').evaluateAll((links) => links.map((one) => one.getAttribute('href') ?? ''));
    expect(ways.length).toBeGreaterThan(60);
    for (const way of new Set(ways)) expect(await page.locator(`[id="${way.slice(1)}"]`).count(), way).toBe(1);
  });
});
