// A caseworker's day in a real browser, on a telephone's width and on a desk's: set-up link, queue,
// claim, reply, close. Every page is checked for barriers and for anything its own policy refuses.
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeSetUpLink } from '../../src/desk/sign-in.ts';
import type { Value } from '../../src/flow/session.ts';
import { transcriptOf } from '../../src/store/transcript.ts';
import { complaintsOf, launch } from '../support/chromium.ts';
import { consoleTexts, opened, said, startDesk, type TestDesk, told } from '../support/desk.ts';
import { needs } from '../support/parts.ts';
import { sound as soundPage } from '../support/sound.ts';

const id = 'c_8f31';
const arabic = 'مرحبا، أين يمكنني أن أنام الليلة؟ معي طفل عمره 3 أشهر. ‮txet‬';

/** Words of the answers, as the chat would have them in two languages. */
const words: Record<string, Record<string, [string, string]>> = {
  en: {
    'gate/place': ['Where do you stay?', 'At a border'],
    needs: ['Needs in your group', 'A baby'],
    missing: ['What is missing now?', 'A place to sleep'],
    reach: ['How may we reach you?', 'By a call'],
    number: ['Telephone', ''],
    hours: ['When?', 'In the evening'],
    interpreter: ['Interpreter?', 'Yes, in this language'],
    worker: ['Woman or man?', 'A woman'],
  },
  ar: {
    'gate/place': ['أين تقيم؟', 'على الحدود'],
    needs: ['احتياجات مجموعتك', 'رضيع'],
    missing: ['ما الذي ينقصك الآن؟', 'مكان للنوم'],
    reach: ['كيف نتواصل معك؟', 'بمكالمة'],
    number: ['الهاتف', ''],
    hours: ['متى؟', 'في المساء'],
    interpreter: ['مترجم؟', 'نعم، بهذه اللغة'],
    worker: ['امرأة أم رجل؟', 'امرأة'],
  },
};
const answers = {
  'gate/place': 'border',
  needs: ['baby'],
  missing: ['sleep'],
  reach: 'call',
  number: '+375 29 123 45 67',
  hours: null,
  interpreter: 'this-language',
  worker: 'woman',
};

