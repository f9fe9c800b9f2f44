// A person before the web chat in a real browser: on a cheap phone, with and without scripts, with the
// keyboard alone, in the dark, from right to left, and with words meant to break it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { complaintsOf, launch, watch } from '../support/chromium.ts';
import { needs } from '../support/parts.ts';
import type { Setting } from '../support/talk.ts';
import { toReceipt, toReturnConsent, toTopics } from '../support/ways.ts';
import { startWeb, type TestWeb } from '../support/web.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
const phone = { width: 360, height: 740 };
const inFrench = ['fr', ...toReceipt.slice(1)];

describe.skipIf(needs('chromium'))('a person in a browser', () => {
  let browser: Browser;
  let on: TestWeb;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());
  afterEach(async () => {
    await page.context().close();
    await on.stop();
    expect(complaints).toEqual([]);
  });

  /** A chat of its own for every test, and the page opened. */
  async function open(options: BrowserContextOptions = {}, setting: Setting = {}): Promise<void> {
    on = await startWeb(setting);
    page = await (await browser.newContext({ viewport: phone, locale: 'en', ...options })).newPage();
    complaints = complaintsOf(page);
    watch(page, on.base, complaints);
    await page.goto(`${on.base}/chat`);
  }

  const button = (code: string) => page.locator(`.choices button[value$=".${code}"]`);
  const messages = () => page.locator('#log article').count();
  /** Asks the page about all elements of a kind; `one` is each of them. */
  const each = (selector: string, what: string) =>
    page.evaluate(`[...document.querySelectorAll(${JSON.stringify(selector)})].map((one) => ${what})`) as Promise<string[]>;
  const idsOf = () => each('#log article', 'one.dataset.id');
  const focused = () => page.evaluate('document.activeElement.id || document.activeElement.value') as Promise<string>;

  /** Waits until the page has taken in what the answer changed: each page has form ids of its own. */
  async function answered(act: () => Promise<unknown>): Promise<void> {
    const form = page.locator('.choices input[name=id]');
    const before = await form.inputValue();
    on.clock.at += 3_000;
    await act();
    await page.locator(`.choices input[name=id]:not([value="${before}"])`).waitFor({ state: 'attached' });
  }
  async function press(...codes: string[]): Promise<void> {
    for (const code of codes) await answered(() => button(code).press('Enter'));
  }
  async function tap(code: string): Promise<void> {
    await answered(() => button(code).click());
  }
  async function write(text: string): Promise<void> {
    await page.fill('#text', text);
    await answered(() => page.click('.write button'));
  }

  async function fits(name: string): Promise<void> {
    expect(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth'), `${name} is too wide`).toBe(
      true,
    );
    const folder = process.env['SCREENSHOTS'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}-whole.png`, fullPage: true });
  }

  /** No barrier that axe knows of, nothing to be scrolled sideways, every target large enough for a thumb. */
  async function sound(name: string): Promise<void> {
    await page.evaluate(axe);
    const found = await page.evaluate(`axe.run(document, { resultTypes: ['violations'] })`);
    const { violations } = found as { violations: { id: string; nodes: { html: string }[] }[] };
    expect(
      violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' ')}`),
      name,
    ).toEqual([]);
    const heights = (await each('button, textarea, a', 'one.getBoundingClientRect().height')).map(Number);
    expect(Math.min(...heights), name).toBeGreaterThanOrEqual(44);
    await fits(name);
  }

  /** The picture of the README, when it is asked for. */
  async function picture(): Promise<void> {
    if (process.env['PICTURES'] !== '1') return;
    await open({ viewport: { width: 380, height: 760 }, deviceScaleFactor: 2 });
    await press(...toTopics, 'return');
    await page.screenshot({ path: 'docs/pictures/chat.png' });
    await page.context().close();
    await on.stop();
  }

  it('goes the whole way on a telephone, and sees the newest message after every answer', async () => {
    await picture();
    await open();
    await sound('language');
    for (const [at, code] of toReceipt.entries()) {
      await tap(code);
      // A mark brings no message; the hand stays on its button.
      if (!['baby', 'sleep'].includes(code)) {
        const top = (await page.locator('#new').boundingBox())?.y ?? -1;
        expect(top, code).toBeGreaterThanOrEqual(((await page.locator('header').boundingBox())?.height ?? 0) - 1);
        expect(top, code).toBeLessThan(phone.height - 100);
        if (code !== '~done') expect(await focused()).toBe('end');
      }
      if (at === 2) await sound('phone-safe');
      if (code === toReturnConsent.at(-1)) await sound('consent');
      if (toReceipt[at + 1] === 'send') await sound('recap');
    }
    await sound('receipt');
    const [event] = await on.events();
    expect(await page.textContent('#log')).toContain(event.data.ref);
  });

  it('goes the whole way without scripts, and the newest message is in view', async () => {
    await open({ javaScriptEnabled: false });
    await fits('plain-language');
    for (const code of toReceipt) {
      await tap(code);
      expect(await page.locator('#new').boundingBox(), code).toMatchObject({ x: expect.any(Number) });
      expect(page.url()).toBe(`${on.base}/chat#new`);
    }
    const top = (await page.locator('#new').boundingBox())?.y ?? -1;
    expect(top).toBeGreaterThan(0);
    expect(top).toBeLessThan(phone.height);
    await fits('plain-receipt');
    expect((await on.events()).map((event) => event.type)).toEqual(['case.opened']);
    await on.caseworker('Good morning, we read your request.', 1);
    await page.click('footer button');
    await page.getByText('Good morning, we read your request.').waitFor();
  });

  it('reads it in French on a desk’s width, and in the dark', async () => {
    await open({ viewport: { width: 1280, height: 800 }, locale: 'fr', colorScheme: 'dark' });
    await sound('dark-language');
    for (const [at, code] of inFrench.entries()) {
      await press(code);
      if (at === 0) expect(await page.textContent('.leave')).toBe('Quitter');
      if (at === 2) await sound('dark-phone-safe');
      if (code === toReturnConsent.at(-1)) await sound('dark-consent');
      if (inFrench[at + 1] === 'send') await sound('dark-recap');
    }
    await sound('dark-receipt');
    await page.emulateMedia({ colorScheme: 'light' });
    await sound('desk-receipt');
  });

  it('changes the language, and everything on the page changes with it', async () => {
    await open();
    await press('fr');
    expect(await page.getAttribute('html', 'lang')).toBe('fr');
    expect(await page.title()).toBe('Discussion sur le retour');
    expect(await page.textContent('.leave')).toBe('Quitter');
    expect(await page.getAttribute('#log', 'aria-label')).toBe('Conversation');
    expect(await page.getAttribute('#status', 'data-failed')).toContain('Réessayez');
  });

  it('has room on the narrowest telephone and with large letters', async () => {
    await open({ viewport: { width: 320, height: 560 }, locale: 'fr' });
    await press(...['fr', ...toReturnConsent.slice(1)]);
    await sound('narrow-consent');
    await page.evaluate('document.documentElement.style.fontSize = "32px"');
    await fits('narrow-large');
  });

  it('reads from right to left where the language does', async () => {
    await open({ locale: 'ar' });
    await press('ar');
    expect(await page.getAttribute('html', 'dir')).toBe('rtl');
    await sound('rtl-country');
    const way = toReceipt.slice(1);
    for (const [at, code] of way.entries()) {
      await press(code);
      if (code === toTopics.at(-1)) await sound('rtl-topics');
      if (code === toReturnConsent.at(-1) && way[at + 1] === 'yes') {
        await sound('rtl-consent');
        await write('hello 123, ‮txet‬ مرحبا');
        await page.emulateMedia({ colorScheme: 'dark' });
        await sound('rtl-dark');
      }
      if (way[at + 1] === 'send') await sound('rtl-recap');
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await sound('rtl-receipt');
    await page.setViewportSize({ width: 1280, height: 800 });
    await sound('rtl-desk');
  });

  it('does everything with the keyboard alone', async () => {
    await open();
    const reach = async (until: string) => {
      for (let at = 0; at < 40; at += 1) {
        await page.keyboard.press('Tab');
        if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(until)})`)) return at;
      }
      throw new Error(`${until} cannot be reached`);
    };
    for (const code of [...toTopics, 'return']) {
      await reach(`button[value$=".${code}"]`);
      await answered(() => page.keyboard.press('Enter'));
      // One Tab from the place of the answers to the first of them.
      expect(await focused()).toBe('end');
    }
    expect(await reach('.answers button')).toBe(0);
    await reach('#text');
    await page.keyboard.type('help');
    await reach('.write button');
    await answered(() => page.keyboard.press('Space'));
    await reach('.leave');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/chat/left**');
    await sound('left');
  });

  it('marks several answers with the hand on the same button, and hears no question twice', async () => {
    await open();
    await press(...toReturnConsent, 'yes', 'iq', 'one');
    const before = await idsOf();
    await press('baby');
    expect(await focused()).toMatch(/\.baby$/);
    expect(await button('baby').textContent()).toContain('✅');
    await press('health');
    expect(await idsOf()).toEqual(before);
    await sound('marks');
  });

  it('hears only new messages, and of the sending only when it takes long', async () => {
    await open();
    await press(...toTopics);
    await page.evaluate(`(() => {
      window.added = [];
      window.told = [];
      new MutationObserver((all) => all.forEach((one) => window.added.push(...[...one.addedNodes].map((node) => node.dataset.id))))
        .observe(document.getElementById('log'), { childList: true });
      new MutationObserver(() => window.told.push(document.getElementById('status').textContent))
        .observe(document.getElementById('status'), { childList: true });
    })()`);
    const before = await idsOf();
    await press('return');
    expect(await page.evaluate('window.added')).toEqual((await idsOf()).slice(before.length));
    expect(((await page.evaluate('window.told')) as string[]).filter((text) => text !== '')).toEqual([]);
  });

  it('has a Yes and a No of the same size and colours', async () => {
    await open();
    await press(...toReturnConsent);
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await button('yes').hover();
      const looks = await each(
        '.answers button',
        `(() => {
        const { width, height } = one.getBoundingClientRect();
        const { color, backgroundColor, borderColor, fontSize, fontWeight, boxShadow } = getComputedStyle(one);
        return JSON.stringify({ width, height, color, backgroundColor, borderColor, fontSize, fontWeight, boxShadow });
      })()`,
      );
      expect(looks).toHaveLength(2);
      expect(new Set(looks).size).toBe(1);
    }
    expect(await focused()).toBe('end');
  });

  const hostile = [
    '<script>document.title="x"</script>',
    '<img src=https://evil.example/x onerror=alert(1)>',
    '<svg onload=alert(1)><use href="https://evil.example/#x"></svg>',
    '</p></article></div></main><h1>You must go</h1>',
    '"><form action=https://evil.example><button>Yes</button>',
    'javascript:alert(1) https://evil.example/path data:text/html,<b>',
    "{{constructor.constructor('alert(1)')()}} <%= alert(1) %>",
    '\u202e\u2066\u202d reversed '.repeat(40),
    '\u200f\u061c\u2069\u202c'.repeat(50),
    'x'.repeat(4000),
    'ẖ̷͓̈́ȩ̸͈͑'.repeat(300),
    '👩‍👩‍👧‍👦'.repeat(300),
    '﷽'.repeat(200),
    '\n'.repeat(50),
    `${'\u0000\u0007\u001b[31m'} end`,
  ];

  it.each([true, false])('is not harmed by what is written (scripts: %s)', async (javaScriptEnabled) => {
    await open({ javaScriptEnabled });
    await press(...toTopics);
    for (const text of hostile) {
      await page.fill('#text', text);
      if (text.trim() === '') continue;
      await answered(() => page.click('.write button'));
    }
    expect(await page.locator('h1').count()).toBe(1);
    expect(await page.locator('#log :is(a, img, svg, script, form, button)').count()).toBe(0);
    expect(await page.title()).toBe('Chat about return');
    expect(await page.locator('.them').count()).toBeGreaterThanOrEqual(hostile.length);
    await fits(`hostile-${javaScriptEnabled}`);
    if (javaScriptEnabled) await sound('hostile');
  });

  it.each([true, false])('who presses twice is heard once (scripts: %s)', async (javaScriptEnabled) => {
    await open({ javaScriptEnabled });
    await answered(() => button('en').dblclick());
    await page.getByText('Which country are you in now?').first().waitFor();
    expect(await page.locator('.them').count()).toBe(1);
    expect(await page.textContent('#log')).not.toContain('That question is closed.');
  });

  it.each([
    true,
    false,
  ])('whose finger taps twice by habit does not answer the next question too (scripts: %s)', async (javaScriptEnabled) => {
    await open({ javaScriptEnabled });
    const session = await page.context().newCDPSession(page);
    await session.send('Animation.enable');
    await press('en');
    // Time stands still in the moment in which the next question has come up.
    await session.send('Animation.setPlaybackRate', { playbackRate: 0 });
    await press('by');
    for (const code of ['learn', 'return']) {
      const box = await button(code).boundingBox();
      await page.mouse.click((box?.x ?? 0) + 40, (box?.y ?? 0) + 15);
    }
    expect(await page.locator('.them').count()).toBe(2);
    await session.send('Animation.setPlaybackRate', { playbackRate: 1 });
    await tap('return');
    expect(await page.locator('.them').count()).toBe(3);
  });

  it.each([true, false])('who goes back or loads again changes nothing (scripts: %s)', async (javaScriptEnabled) => {
    await open({ javaScriptEnabled });
    await press(...toTopics);
    const [count, [pair]] = [await messages(), await page.context().cookies()];
    const state = async () => (await on.session(pair?.value ?? ''))?.session;
    const before = await state();
    await page.reload();
    expect(await messages()).toBe(count);
    await page.goBack();
    if (page.url().startsWith(on.base)) expect(await messages()).toBe(count);
    await page.goto(`${on.base}/chat`);
    expect(await messages()).toBe(count);
    expect(await state()).toEqual(before);
  });

  it('who leaves leaves nothing: not on the page, not behind Back, not in the browser', async () => {
    await open();
    await press(...toTopics, 'return');
    const [pair] = await page.context().cookies();
    await page.click('.leave');
    await page.waitForURL('**/chat/left**');
    expect(await page.context().cookies()).toEqual([]);
    expect(await page.textContent('body')).not.toMatch(/safe|phone|Belarus/);
    expect(await page.evaluate('localStorage.length + sessionStorage.length')).toBe(0);
    expect(await on.session(pair?.value ?? '')).toBeUndefined();
    await page.goBack();
    await page.waitForLoadState();
    expect(await page.locator('.them').count()).toBe(0);
    expect(await page.textContent('body')).not.toContain('Belarus.');
    expect(await page.locator('#log').textContent()).toContain('Please choose your language.');
  });

  it('finds a caseworker’s words when the page is opened again, and by waiting', async () => {
    await open();
    await press(...toReceipt);
    await page.clock.install();
    await page.reload();
    await on.caseworker('First words of a caseworker.', 1);
    await page.fill('#text', 'half a sent');
    await page.locator('#text').blur();
    await page.clock.fastForward(30_000);
    await page.getByText('First words of a caseworker.').waitFor();
    expect(await page.inputValue('#text')).toBe('half a sent');
    // Somebody who is writing is not disturbed.
    await page.focus('#text');
    await on.caseworker('Second words of a caseworker.', 2);
    await page.clock.fastForward(60_000);
    expect(await page.getByText('Second words').count()).toBe(0);
    await page.reload();
    await page.getByText('Second words of a caseworker.').waitFor();
    expect(await page.getByText('First words').count()).toBe(1);
    expect((await on.events()).filter((event) => event.type === 'message.delivered')).toHaveLength(2);
    await sound('caseworker');
  });

  it('whose answer did not arrive is told so, keeps the words and can send them again', async () => {
    await open();
    await press(...toTopics);
    const count = await messages();
    on.fault.down = true;
    await page.fill('#text', 'what is this');
    await page.click('.write button');
    await page.getByText('This could not be sent. Please try again.').waitFor();
    expect(await page.inputValue('#text')).toBe('what is this');
    on.fault.down = false;
    await answered(() => page.click('.write button'));
    expect(await page.getByText('what is this').count()).toBe(1);
    expect(await messages()).toBeGreaterThan(count);
    expect(await page.textContent('#status')).toBe('');
    complaints = complaints.filter((line) => !line.includes('503'));
  });

  it('loads little: page, style and script together stay below 45 kB', async () => {
    await open();
    await press(...toReceipt.slice(0, -1));
    const paths = await each('link, script', 'one.href || one.src');
    const [pair] = await page.context().cookies();
    const bytes = async (url: string) => {
      const answer = await fetch(url, { headers: { cookie: `${pair?.name}=${pair?.value}` } });
      return gzipSync(Buffer.from(await answer.arrayBuffer())).length;
    };
    let sum = 0;
    for (const url of [page.url(), ...paths]) sum += await bytes(url);
    expect(sum).toBeLessThan(45_000);
    expect(sum).toBeGreaterThan(1_000);
  });
});
