// Every page of the desk in light and dark, from left to right and from right to left, with every box
// open: no barrier, no sideways scrolling. Two of them are the pictures of docs/console.md.
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Role, roles } from '../../src/case/case.ts';
import { table } from '../../src/desk/access.ts';
import { hashPassword } from '../../src/desk/password.ts';
import type { Value } from '../../src/flow/session.ts';
import { accountSeal, confirmFactor, offerFactor } from '../../src/store/factor.ts';
import { setOffices } from '../../src/store/people.ts';
import { transact } from '../../src/store/transact.ts';
import { transcriptOf } from '../../src/store/transcript.ts';
import { deskPage, launch, unfold } from '../support/chromium.ts';
import { consoleTexts, opened, said, startDesk, type TestDesk, told } from '../support/desk.ts';
import { register } from '../support/outside.ts';
import { needs } from '../support/parts.ts';
import { sound } from '../support/sound.ts';

const id = 'c_8f31';
const answers = {
  'gate/place': 'border',
  travellers: 'three-to-five',
  needs: ['baby', 'health'],
  missing: ['sleep', 'food'],
  reach: 'chat',
  number: '+375 29 123 45 67',
  hours: 'evening',
  interpreter: null,
  worker: 'woman',
};

/** Words of the answers, as the chat would have them. */
const words: Record<string, Record<string, [string, Record<string, string>]>> = {
  fr: {
    'gate/place': ['Où vous êtes', { border: 'À une frontière' }],
    travellers: ['Qui voyagerait', { 'three-to-five': '3 à 5 personnes' }],
    needs: ['Besoins dans votre groupe', { baby: 'Un bébé', health: 'Un problème de santé' }],
    missing: ['Ce qui manque maintenant', { sleep: 'Un endroit pour dormir', food: 'De quoi manger' }],
    reach: ['Comment vous joindre', { chat: 'Dans ce chat', call: 'Par téléphone' }],
    number: ['Téléphone', {}],
    hours: ['Quand', { morning: 'Le matin', afternoon: 'L’après-midi', evening: 'Le soir', any: 'N’importe quand' }],
    interpreter: ['Interprète', { none: 'Pas besoin', 'this-language': 'Oui, dans cette langue', another: 'Oui, dans une autre langue' }],
    worker: ['Une femme ou un homme', { woman: 'Une femme', man: 'Un homme', any: 'Peu importe' }],
  },
  ar: {
    'gate/place': ['أين أنت', { border: 'على الحدود' }],
    travellers: ['من سيسافر', { 'three-to-five': 'من 3 إلى 5 أشخاص' }],
    needs: ['الاحتياجات في مجموعتك', { baby: 'رضيع', health: 'مشكلة صحية' }],
    missing: ['ما ينقصكم الآن', { sleep: 'مكان للنوم', food: 'طعام' }],
    reach: ['كيف نتواصل معك', { chat: 'في هذه المحادثة', call: 'بمكالمة' }],
    number: ['الهاتف', {}],
    hours: ['متى', { evening: 'في المساء' }],
    interpreter: ['مترجم', {}],
    worker: ['امرأة أم رجل', { woman: 'امرأة' }],
  },
};
const inWords = (lang: string, item: string, value: Value) => {
  const [title, codes] = words[lang]?.[item] ?? [item, {}];
  return {
    title,
    value: [value ?? []]
      .flat()
      .map((code) => codes[code] ?? code)
      .join(', '),
  };
};