describe.skipIf(needs('chromium'))('a caseworker in a browser', () => {
  let browser: Browser;
  let on: TestDesk;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    const { text } = await consoleTexts(['en', 'ar']);
    on = await startDesk({
      languages: ['en', 'ar'],
      text: (lang, key, values) => text(lang, 'console', key, values),
      answer: (lang: string, item: string, value: Value) => {
        const [title, answer] = words[lang]?.[item] ?? [item, String(value)];
        return { title, value: answer };
      },
    });
    page = await (await browser.newContext({ viewport: { width: 360, height: 740 }, locale: 'en' })).newPage();
    complaints = complaintsOf(page);
  });
  afterEach(async () => {
    await page.context().close();
    await on.stop();
    expect(complaints).toEqual([]);
  });

  const sound = (name: string) => soundPage(page, name);

  /** The first account, by the link that is printed at the start. */
  async function setUp(also: string[] = ['caseworker', 'protection'], language = 'en'): Promise<void> {
    await page.goto((await makeSetUpLink(on.desk)) ?? '');
    for (const role of also) await page.check(`input[value=${role}]`);
    await page.fill('input[name=name]', 'Amina Sala');
    await page.fill('input[name=login]', 'amina');
    await page.fill('input[name=password]', 'a long enough secret');
    await page.fill('input[name=again]', 'a long enough secret');
    await page.selectOption('select[name=language]', language);
    await sound(`welcome-${language}`);
    await page.click('main button');
  }

  async function arrive(): Promise<void> {
    await on.hook(opened(id, { language: 'ar', answers }));
    await on.hook(said(id, 2, arabic, { language: 'ar' }));
    await on.hook(opened('c_talk', { kind: 'talk', ref: 'TAL-K22', language: 'ar' }));
    await on.hook(opened('c_shield', { kind: 'protection', ref: 'SHI-ELD', language: 'fr' }));
    await on.hook(opened('c_calm', { ref: 'CAL-M22', answers: { needs: ['none'], missing: null } }));
    on.clock.now += 25 * 60_000;
  }

  it('goes the whole way on a telephone: link, password, queue, claim, reply, close', async () => {
    await setUp();
    expect(await page.textContent('h1')).toBe('Requests');
    await arrive();
    await page.click('.top nav a');
    expect(await page.locator('.row .ref').allTextContents()).toEqual(['7K4-2PD', 'SHI-ELD', 'CAL-M22', 'TAL-K22']);
    expect(await page.textContent('.row')).toContain('No place to sleep, baby in group');
    await sound('queue');

    await page.click('.row a.ref');
    expect(await page.textContent('.said .words')).toBe(arabic);
    await sound('case-new');
    await page.click('.reply button.main');
    await page.fill('textarea[name=text] >> nth=0', 'Good evening. A colleague can call you tonight.');
    await sound('case-claimed');
    await page.click('.reply button.main');
    const [, mine] = await transcriptOf(on.desk.keep, on.desk.seal, id);
    expect(mine).toMatchObject({ direction: 'out', state: 'queued' });
    await on.hook(told('message.delivered', id, 3, { message_id: mine?.id, possible_repeat: false }));
    await on.hook(said(id, 4, 'شكرا', { language: 'ar', urgent: true }));
    await page.goto(`${on.base}/desk/cases/${id}`);
    expect(await page.textContent('.said.out .state')).toBe('delivered');

    await page.selectOption('select[name=reason]', 'call-wished');
    await page.click('text=Show the number');
    expect(await page.textContent('.phone')).toBe(answers.number);
    await sound('case-phone');

    await page.goto(`${on.base}/desk/cases/${id}`);
    await page.click('summary >> text=Close this request');
    await page.check('input[value=done]');
    await sound('case-closing');
    await page.click('text=Close for good');
    expect(await page.textContent('main')).toContain('This request is closed.');
    expect(await page.textContent('main')).not.toContain(arabic);
    await sound('case-closed');

    await page.click('text=Sign out');
    expect(await page.textContent('h1')).toBe('Sign in');
    await sound('sign-in');
    await page.goBack();
    expect(await page.textContent('main')).not.toContain('7K4-2PD');
    complaints = complaints.filter((line) => !line.includes('401'));
    await page.goto(`${on.base}/desk/sign-in`);
    await page.fill('input[name=login]', 'amina');
    await page.fill('input[name=password]', 'a long enough secret');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.queue');
  });

  it('works on a wide screen, and accounts and log are pages like the others', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await setUp();
    await arrive();
    await page.goto(`${on.base}/desk`);
    await sound('wide-queue');
    await page.click('.row button');
    await sound('wide-case');
    await page.emulateMedia({ colorScheme: 'dark' });
    await sound('dark-case');
    await page.click('text=Requests');
    await sound('dark-queue');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.goto(`${on.base}/desk/cases/c_talk`);
    expect(await page.textContent('.ask-first')).toBe('Nothing about safety is known. Ask first.');
    await sound('wide-talk');
    await page.click('text=Accounts');
    await page.check('input[value=caseworker]');
    await page.click('text=Make a link');
    await sound('wide-people');
    await page.click('text=Log');
    await sound('wide-log');
  });

  it('reads from right to left where the language does', async () => {
    await setUp(undefined, 'ar');
    await arrive();
    await page.goto(`${on.base}/desk`);
    expect(await page.getAttribute('html', 'dir')).toBe('rtl');
    await sound('rtl-queue');
    await page.click('.row button');
    await sound('rtl-case');
  });

  it('does everything with the keyboard alone', async () => {
    await setUp();
    await arrive();
    await page.goto(`${on.base}/desk/cases/${id}`);
    const press = async (until: string) => {
      for (let at = 0; at < 90; at += 1) {
        await page.keyboard.press('Tab');
        if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(until)})`)) return;
      }
      throw new Error(`${until} cannot be reached`);
    };
    await press('.reply button.main');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.reply textarea');
    await press('.reply textarea');
    await page.keyboard.type('Typed');
    await press('.reply button.main');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.said.out');
    await press('#close > summary');
    await page.keyboard.press('Enter');
    await press('#close input[type=radio]');
    await page.keyboard.press('Space');
    await press('#close button');
    await page.keyboard.press('Enter');
    await page.waitForSelector('text=This request is closed.');
  });
});
