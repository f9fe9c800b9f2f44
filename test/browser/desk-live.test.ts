// What the script adds for a caseworker: pages that keep themselves up to date without taking anything
// away from whoever types, keys, ready texts. And that all of it works without any script.
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Role } from '../../src/case/case.ts';
import { transcriptOf } from '../../src/store/transcript.ts';
import { deskPage, launch } from '../support/chromium.ts';
import { opened, said, startDesk, type TestDesk, told } from '../support/desk.ts';
import { needs } from '../support/parts.ts';
import { sound } from '../support/sound.ts';

const id = 'c_8f31';

describe.skipIf(needs('chromium'))('a page of the desk that stays open', () => {
  let browser: Browser;
  let on: TestDesk;
  let context: BrowserContext;
  let page: Page;
  let cookie = '';
  let complaints: string[];

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    on = await startDesk();
    await on.hook(opened(id));
  });
  afterEach(async () => {
    await context.close();
    await on.stop();
    expect(complaints).toEqual([]);
  });

  async function comeIn(roles: Role[] = ['caseworker'], options: Parameters<Browser['newContext']>[0] = {}) {
    ({ cookie } = await on.signedIn('Amina', roles));
    const telephone = { viewport: { width: 360, height: 740 }, locale: 'en', ...options };
    ({ context, page, complaints } = await deskPage(browser, on.base, cookie, telephone));
  }
  const open = (path: string) => page.goto(`${on.base}${path}`);
  const claimed = async () => {
    await on.post(`/desk/cases/${id}/claim`, cookie);
    await open(`/desk/cases/${id}`);
  };

  it('shows a new request by itself, says so, and leaves the focus where it was', async () => {
    await comeIn();
    await open('/desk');
    await page.focus('.row a.ref');
    await on.hook(opened('c_late', { ref: 'LAT-E22' }));
    await page.waitForSelector('[data-case=c_late].fresh');
    expect(await page.textContent('#news')).toBe('A request changed.');
    expect(await page.evaluate(`document.activeElement.closest('.row')?.dataset.case`)).toBe(id);
    await sound(page, 'live-queue');
  });

  it('shows a message while somebody types, and what they typed stays with the cursor in it', async () => {
    await comeIn();
    await claimed();
    await page.fill('#reply-text', 'Half a sent');
    await page.keyboard.press('ArrowLeft');
    await on.hook(said(id, 2, 'One more thing'));
    await page.waitForSelector('.said.in');
    await page.keyboard.type('!');
    expect(await page.inputValue('#reply-text')).toBe('Half a sen!t');
    await page.click('.reply button.main');
    await page.waitForSelector('.said.out');
    const sent = (await transcriptOf(on.desk.keep, on.desk.seal, id)).find((one) => one.direction === 'out');
    await on.hook(told('message.delivered', id, 3, { message_id: sent?.id, possible_repeat: false }));
    await page.waitForSelector('.state.delivered');
  });

  it('takes the reply box away at once when the person takes the request back, and gives the words back', async () => {
    await comeIn();
    await claimed();
    await page.fill('#reply-text', 'Words that were not sent');
    await page.fill('#note-text', 'A note under way');
    await on.hook(told('case.withdrawn', id, 2));
    await page.waitForSelector('text=The person took this request back. Nothing may be sent.');
    expect(await page.locator('.reply button').count()).toBe(0);
    expect(await page.inputValue('.reply textarea[readonly]')).toBe('Words that were not sent');
    expect(await page.inputValue('#note-text')).toBe('A note under way');
  });

  it('follows when a colleague writes down that others read the phone', async () => {
    await comeIn();
    await claimed();
    await page.fill('#reply-text', 'Words under way');
    await on.post(`/desk/cases/${id}/heard`, cookie, { seen: '0', 'others-read': 'yes' });
    await page.waitForSelector('.safe.no');
    expect(await page.locator('#reply-text:not([readonly])').count()).toBe(0);
    expect(await page.inputValue('.reply textarea[readonly]')).toBe('Words under way');
  });

  it('needs one stream for all pages of a browser', async () => {
    await comeIn();
    const streams: string[] = [];
    context.on('request', (request) => request.url().includes('/desk/live') && streams.push(request.url()));
    await open('/desk');
    const other = await context.newPage();
    await other.goto(`${on.base}/desk`);
    await on.hook(opened('c_late', { ref: 'LAT-E22' }));
    await page.waitForSelector('[data-case=c_late]');
    await other.waitForSelector('[data-case=c_late]');
    expect(streams).toHaveLength(1);
    // The page that had it is closed: the other one takes over.
    await page.close();
    await on.hook(opened('c_later', { ref: 'LAT-ER2' }));
    await other.waitForSelector('[data-case=c_later]');
  });

  it('says that it stands still once its reader is signed out', async () => {
    await comeIn();
    await open('/desk');
    await on.post('/desk/sign-out', cookie);
    await page.waitForSelector('text=This page no longer updates itself.');
    complaints = complaints.filter((line) => !line.includes('401'));
  });

  it('has keys for the whole work, shows them with a question mark, and keeps them away from whoever types', async () => {
    await comeIn();
    await on.hook(opened('c_late', { ref: 'LAT-E22' }));
    await open('/desk');
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
    await sound(page, 'keys', false);
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('c');
    await page.waitForSelector('#reply-text');
    await page.keyboard.press('r');
    await page.keyboard.type('j?q/nc');
    expect(await page.inputValue('#reply-text')).toBe('j?q/nc');
    expect(await page.locator('dialog[open]').count()).toBe(0);
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('n');
    expect(await page.evaluate('document.activeElement.id')).toBe('note-text');
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('q');
    await page.waitForSelector('.queue');
    await page.keyboard.press('/');
    await page.keyboard.type(id);
    expect(await page.inputValue('.find input')).toBe(id);
  });

  it('lets everybody switch the keys off, and remembers it', async () => {
    await comeIn();
    await open('/desk');
    await page.click('#keys-open');
    await page.uncheck('#keys-on');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await open('/desk');
    await page.keyboard.press('?');
    expect(await page.locator('dialog[open]').count()).toBe(0);
    expect(await page.isChecked('#keys-on')).toBe(false);
  });

  it('puts a ready text where the cursor is, and sends nothing', async () => {
    await comeIn();
    await claimed();
    await page.fill('#reply-text', 'Before');
    await page.click('#ready > summary');
    const before = page.url();
    await page.click('#ready button >> nth=0');
    expect(await page.inputValue('#reply-text')).toBe('Before\nBonjour. Est-ce un bon moment pour vous\u00a0?');
    expect(page.url()).toBe(before);
  });

  it('needs no script from claim to close, on a telephone', async () => {
    await comeIn(['caseworker'], { javaScriptEnabled: false });
    await open('/desk');
    expect(await page.locator('.foot').isVisible()).toBe(false);
    await page.click('.row form button');
    await page.fill('#reply-text', 'Before');
    await page.click('#ready > summary');
    await page.click('#ready button >> nth=0');
    expect(await page.inputValue('#reply-text')).toBe('Before\nBonjour. Est-ce un bon moment pour vous\u00a0?');
    await page.click('.reply button.main');
    expect(await page.textContent('.said.out')).toContain('on its way');
    await page.click('#heard > summary');
    await page.selectOption('#heard select[name=others-read]', 'yes');
    await page.click('#heard form button');
    await page.check('.reply input[type=radio] >> nth=0');
    await page.check('.reply input[name=now]');
    await page.click('.reply button.main');
    expect(await page.locator('.said.out').count()).toBe(2);
    await page.click('#close > summary');
    await page.check('input[value=done]');
    await page.click('#close form button');
    expect(await page.textContent('main')).toContain('This request is closed.');
  });
});