describe.skipIf(needs('chromium'))('every page of the desk', () => {
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
  afterEach(async () => {
    await context.close();
    await on.stop();
    expect(complaints).toEqual([]);
  });

  async function comeIn(language: string, held: readonly Role[], width: number, scheme: 'light' | 'dark' = 'light') {
    const languages = ['fr', 'ar', 'en'];
    const { text } = await consoleTexts(languages);
    on = await startDesk({
      languages,
      text: (lang, key, values) => text(lang, 'console', key, values),
      linkText: (lang, key) => text(lang, 'link', key),
      answer: inWords,
    });
    on.clock.now = Date.parse('2026-11-24T18:00:00Z');
    await arrive();
    const signed = await on.signedIn('Amina', [...held], language);
    ({ cookie } = signed);
    const options = { viewport: { width, height: 860 }, locale: language, colorScheme: scheme };
    ({ context, page, complaints } = await deskPage(browser, on.base, cookie, options));
    return signed;
  }
  const open = (path: string) => page.goto(`${on.base}${path}`);
  const post = (verb: string, form: Record<string, string | string[]> = {}, of = id) => on.post(`/desk/cases/${of}/${verb}`, cookie, form);

  /** From the table of the desk itself, so that a new page is looked at without anybody thinking of it. */
  async function everyPage(): Promise<string[]> {
    const { id: endpoint } = await register(on, { organisation: 'unhcr', accepts: ['message.send'] });
    await on.post('/desk/partners', cookie, { name: 'Example partner', days: '' });
    const files = ['live', 'statistics-file'];
    return table
      .filter(({ method, name }) => method === 'get' && !files.includes(name))
      .map(({ path }) => path.replace(':id', path.startsWith('/endpoints') ? endpoint : 'c_calm'));
  }

  async function arrive() {
    await on.hook(opened('c_shield', { kind: 'protection', ref: 'SH4-ELD', language: 'ar' }, on.clock.now));
    await on.hook(
      opened('c_calm', { ref: 'CA2-M22', language: 'fr', country: 'gr', answers: { needs: ['none'], missing: null } }, on.clock.now),
    );
    await on.hook(opened('c_talk', { kind: 'talk', ref: 'TA4-K22', language: 'ar', channel: 'whatsapp' }, on.clock.now));
    on.clock.now += 40 * 60_000;
    await on.hook(
      opened(
        'c_twin',
        { ref: 'TW2-N22', language: 'ar', channel: 'web', answers: { needs: ['pregnancy'], missing: ['nothing'], number: answers.number } },
        on.clock.now,
      ),
    );
    await on.hook(
      opened(
        id,
        {
          language: 'ar',
          answers,
          consent: { ...opened(id).data.consent, language: 'ar', at: new Date(on.clock.now - 60_000).toISOString() },
        },
        on.clock.now,
      ),
    );
    on.clock.now += 25 * 60_000;
  }
  /** A talk under way about the first request. */
  async function talkOn() {
    await post('claim');
    await on.hook(said(id, 2, 'مساء الخير. نحن في الغابة قرب الحدود وابني مريض.', { language: 'ar' }, on.clock.now - 20 * 60_000));
    await post('reply', { text: 'مساء الخير، اسمي أمينة. قرأت طلبك. هل تستطيع الكتابة الآن بأمان؟', once: 'aaaaaaaa' });
    const first = (await transcriptOf(on.desk.keep, on.desk.seal, id)).find((one) => one.direction === 'out');
    await on.hook(told('message.delivered', id, 3, { message_id: first?.id, possible_repeat: false }, on.clock.now));
    on.clock.now += 4 * 60_000;
    await on.hook(said(id, 4, 'نعم، أنا وحدي الآن. نحتاج إلى مكان للنوم الليلة.', { language: 'ar' }, on.clock.now));
    on.clock.now += 3 * 60_000;
  }

  const ways = (['light', 'dark'] as const).flatMap((scheme) => (['fr', 'ar'] as const).map((language) => ({ scheme, language })));
  it.for(ways)('has no barrier in $scheme, read in $language', async ({ scheme, language }) => {
    const { id: account } = await comeIn(language, roles, language === 'fr' ? 1280 : 360, scheme);
    const look = (name: string) => sound(page, `${scheme}-${language}-${name}`);
    await on.signedIn('Boris', ['caseworker', 'supervisor']);
    await transact(on.desk.keep, (tx) => setOffices(tx, account, ['gr', 'minsk']));
    await post('level', { level: 'urgent', reason: 'danger-told' }, 'c_calm');
    await open('/desk?level=urgent');
    await unfold(page);
    await look('queue');
    await open(`/desk/cases/${id}`);
    await look('new');
    await talkOn();
    await post('note', { text: 'A restricted note', once: 'bbbbbbbb', restricted: 'yes' });
    await post('share', { name: 'UNHCR' });
    await post('embassy', { date: '2026-11-20', kept: 'Cabinet 3' });
    await open(`/desk/cases/${id}`);
    await unfold(page);
    await look('case');
    await post('heard', { seen: '0', 'others-read': 'yes', hours: 'evening' });
    await open(`/desk/cases/${id}`);
    await look('others-read');
    await post('appoint', {
      confirmed: ['voluntary', 'identity', 'language'],
      wishes: 'kept',
      text: '',
      date: '2026-11-25',
      time: '14:30',
    });
    await open(`/desk/cases/${id}`);
    await look('appointment');
    await post('claim', {}, 'c_talk');
    await open('/desk/cases/c_talk');
    await unfold(page);
    await look('talk');
    await post('claim', {}, 'c_twin');
    await post('refer', { to: 'office gr' }, 'c_twin');
    await open('/desk/cases/c_twin');
    await unfold(page);
    expect(await page.locator('form[action$=turn-back]').count()).toBe(1);
    await look('on-offer');
    await on.hook(told('case.withdrawn', id, 5));
    await open(`/desk/cases/${id}`);
    await look('withdrawn');
    for (const path of [...(await everyPage()), '/?view=ended', '/?view=mine', '/log?check=yes&who=a_amina', '/nothing', '/sign-in']) {
      await open(`/desk${path}`);
      await unfold(page);
      await look(path.replaceAll(/\W+/g, '-'));
    }
    complaints = complaints.filter((line) => !/40[49]/.test(line));
    await open('/desk');
    await page.fill('.find input', answers.number);
    await page.click('.find button');
    await look('found');
  });

  it('of what is proved again, drawn and printed has no barrier either', async () => {
    await comeIn('ar', roles, 360, 'dark');
    const { id: account } = await on.signedIn('Guarded', ['caseworker']);
    const own = await accountSeal(on.desk.keep, on.desk.seal);
    await offerFactor(on.desk.keep, own, account, Buffer.alloc(20, 5));
    await transact(on.desk.keep, (tx) => confirmFactor(tx, account, 0));
    await on.desk.keep
      .updateTable('accounts')
      .set({ password: await hashPassword('correct horse battery') })
      .execute();
    await open('/desk/me');
    await page.click('#code button');
    await sound(page, 'me-code');
    await page.fill('input[name=code]', '000000');
    await page.click('button.main');
    await sound(page, 'me-code-wrong');
    on.clock.now += 11 * 60_000;
    for (const path of ['/desk/me', '/desk/people', '/desk/export', '/desk/cases/c_calm/erase']) {
      await open(path);
      await unfold(page);
      expect(await page.isVisible('input[name=password]'), path).toBe(true);
      await sound(page, `again${path.replaceAll('/', '-')}`);
    }
    await page.check('input[name=sure]');
    await page.fill('input[name=password]', 'wrong password!');
    await page.click('main form.stack button');
    expect(await page.locator('[role=alert]').count()).toBe(1);
    await sound(page, 'again-wrong');
    complaints = complaints.filter((line) => !/ 4(03|22) /.test(line));
  });

  it('weighs at most 45 kB compressed, with everything it needs', async () => {
    await comeIn('ar', roles, 360);
    for (let at = 0; at < 60; at += 1) await on.hook(opened(`c_many${at}`, { ref: `AAA-${String(at).padStart(3, '0')}`, language: 'ar' }));
    await talkOn();
    for (let at = 6; at < 40; at += 1) await on.hook(said(id, at, `رسالة رقم ${at}: ${'كلمات من شخص '.repeat(9)}`));
    const weights: string[] = [];
    for (const path of [...(await everyPage()), `/cases/${id}`, '/?view=ended', '/sign-in']) {
      const bytes: number[] = [];
      const read = async (address: string) => {
        const body = Buffer.from(await (await on.get(address, cookie)).arrayBuffer());
        bytes.push(gzipSync(body).length);
        return body.toString('utf8');
      };
      const markup = await read(`/desk${path}`);
      for (const [, address] of markup.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) await read(address ?? '');
      const whole = bytes.reduce((sum, one) => sum + one, 0);
      weights.push(`${path}: ${whole}`);
      expect(bytes.length, path).toBeGreaterThan(2);
      expect(whole, `${path}: ${bytes.join(' + ')}`).toBeLessThan(45_000);
    }
    if (process.env['SCREENSHOTS'] !== undefined) writeFileSync(`${process.env['SCREENSHOTS']}/weights.txt`, weights.join('\n'));
  });

  it('prints one request without what only a screen can do', async () => {
    await comeIn('fr', ['caseworker', 'protection'], 1180);
    await talkOn();
    await open(`/desk/cases/${id}`);
    expect(await page.isVisible('#print')).toBe(true);
    await page.emulateMedia({ media: 'print' });
    for (const away of ['nav', 'form', 'button', '.top', '.demo', '#print', '.foot'])
      expect(await page.locator(`${away}:visible`).count(), away).toBe(0);
    for (const there of ['h1', '.said', '.answers', '#facts'])
      expect(await page.locator(`${there}:visible`).count(), there).toBeGreaterThan(0);
    await sound(page, 'print', true);
  });

  it('draws a month as docs/console.md shows it', async () => {
    await comeIn('fr', ['supervisor'], 1180);
    const ways = [
      { times: 64, language: 'ar', channel: 'whatsapp', status: 'closed', closed_reason: 'done' },
      { times: 41, language: 'fr', channel: 'telegram', status: 'waiting_person', closed_reason: null },
      { times: 22, language: 'en', channel: 'web', status: 'closed', closed_reason: 'other-service' },
      { times: 9, language: 'en', channel: 'web', status: 'withdrawn', closed_reason: null },
      { times: 3, language: 'fr', channel: 'web', status: 'closed', closed_reason: 'no-contact' },
    ];
    const like = await on.desk.keep.selectFrom('cases').selectAll().where('id', '=', 'c_calm').executeTakeFirstOrThrow();
    await on.desk.keep.deleteFrom('cases').execute();
    let number = 0;
    for (const { times, ...way } of ways)
      for (let at = 0; at < 3 * times; at += 1) {
        number += 1;
        const opened_at = Date.UTC(2026, 9, 1 + Math.floor(15.5 * (((number * 0.618) % 1) + ((number * 0.414) % 1))), 9);
        await on.desk.keep
          .insertInto('cases')
          .values({ ...like, ...way, id: `c_${number}`, ref: `${number}`, opened_at })
          .execute();
      }
    const reached = {
      'return/country': 171,
      'return/travellers': 160,
      'return/needs': 148,
      'return/missing': 146,
      'return/reach': 139,
      'return/agree': 133,
    };
    on.desk.steps = async () => reached;
    await open('/desk/statistics?month=2026-10');
    await sound(page, 'desk-statistics');
  });

  it('looks as docs/console.md shows it', async () => {
    const { id: account } = await comeIn('fr', ['caseworker', 'protection'], 1180);
    const read = (language: string) => on.desk.keep.updateTable('accounts').set({ language }).where('id', '=', account).execute();
    await talkOn();
    await read('en');
    await open('/desk');
    await sound(page, 'desk', false);
    await read('fr');
    await open(`/desk/cases/${id}`);
    await sound(page, 'desk-case');
    await page.setViewportSize({ width: 390, height: 844 });
    await open(`/desk/cases/${id}#reply`);
    await sound(page, 'desk-phone', false);
  });
});
