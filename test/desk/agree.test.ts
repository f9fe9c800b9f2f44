// What needs the person's own yes, and what a caseworker writes down, on the pages and in what goes out.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findCase, findContent } from '../../src/store/cases.ts';
import { transcriptOf } from '../../src/store/transcript.ts';
import { opened, said, startDesk, type TestDesk, told } from '../support/desk.ts';
import { queuedEvents } from '../support/seals.ts';

let on: TestDesk;
let cookie = '';
const id = 'c_8f31';
beforeEach(async () => {
  on = await startDesk();
  ({ cookie } = await on.signedIn('Amina', ['caseworker']));
});
afterEach(() => on.stop());

const arrive = async (change: Record<string, unknown> = {}) => {
  await on.hook(opened(id, change));
  await act('claim');
};
const act = (verb: string, form: Record<string, string | string[]> = {}, as = cookie) => on.post(`/desk/cases/${id}/${verb}`, as, form);
const bare = (page: string) => page.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ');
const text = async (as = cookie) => bare(await (await on.get(`/desk/cases/${id}`, as)).text());
const content = async () => findContent(on.desk.keep, on.desk.seal, id);
const sent = () => queuedEvents(on.desk.keep, on.desk.seal);
const history = async (action: string) => on.desk.keep.selectFrom('audit').selectAll().where('action', '=', action).execute();
const answer = (agreed: boolean, seq: number, organisation = 'unhcr') =>
  on.hook(told('consent.answered', id, seq, { organisation, agreed, version: 1, language: 'fr', hash: '04aa72fe9b1c' }));

describe('asking to share', () => {
  beforeEach(() => arrive());

  it('puts one question to the person, and the page says that it is open, and then what they said', async () => {
    expect((await act('share', { name: 'UNHCR' })).status).toBe(303);
    expect(await sent()).toMatchObject([{ type: 'consent.ask', data: { case_id: id, seq: 1, organisation: 'unhcr', name: 'UNHCR' } }]);
    expect(await text()).toContain('Asked, no answer yet: sharing with UNHCR.');
    await answer(true, 2);
    expect(await text()).toContain('Agreed: sharing with UNHCR.');
    expect(await text()).toContain('answered about sharing (yes)');
  });

  it('is not repeated against a no, unless the person wishes it', async () => {
    await act('share', { name: 'UNHCR' });
    on.clock.now += 60_000;
    await on.hook(
      told(
        'consent.answered',
        id,
        2,
        { organisation: 'unhcr', agreed: false, version: 1, language: 'fr', hash: '04aa72fe9b1c' },
        on.clock.now,
      ),
    );
    const refused = await act('share', { name: 'UNHCR' });
    expect([refused.status, (await refused.text()).includes('The person said no; ask again only if the person wishes it.')]).toEqual([
      409,
      true,
    ]);
    expect((await act('share', { name: 'UNHCR', again: 'yes' })).status).toBe(303);
    expect(await sent()).toHaveLength(2);
  });

  it('with an embassy needs the written consent first, also when nobody ticked that it is one', async () => {
    for (const form of [{ name: 'Some consulate', embassy: 'yes' }, { name: 'Embassy of Elsewhere' }]) {
      const refused = await act('share', form);
      expect([refused.status, (await refused.text()).includes('Record the person’s written consent')]).toEqual([409, true]);
    }
    expect(await sent()).toEqual([]);
    expect((await act('embassy', { date: '2026-11-20' })).status).toBe(422);
    expect((await act('embassy', { date: '2026-11-20', kept: 'Cabinet 3' })).status).toBe(303);
    expect(await text()).toContain('Written consent to contact the embassy, 2026-11-20. Kept: Cabinet 3');
    expect((await act('share', { name: 'Embassy of Elsewhere' })).status).toBe(303);
    await act('embassy', { revoke: 'yes' });
    expect(await text()).not.toContain('Written consent to contact the embassy,');
    expect((await history('embassy.agreed')).map((row) => row.detail)).toEqual(['']);
  });

  it('keeps the name that was typed when something is missing', async () => {
    const refused = await act('share', { name: 'x'.repeat(81) });
    expect([refused.status, (await refused.text()).includes('x'.repeat(81))]).toEqual([422, true]);
  });
});

describe('a private confirmation', () => {
  beforeEach(() => arrive());

  it('is asked for, recorded with who and when, and then enough for an appointment', async () => {
    expect(await text()).toContain('Not yet confirmed in private');
    expect((await act('confirm', { confirmed: ['voluntary'] })).status).toBe(422);
    expect((await act('confirm', { confirmed: ['voluntary', 'identity', 'language'] })).status).toBe(303);
    expect(await text()).toContain('Confirmed in private by you, 22 Nov 2026');
    expect((await act('appoint', { wishes: 'kept', text: '' })).status).toBe(303);
    expect((await history('choice.confirmed'))[0]).toMatchObject({ actor: 'a_amina', detail: 'voluntary identity language' });
  });

  it('is what an appointment waits for, and the page says so', async () => {
    const refused = await act('appoint', { wishes: 'kept', text: '', date: '2026-11-25', time: '14:30', place: 'Room 4' });
    const page = await refused.text();
    expect([refused.status, page.includes('First confirm in private')]).toEqual([422, true]);
    for (const typed of ['2026-11-25', '14:30', 'Room 4']) expect(page).toContain(typed);
    expect((await findCase(on.desk.keep, id))?.status).toBe('claimed');
  });
});

