// Somebody else may read that phone: what a caseworker can send then, and what happens to what they typed
// when it cannot be sent.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { transcriptOf } from '../../src/store/transcript.ts';
import { opened, startDesk, type TestDesk, told } from '../support/desk.ts';

let on: TestDesk;
let cookie = '';
const id = 'c_8f31';
const once = 'a1b2c3d4e5';
beforeEach(async () => {
  on = await startDesk();
  await on.hook(opened(id, { kind: 'talk' }));
  ({ cookie } = await on.signedIn('Amina', ['caseworker']));
  await act('claim');
});
afterEach(() => on.stop());

const act = (verb: string, form: Record<string, string | string[]> = {}, as = cookie) => on.post(`/desk/cases/${id}/${verb}`, as, form);
const bare = (page: string) => page.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ');
const page = async () => (await on.get(`/desk/cases/${id}`, cookie)).text();
const messages = () => transcriptOf(on.desk.keep, on.desk.seal, id);
const heard = (form: Record<string, string>, seen = '0') => act('heard', { seen, ...form });
const neutral = 'Bonjour. Est-ce un bon moment pour vous\u00a0?';

describe('before every reply', () => {
  it('the page asks whether it is safe to write', async () => {
    expect(bare(await page())).toContain('Safe to write? On 22 Nov 2026');
    await heard({ 'others-read': 'no' });
    expect(bare(await page())).toContain('the person said that nobody else reads this phone');
  });
});

describe('once the person said that others read the phone', () => {
  beforeEach(() => heard({ 'others-read': 'yes', hours: 'evening' }));

  it('there is no box for words of one’s own, and none can be sent', async () => {
    const seen = await page();
    expect(seen).toContain('Others read this phone.');
    expect(seen).not.toContain('id="reply-text"');
    const refused = await act('reply', { text: 'Your request for protection', once, now: 'yes' });
    const answer = await refused.text();
    expect([refused.status, answer.includes('only a neutral text can be sent'), answer.includes('Your request for protection')]).toEqual([
      409,
      true,
      true,
    ]);
    expect((await on.api('POST', `/cases/${id}/reply`, { text: 'anything' })).status).toBe(409);
    expect(await messages()).toEqual([]);
  });

  it('a neutral text goes out in their language, at the time they chose', async () => {
    expect(bare(await page())).toContain('It is now the time the person chose: evening');
    const early = await act('reply', { text: neutral, once });
    expect([early.status, (await early.text()).includes('Confirm first that it is the time')]).toEqual([422, true]);
    const typed = neutral.replace('\u00a0', ' ');
    expect((await act('reply', { text: typed, once, now: 'yes' })).status).toBe(303);
    expect(await messages()).toMatchObject([{ text: typed, state: 'queued' }]);
  });

  it('nothing goes out when they chose a call', async () => {
    const { at } = await on.desk.keep.selectFrom('audit').select('at').where('action', '=', 'wishes.heard').executeTakeFirstOrThrow();
    await heard({ 'others-read': 'yes', reach: 'call' }, String(at));
    expect(bare(await page())).toContain('The person chose a call. Nothing can be sent here.');
    expect((await act('reply', { text: neutral, once, now: 'yes' })).status).toBe(409);
    expect((await act('appoint', { wishes: 'kept', text: '', date: '2026-11-25', time: '14:30' })).status).toBe(409);
    expect(await messages()).toEqual([]);
  });

  it('an appointment tells when, and never where', async () => {
    expect((await act('appoint', { wishes: 'kept', text: '', date: '2026-11-25', time: '14:30', place: 'Legal aid office' })).status).toBe(
      409,
    );
    expect((await act('appoint', { wishes: 'kept', text: '', date: '2026-11-25', time: '14:30' })).status).toBe(303);
    expect((await messages())[0]?.text).not.toContain('Legal');
  });
});

describe('what a person told', () => {
  it('is shown with who wrote it down, and two who write at once do not overwrite each other', async () => {
    await heard({ interpreter: 'another', worker: 'woman' });
    const seen = bare(await page());
    expect(seen).toContain('worker (en)woman (told us)');
    expect(seen).toContain('Written down by you');
    const late = await heard({ worker: 'man' });
    const answer = await late.text();
    expect([late.status, answer.includes('Somebody else wrote this down meanwhile.')]).toEqual([409, true]);
    expect(answer).toMatch(/<option value="man" selected>/);
    expect(bare(await page())).toContain('worker (en)woman');
  });

  it.for([
    { worker: 'anybody' },
    { needs: 'baby', worker: ['man', 'x'] as unknown as string },
  ])('is one of the answers, never words', async (form) => {
    expect((await heard(form)).status).toBe(422);
  });
});

describe('a ready text', () => {
  it('is offered in the language of the person with its meaning, and its names are filled in', async () => {
    const seen = await page();
    expect(seen).toContain('Bonjour, je m’appelle Amina. J’ai lu votre demande 7K4-2PD.');
    expect(seen).toContain('Hello, my name is Amina. I have read your request 7K4-2PD.');
  });

  it('goes into the box after what is typed already, and nothing is sent', async () => {
    const answer = await act('reply', { text: 'Typed before', once, use: 'neutral.hello' });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain(`Typed before\n${neutral}</textarea>`);
    expect(await messages()).toEqual([]);
  });

  it('is not offered in a language that has none', async () => {
    await on.hook(opened('c_other', { kind: 'talk', language: 'ti' }));
    await on.post('/desk/cases/c_other/claim', cookie);
    expect(await (await on.get('/desk/cases/c_other', cookie)).text()).not.toContain('Ready texts');
  });
});

describe('what was typed', () => {
  const words = 'Long words that took a quarter of an hour';
  const given = async (answer: Promise<Response>) => [(await answer).status, (await (await answer).text()).includes(words)];

  it('is not lost when the request was given back meanwhile', async () => {
    await act('release');
    expect(await given(act('reply', { text: words, once }))).toEqual([409, true]);
  });

  it('is not lost when a colleague holds it now', async () => {
    const { id: to } = await on.signedIn('Boris', ['caseworker']);
    await act('assign', { to });
    expect(await given(act('reply', { text: words, once }))).toEqual([409, true]);
  });

  it('is not lost when the person took the request back, and is not sent', async () => {
    await on.hook(told('case.withdrawn', id, 2));
    expect(await given(act('reply', { text: words, once }))).toEqual([409, true]);
    expect(await given(act('note', { text: words, once }))).toEqual([409, true]);
    expect(await on.desk.keep.selectFrom('outbox').selectAll().execute()).toEqual([]);
  });

  it('is not lost when the session has ended', async () => {
    const answer = await act('reply', { text: words, once }, `desk=${'x'.repeat(43)}`);
    const seen = await answer.text();
    expect([answer.status, seen.includes(words), seen.includes('Your words were not sent.')]).toEqual([401, true, true]);
  });
});
