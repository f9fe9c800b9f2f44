// What a caseworker sees and does on the pages, without a browser and without any script.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../src/store/audit.ts';
import { findCase } from '../../src/store/cases.ts';
import { transcriptOf } from '../../src/store/transcript.ts';
import { opened, said, startDesk, type TestDesk, told } from '../support/desk.ts';

let on: TestDesk;
let cookie = '';
const id = 'c_8f31';
beforeEach(async () => {
  on = await startDesk();
  await on.hook(
    opened(id, {
      answers: { 'gate/place': 'border', needs: ['baby'], missing: null, reach: 'call', number: '+375291234567', hours: null },
    }),
  );
  ({ cookie } = await on.signedIn('Amina', ['caseworker']));
});
afterEach(() => on.stop());

const page = async (path = `/desk/cases/${id}`, as = cookie) => (await on.get(path, as)).text();
const text = async (path?: string, as?: string) => (await page(path, as)).replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const act = (verb: string, form: Record<string, string | string[]> = {}, as = cookie) => on.post(`/desk/cases/${id}/${verb}`, as, form);
const kase = async () => findCase(on.desk.keep, id);
const once = 'a1b2c3d4e5';

describe('the queue', () => {
  it('says in words why somebody comes first and how long they wait', async () => {
    on.clock.now += 130 * 60_000;
    ({ cookie } = await on.signedIn('Later', ['caseworker']));
    const seen = await text('/desk');
    for (const words of [
      '7K4-2PD',
      'High',
      'Baby in group',
      'Is at a border',
      'Needs not answered, ask first',
      'Waiting 2 h 10 min',
      'French',
      'Belarus',
    ])
      expect(seen).toContain(words);
  });

  it('shows who has claimed what, and everybody their own', async () => {
    const { cookie: other } = await on.signedIn('Boris', ['caseworker']);
    await act('claim');
    expect(await text('/desk', other)).toContain('Claimed by Amina');
    expect(await text('/desk?view=mine')).toContain('7K4-2PD');
    expect(await text('/desk?view=mine', other)).not.toContain('7K4-2PD');
    expect(await text('/desk?view=new')).not.toContain('7K4-2PD');
  });

  it('goes on to a next page after fifty', async () => {
    // Each through another poster: alike they would be one row.
    for (let at = 0; at < 55; at += 1)
      await on.hook(opened(`c_many${at}`, { ref: `AAA-${String(at).padStart(3, '0')}`, link: `poster-${at}` }));
    const first = await page('/desk');
    const next = /href="(\/desk\?view=open&amp;after=[^"]+)"/.exec(first)?.[1]?.replace('&amp;', '&') ?? '';
    const second = await text(next);
    expect([first.match(/class="row /g)?.length, second.includes('7K4-2PD')]).toEqual([50, true]);
  });
});

describe('a request', () => {
  it('shows each answer in both languages, and a skipped one as a question to ask', async () => {
    const seen = await text();
    for (const words of [
      'needs (en) baby',
      'needs (fr) baby',
      'missing (en) Not answered, ask first',
      'missing (fr) Sans réponse, demandez d’abord',
    ])
      expect(seen).toContain(words);
  });

  it('shows beside the reply what was agreed and what is wished', async () => {
    const seen = await text();
    expect(seen).toContain('Use these answers and write to me about return.');
    expect(seen).toMatch(/Read in French, 22 Nov 2026, \d\d:19 .*, version 5\./);
    expect(seen).toContain('reach (en) call hours (en) Not answered, ask first');
  });

  it('tells what the programme asks, with the warning that it is no verdict; never beside a request for protection', async () => {
    expect(await text()).toContain('Whom it takes Foreigners without means, 2020 (B7)');
    expect(await text()).toContain('never tell a person on its ground');
    await on.hook(opened('c_safe', { kind: 'protection' }));
    const { cookie: both } = await on.signedIn('Both', ['caseworker', 'protection']);
    expect(await text('/desk/cases/c_safe', both)).not.toContain('Whom it takes');
  });

  it('reminds that every adult must be asked alone', async () => {
    expect(await text()).toContain('Every other adult who travels must be asked alone');
  });

  it.for(['talk', 'protection'])('of kind %s opens with: ask first', async (kind) => {
    await on.hook(opened('c_other', { kind }));
    const { cookie: both } = await on.signedIn('Both', ['caseworker', 'protection']);
    expect(await text('/desk/cases/c_other', both)).toContain('Nothing about safety is known. Ask first.');
    expect(await text(undefined, both)).not.toContain('Nothing about safety is known.');
  });

  it('leaves one line in the log for each look', async () => {
    await page();
    await page();
    const reads = await on.desk.keep.selectFrom('audit').selectAll().where('action', '=', 'case.read').execute();
    expect(reads.map((row) => row.actor)).toEqual(['a_amina', 'a_amina']);
  });

  it('shows what a person wrote as text, whatever it is', async () => {
    const hostile = '<script>alert(1)</script><img src=x onerror=alert(1)>"\'&\u202e evil';
    await on.hook(said(id, 2, hostile));
    const seen = await page();
    expect(seen).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(seen.replace(/<script src="\/assets\/desk\.js\?v=\w+" defer><\/script>/, '')).not.toMatch(/<script|<img/);
    expect(seen).toMatch(/<p class="words" dir="auto"><bdi>/);
  });

  it('still opens when nobody knows the words of an answer', async () => {
    on.desk.answer = () => {
      throw new Error('no text');
    };
    expect((await on.get(`/desk/cases/${id}`, cookie)).status).toBe(200);
  });
});

describe('a reply', () => {
  it('goes out once, however often the button is pressed', async () => {
    await act('claim');
    const answers = await Promise.all([1, 2, 3].map(() => act('reply', { text: 'Bonjour', once })));
    expect(answers.map((answer) => [answer.status, answer.headers.get('location')])).toEqual(
      Array(3).fill([303, `/desk/cases/${id}#reply`]),
    );
    expect(await transcriptOf(on.desk.keep, on.desk.seal, id)).toMatchObject([{ text: 'Bonjour', state: 'queued', author: 'a_amina' }]);
    expect(await text()).toContain('on its way');
  });

  it('shows how it ended', async () => {
    await act('claim');
    await act('reply', { text: 'one', once });
    const [first] = await transcriptOf(on.desk.keep, on.desk.seal, id);
    await on.hook(told('message.failed', id, 2, { message_id: first?.id, reason: 'window_closed' }));
    expect(await text()).toContain('not delivered: the channel no longer lets us write');
  });

  it('to a request that is not claimed is refused, and the words stay in the box', async () => {
    const answer = await act('reply', { text: 'my long words', once });
    expect(answer.status).toBe(409);
    await act('claim');
    await on.hook(told('case.withdrawn', id, 2));
    const refused = await act('reply', { text: 'my long words', once });
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain('The person has taken their consent back.');
  });

  it('too long keeps what was typed', async () => {
    await act('claim');
    const answer = await act('reply', { text: 'x'.repeat(5000), once });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('x'.repeat(4096));
  });

  it('to what a colleague holds names the colleague', async () => {
    await act('claim');
    const { cookie: other } = await on.signedIn('Boris', ['caseworker']);
    const answer = await act('reply', { text: 'x', once }, other);
    expect([answer.status, (await answer.text()).includes('Amina has claimed this request.')]).toEqual([409, true]);
  });

  it('keeps its line ends as they were typed', async () => {
    await act('claim');
    await act('reply', { text: 'one\r\ntwo', once });
    expect((await transcriptOf(on.desk.keep, on.desk.seal, id))[0]?.text).toBe('one\ntwo');
  });
});

describe('a telephone number', () => {
  beforeEach(() => act('claim'));

  it('is shown only for a reason, and the reason is written down', async () => {
    expect(await page()).not.toContain('+375291234567');
    expect((await act('reveal')).status).toBe(422);
    expect((await act('reveal', { reason: 'curious' })).status).toBe(422);
    const shown = await act('reveal', { reason: 'call-wished' });
    expect([shown.status, (await shown.text()).includes('+375291234567')]).toEqual([200, true]);
    const rows = await on.desk.keep.selectFrom('audit').selectAll().where('action', '=', 'phone.revealed').execute();
    expect(rows.map((row) => [row.actor, row.detail])).toEqual([['a_amina', 'call-wished']]);
    expect(await page()).not.toContain('+375291234567');
  });

  it('is not shown to somebody who does not hold the request', async () => {
    const { cookie: other } = await on.signedIn('Boris', ['caseworker']);
    const answer = await act('reveal', { reason: 'danger' }, other);
    expect([answer.status, (await answer.text()).includes('+375291234567')]).toEqual([409, false]);
  });
});

describe('an appointment', () => {
  const confirmed = ['voluntary', 'identity', 'language'];
  beforeEach(() => act('claim'));

  it('needs all confirmed again, in private', async () => {
    expect((await act('appoint', { confirmed: ['voluntary'], wishes: 'kept', text: '' })).status).toBe(422);
    expect((await act('appoint', { confirmed, wishes: 'kept', text: '' })).status).toBe(303);
    expect((await kase())?.status).toBe('appointment');
  });

  it('that does not keep a wish needs a note', async () => {
    expect((await act('appoint', { confirmed, wishes: 'not-kept', text: ' ' })).status).toBe(422);
    expect((await act('appoint', { confirmed, wishes: 'not-kept', text: 'No woman interpreter; told her.' })).status).toBe(303);
    expect(await text()).toContain('No woman interpreter; told her.');
  });

  it('missed is ours again', async () => {
    await act('appoint', { confirmed, wishes: 'kept', text: '' });
    await act('missed');
    expect((await kase())?.status).toBe('waiting_us');
  });
});

describe('giving back and closing', () => {
  it('leads to the queue, and somebody else can claim', async () => {
    await act('claim');
    expect((await act('release')).headers.get('location')).toBe('/desk');
    const { cookie: other } = await on.signedIn('Boris', ['caseworker']);
    expect((await act('claim', {}, other)).status).toBe(303);
  });

  it('deletes the content at once', async () => {
    await on.hook(said(id, 2, 'words of the person'));
    await act('claim');
    await act('note', { text: 'words of a colleague', once });
    expect((await act('close', { reason: 'done' })).status).toBe(303);
    const seen = await text();
    expect(seen).toContain('This request is closed.');
    expect(seen).not.toContain('words of');
    expect(seen).not.toContain('needs');
  });

  it('needs a reason', async () => expect((await act('close')).status).toBe(422));
});

describe('a page in another language', () => {
  it('has all its words', async () => {
    const { cookie: french } = await on.signedIn('Chantal', ['caseworker', 'supervisor', 'administrator'], 'fr');
    await act('claim', {}, french);
    for (const path of ['/desk', `/desk/cases/${id}`, '/desk/people', '/desk/log'])
      expect(await page(path, french)).toContain('<html lang="fr" dir="ltr">');
    expect(await text(undefined, french)).toContain('Ce que la personne a accepté');
  });
});

describe('the log', () => {
  it('shows who did what and that nothing was changed', async () => {
    await act('claim');
    const { cookie: auditor } = await on.signedIn('Auditor', ['auditor']);
    const seen = await text('/desk/log?check=yes', auditor);
    expect(seen).toContain('None was changed or taken out.');
    expect(seen).toContain('Amina claimed');
    await on.desk.keep.updateTable('audit').set({ actor: 'a_other' }).where('seq', '=', 2).execute();
    expect(await text('/desk/log?check=yes', auditor)).toContain('changed from row 2 on');
    expect(await text('/desk/log', auditor)).not.toContain('changed from row');
    expect((await verifyAudit(on.desk.keep, on.desk.auditKey)).ok).toBe(false);
  });
});

describe('the log, filtered', () => {
  const bodyOf = async (path: string, who: string) => (/<tbody>.*<\/tbody>/s.exec(await page(path, who)) ?? [''])[0];

  it('shows one person of the desk, or one request by its id', async () => {
    await on.hook(opened('c_second', { ref: 'SEC-222' }));
    await act('claim');
    const { cookie: auditor } = await on.signedIn('Auditor', ['auditor']);
    const mine = await bodyOf('/desk/log?who=a_amina', auditor);
    expect([mine.includes('Amina'), mine.includes('c_second')]).toEqual([true, false]);
    const second = await bodyOf('/desk/log?about=c_second', auditor);
    expect([second.includes('c_second'), second.includes(id)]).toEqual([true, false]);
    expect(await text('/desk/log?about=nothing&who=%3Cb%3E', auditor)).toContain('No such rows.');
  });

  it('finds a reference only for those who may see that request', async () => {
    await on.hook(opened('c_shielded', { kind: 'protection', ref: 'PRT-222' }));
    await on.hook(opened('c_second', { ref: 'SEC-222' }));
    const { cookie: chief } = await on.signedIn('Chief', ['supervisor']);
    const { cookie: auditor } = await on.signedIn('Auditor', ['auditor']);
    expect(await bodyOf('/desk/log?about=SEC-222', chief)).toContain('c_second');
    expect(await bodyOf('/desk/log?about=PRT-222', chief)).toBe('');
    expect(await bodyOf('/desk/log?about=SEC-222', auditor)).toBe('');
  });
});

describe('nothing a person wrote or is called', () => {
  it('reaches the log, the store in plain sight, or an address', async () => {
    const canary = 'Zohra-canary';
    await on.hook(opened('c_canary', { answers: { needs: ['baby'], number: `+0${canary}` } }));
    await on.hook(said('c_canary', 2, canary, { urgent: true }));
    const form = { text: `${canary} answered`, once: 'zz11223344' };
    await on.post('/desk/cases/c_canary/claim', cookie);
    const answers = [
      await on.post('/desk/cases/c_canary/reply', cookie, form),
      await on.post('/desk/cases/c_canary/note', cookie, form),
      await on.post('/desk/cases/c_canary/reveal', cookie, { reason: 'danger' }),
      await on.post('/desk/cases/c_canary/share', cookie, { name: canary }),
      await on.post('/desk/cases/c_canary/embassy', cookie, { date: '2026-11-20', kept: canary }),
      await on.post('/desk/cases/c_canary/heard', cookie, { seen: '0', 'others-read': 'no', worker: canary }),
      await on.post('/desk/cases/c_canary/appoint', cookie, {
        ...{ confirmed: ['voluntary', 'identity', 'language'], wishes: 'not-kept', text: canary },
        ...{ date: '2026-11-25', time: '14:30', place: canary },
      }),
      await on.post('/desk/find', cookie, { q: `${canary} 0123456789` }),
      await on.post('/desk/sign-in', '', { login: canary, password: canary }),
      await on.api('POST', '/cases/c_canary/note', { text: canary }),
      await on.hook({ ...opened('c_other'), more: canary }),
      await on.get(`/desk/${canary}`, cookie),
      await on.get(`/desk/%E0%A4%A${canary}`, cookie),
    ];
    for (const answer of answers) expect(`${answer.headers.get('location')} ${answer.headers.get('set-cookie')}`).not.toContain(canary);
    expect(on.lines.length).toBeGreaterThan(3);
    expect(on.lines.join('')).not.toContain(canary);
    for (const table of ['cases', 'messages', 'notes', 'outbox', 'audit', 'handled'] as const)
      expect(JSON.stringify(await on.desk.keep.selectFrom(table).selectAll().execute()), table).not.toContain(canary);
  });
});