describe('an appointment', () => {
  const form = { confirmed: ['voluntary', 'identity', 'language'], wishes: 'kept', text: '' };
  beforeEach(() => arrive());

  it('is told to the person in their language, and shown on the page', async () => {
    expect((await act('appoint', { ...form, date: '2026-11-25', time: '14:30', place: '12, rue X' })).status).toBe(303);
    const [message] = await transcriptOf(on.desk.keep, on.desk.seal, id);
    expect(message).toMatchObject({ direction: 'out', state: 'queued', author: 'a_amina' });
    expect(message?.text).toMatch(/^Nous proposons de parler ensemble\u00a0: mercredi 25 novembre 2026.*14:30\. .*\n12, rue X$/);
    expect((await sent()).at(-1)).toMatchObject({ type: 'message.send', data: { text: message?.text } });
    expect(await text()).toContain('Appointment: Wednesday, 25 November 2026 at 14:30 12, rue X');
    expect((await findCase(on.desk.keep, id))?.status).toBe('appointment');
  });

  it('that is agreed already sends nothing', async () => {
    expect((await act('appoint', form)).status).toBe(303);
    expect(await sent()).toEqual([]);
  });

  it('needs day and time together', async () => {
    expect((await act('appoint', { ...form, date: '2026-11-25' })).status).toBe(422);
    expect((await act('appoint', { ...form, place: 'Room 4' })).status).toBe(422);
  });
});

describe('a return request after a talk', () => {
  const read = { language: 'fr', interpreter: 'yes', agreed: 'yes' };

  it('needs the consent read and agreed to; then the same request is a return request', async () => {
    await arrive({ kind: 'talk' });
    expect(await text()).toContain('Before you decide (fr)');
    expect((await act('return', { ...read, agreed: '' })).status).toBe(422);
    expect((await act('return', { ...read, language: 'xx' })).status).toBe(422);
    expect((await act('return', read)).status).toBe(303);
    expect(await findCase(on.desk.keep, id)).toMatchObject({ kind: 'return', ref: '7K4-2PD', status: 'claimed', claimedBy: 'a_amina' });
    expect((await content())?.consent).toMatchObject({ kind: 'return', version: 7, language: 'fr', hash: '7e7e7e7e7e7e' });
    expect(await text()).toContain('Read together with you in French');
    expect(await text()).not.toContain('Nothing about safety is known.');
    await on.hook(said(id, 2, 'Merci'));
    expect(await text()).toContain('Merci');
  });

  it('is not offered for protection, and cannot be forced', async () => {
    const { cookie: both } = await on.signedIn('Both', ['caseworker', 'protection']);
    await on.hook(opened(id, { kind: 'protection' }));
    await act('claim', {}, both);
    expect(await text(both)).not.toContain('Open a return request');
    expect((await act('return', read, both)).status).toBe(409);
  });
});

describe('a restricted note', () => {
  it('is for its author and protection staff; nobody else learns that there is one', async () => {
    await arrive();
    await act('note', { text: 'told me of a threat', once: 'aaaaaaaa', restricted: 'yes' });
    await act('note', { text: 'prefers evenings', once: 'bbbbbbbb' });
    const { cookie: boris } = await on.signedIn('Boris', ['caseworker', 'supervisor']);
    const { cookie: both } = await on.signedIn('Both', ['caseworker', 'protection']);
    for (const reader of [cookie, both]) expect(await text(reader)).toContain('told me of a threat');
    const seen = await text(boris);
    expect(seen).toContain('prefers evenings');
    expect(seen).not.toMatch(/told me of a threat|Only for you and protection staff/);
    expect(JSON.stringify(await (await on.api('GET', `/cases/${id}`)).json())).not.toContain('threat');
  });
});

describe('handing over', () => {
  it('gives it to a colleague, and the history names both', async () => {
    await arrive();
    const { id: to, cookie: boris } = await on.signedIn('Boris', ['caseworker']);
    expect(await text()).toContain('Hand over to a colleague');
    expect((await act('assign', { to: 'a_nobody' })).status).toBe(422);
    expect((await act('assign', { to })).status).toBe(303);
    expect((await findCase(on.desk.keep, id))?.claimedBy).toBe(to);
    expect(await text(boris)).toContain('Amina: handed over (you)');
    expect((await act('reply', { text: 'x', once: 'aaaaaaaa' })).status).toBe(409);
  });

  it('by a supervisor works on what nobody holds yet', async () => {
    await on.hook(opened(id));
    const { cookie: chief } = await on.signedIn('Chief', ['supervisor']);
    expect((await act('assign', { to: 'a_amina' }, chief)).status).toBe(303);
    expect(await findCase(on.desk.keep, id)).toMatchObject({ status: 'claimed', claimedBy: 'a_amina' });
  });
});

describe('the consent beside the reply', () => {
  it('says its kind, language, time, what it covers, until when, and with whom it may be shared', async () => {
    await arrive();
    const seen = await text();
    for (const words of [
      'Use these answers and write to me about return.',
      'Read in French, 22 Nov 2026',
      'You may write until 20 Feb 2027',
      'Not agreed: sharing with any other organisation.',
      'The safety questions · needs (en) · missing (en)',
      'Text 9b1c04aa72fe',
    ])
      expect(seen).toContain(words);
  });
});
