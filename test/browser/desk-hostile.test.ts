// Whatever a person sends through the chat, a caseworker reads it as words: no dialog, no request to
// anywhere, no page that bursts, and the buttons still do what they say.
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deskPage, launch, watch } from '../support/chromium.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';
import { hostile } from '../support/hostile.ts';
import { needs } from '../support/parts.ts';
import { sound } from '../support/sound.ts';
import { makeTalk } from '../support/talk.ts';
import { toReceipt, walkTo } from '../support/ways.ts';

describe.skipIf(needs('chromium'))('about two hundred hostile texts', () => {
  let browser: Browser;
  let on: TestDesk;
  let page: Page;
  let complaints: string[];
  let id = '';

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    on = await startDesk();
    const talk = await makeTalk();
    await walkTo(talk, toReceipt);
    await talk.starts();
    await talk.taps('write');
    for (const text of hostile) await talk.says(text);
    const events = await talk.events();
    id = events[0].data.case_id;
    for (const event of events) await on.hook(event);
    const { cookie } = await on.signedIn('Amina', ['caseworker']);
    ({ page, complaints } = await deskPage(browser, on.base, cookie, { viewport: { width: 360, height: 740 }, locale: 'en' }));
    watch(page, on.base, complaints);
  });
  afterEach(async () => {
    await page.context().close();
    await on.stop();
  });

  it('are words on the page of the desk, on a telephone and on a wide screen', async () => {
    expect(hostile.length).toBeGreaterThan(195);
    await page.goto(`${on.base}/desk/cases/${id}`);
    const shown = await page.locator('.said').count();
    expect(shown, 'what is only white space is no message').toBeGreaterThan(hostile.length - 12);
    expect(await page.locator('h1').count()).toBe(1);
    expect(await page.locator('.said a, .said script, .said img, .said svg, .said form').count()).toBe(0);
    await sound(page, 'hostile');
    await page.setViewportSize({ width: 1280, height: 800 });
    await sound(page, 'hostile-wide', false);
    // No words of theirs lie over our own buttons: a press lands where it should.
    await page.click('.reply button.main');
    await page.waitForSelector('#reply-text');
    expect(complaints).toEqual([]);
  });
});
