// Passing a request on, on the pages, in what the person is told and in what goes out. All of it by plain forms.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/case/case.ts';
import { claimCase, releaseCase } from '../../src/desk/act.ts';
import { takeOverReferral, turnBackReferral } from '../../src/desk/act-refer.ts';
import { insideTypes } from '../../src/handoff/outside.ts';
import { sign } from '../../src/handoff/sign.ts';
import { findCase, findContent } from '../../src/store/cases.ts';
import { readFeed } from '../../src/store/feed.ts';
import { addPartner } from '../../src/store/partners.ts';
import { setOffices } from '../../src/store/people.ts';
import { transact } from '../../src/store/transact.ts';
import { opened, startDesk, type TestDesk, told } from '../support/desk.ts';
import { register } from '../support/outside.ts';
import { until } from '../support/product.ts';
import { queuedEvents } from '../support/seals.ts';

const id = 'c_8f31';
let on: TestDesk;
let amina = '';
let greek = '';
let elsewhere = '';

async function signedInAt(name: string, office: string) {
  const { id: account, cookie } = await on.signedIn(name, ['caseworker']);
  await transact(on.desk.keep, (tx) => setOffices(tx, account, [office]));
  return cookie;
}
beforeEach(async () => {
  on = await startDesk();
  amina = await signedInAt('Amina', 'minsk');
  elsewhere = await signedInAt('Boris', 'minsk');
});
afterEach(() => on.stop());

const act = (verb: string, form: Record<string, string> = {}, as = amina) => on.post(`/desk/cases/${id}/${verb}`, as, form);
const page = async (as = amina) => {
  const answer = await on.get(`/desk/cases/${id}`, as);
  return answer.status === 200 ? await answer.text() : String(answer.status);
};
const kase = async () => findCase(on.desk.keep, id);
const texts = async () =>
  (await queuedEvents(on.desk.keep, on.desk.seal)).flatMap(({ type, data }) => (type === 'message.send' ? [data.text] : []));
const arrive = async (change: Record<string, unknown> = {}) => {
  await on.hook(opened(id, change));
  await act('claim');
};
const answer = (agreed: boolean, seq: number) =>
  on.hook(told('consent.answered', id, seq, { organisation: 'unhcr', agreed, version: 1, language: 'fr', hash: '04aa72fe9b1c' }));
const agree = async () => {
  await act('share', { name: 'UNHCR' });
  await answer(true, 2);
};

describe('to another office', () => {
  beforeEach(async () => {
    greek = await signedInAt('Eleni', 'gr');
    await arrive();
  });

  it('a request is offered, seen there, taken there, and the person is told once', async () => {
    expect(await page(greek)).toBe('404');
    expect(await page()).toContain('<option value="office gr">Greece</option>');
    expect((await act('refer', { to: 'office gr' })).status).toBe(303);
    expect(await texts(), 'nothing has changed for the person yet').toEqual([]);
    expect(await page()).toMatch(/Offered to Greece[\s\S]*Until they take it, it is with you\.[\s\S]*Take the offer back/);
    expect(await (await on.get('/desk', greek)).text()).toMatch(new RegExp(`data-case="${id}"[\\s\\S]*answer within`));
    expect(await page(greek)).toMatch(/Take it over[\s\S]*Not for us/);
    expect((await act('take', {}, greek)).status).toBe(303);
    expect(await kase()).toMatchObject({ status: 'new', office: 'gr', claimedBy: null, referral: null });
    expect(await texts()).toEqual([expect.stringContaining('Grèce')]);
    expect(await page()).toBe('404');
    expect(await page(greek)).toContain('taken by others (Greece)');
  });

  it('declined there or taken back it is with whoever held it', async () => {
    await act('refer', { to: 'office gr' });
    expect((await act('turn-back', {}, elsewhere)).status).toBe(409);
    expect((await act('turn-back', {}, greek)).status).toBe(303);
    expect(await kase()).toMatchObject({ status: 'claimed', claimedBy: 'a_amina', office: 'minsk' });
    await act('refer', { to: 'office gr' });
    expect((await act('turn-back')).status).toBe(303);
    expect(await page()).toMatch(/offer declined[\s\S]*offer taken back/);
    expect(await texts()).toEqual([]);
  });

  it('where nobody could open it, or that is none, nothing is offered', async () => {
    await on.desk.keep.updateTable('accounts').set({ disabled_at: 1 }).where('id', '=', 'a_eleni').execute();
    expect(await page()).not.toContain('office gr');
    for (const to of ['office gr', 'office minsk', 'office atlantis', '', 'organisation unhcr'])
      expect((await act('refer', { to })).status, to).toBeGreaterThanOrEqual(409);
    expect((await kase())?.status).toBe('claimed');
  });

  it('says nothing to a phone that others read', async () => {
    await act('heard', { seen: '0', 'others-read': 'yes' });
    await act('refer', { to: 'office gr' });
    await act('take', {}, greek);
    expect(await texts()).toEqual([]);
  });
});

describe('to an organisation', () => {
  it('is not offered before the person agreed, and then by name, and the person is told', async () => {
    await arrive();
    expect(await page()).toContain('first ask the person about sharing');
    expect((await act('refer', { to: 'organisation unhcr' })).status).toBe(409);
    await agree();
    expect(await page()).toContain('<option value="organisation unhcr">UNHCR</option>');
    expect((await act('refer', { to: 'organisation unhcr' })).status).toBe(303);
    expect(await texts()).toEqual([expect.stringMatching(/^Comme vous l’avez accepté, nous transmettons votre demande à UNHCR\./)]);
    expect((await act('take', {}, elsewhere)).status).toBe(409);
    expect((await act('take')).status).toBe(303);
    expect(await kase()).toMatchObject({ status: 'claimed', claimedBy: 'a_amina' });
    expect(await page()).toContain('UNHCR has taken this on');
    const rows = await on.desk.keep.selectFrom('audit').selectAll().execute();
    expect(JSON.stringify(rows), 'its name is in no log').not.toMatch(/unhcr/i);
    expect(on.lines.join()).not.toMatch(/unhcr/i);
  });

  it('ends at once when the person says no after all', async () => {
    await arrive();
    await agree();
    await act('refer', { to: 'organisation unhcr' });
    await answer(false, 3);
    expect(await kase()).toMatchObject({ status: 'claimed', claimedBy: 'a_amina', referral: null });
    expect(await findContent(on.desk.keep, on.desk.seal, id)).not.toHaveProperty('referral');
    expect((await act('refer', { to: 'organisation unhcr' })).status).toBe(409);
  });

  it('names it to nobody who reads the phone with the person', async () => {
    await arrive();
    await agree();
    await act('heard', { seen: '0', 'others-read': 'yes' });
    expect(await page()).toContain('Others read this phone, so nothing is sent.');
    await act('refer', { to: 'organisation unhcr' });
    expect(await texts()).toEqual([]);
    expect((await kase())?.status).toBe('transferred');
  });

  it('with a system of its own is told, and takes it or gives it back there; others with a yes learn not to whom', async () => {
    const theirs = await register(on, { organisation: 'unhcr', accepts: [...insideTypes] });
    const other = await register(on, { organisation: 'red-cross', accepts: [...insideTypes] });
    const own = await register(on, {});
    await arrive();
    await agree();
    await act('share', { name: 'Red Cross' });
    await on.hook(
      told('consent.answered', id, 3, { organisation: 'red-cross', agreed: true, version: 1, language: 'fr', hash: '04aa72fe9b1c' }),
    );
    let seq = 0;
    const say = async (from: { id: string; secret: string }, type: string, more: object = {}) => {
      seq += 1;
      const body = JSON.stringify({
        type,
        timestamp: new Date(on.clock.now).toISOString(),
        version: 1,
        data: { case_id: id, seq, ...more },
      });
      const headers = { ...sign([from.secret], `evt_${seq}`, Buffer.from(body), on.clock.now), 'content-type': 'application/json' };
      const { status } = await fetch(`${on.base}/hooks/in/${from.id}`, { method: 'POST', body, headers });
      const waiting = () => on.desk.keep.selectFrom('received').select('id').where('state', '=', 'new').execute();
      await until(async () => (await waiting()).length === 0, 'what was taken is done');
      return status;
    };
    await act('refer', { to: 'organisation unhcr' });
    await say(other, 'case.claimed');
    expect((await kase())?.status, 'it is on offer to somebody else').toBe('transferred');
    await say(theirs, 'case.status_changed', { status: 'new' });
    expect(await kase()).toMatchObject({ status: 'claimed', claimedBy: 'a_amina' });
    await act('refer', { to: 'organisation unhcr' });
    await say(theirs, 'case.claimed');
    expect(await kase()).toMatchObject({ status: 'claimed', claimedBy: theirs.id });
    const heard = async (endpoint: string) => {
      const { events } = await readFeed(on.desk.keep, on.desk.seal, endpoint, { after: 0, limit: 100, protection: false });
      return events.map(({ body }) => JSON.parse(body)).flatMap(({ type, data }) => (type === 'case.transferred' ? [data] : []));
    };
    for (const endpoint of [theirs.id, own.id])
      expect(await heard(endpoint)).toMatchObject([{ organisation: 'unhcr', status: 'transferred' }, { organisation: 'unhcr' }]);
    const seen = await heard(other.id);
    expect(seen).toHaveLength(2);
    for (const data of seen) expect(JSON.stringify(data)).not.toContain('unhcr');
  });
});

describe('an answer of their system that is done twice, because a kill came before it was noted as done', () => {
  const theirs: Actor = { id: 'e_1', by: 'staff', roles: ['caseworker'], bound: false };
  const how = { version: null, once: { key: 'evt_1', body: '{}' } };
  beforeEach(async () => {
    await arrive();
    await agree();
    await act('refer', { to: 'organisation unhcr' });
  });

  it('declines once, and takes the request out of nobody’s hands', async () => {
    expect((await turnBackReferral(on.desk, id, theirs, how)).ok).toBe(true);
    await releaseCase(on.desk, id, theirs, how);
    expect(await kase()).toMatchObject({ status: 'claimed', claimedBy: 'a_amina' });
  });
  it('takes it once, and hears no refusal', async () => {
    expect((await takeOverReferral(on.desk, id, theirs, 'unhcr', how)).ok).toBe(true);
    expect((await claimCase(on.desk, id, theirs, how)).ok).toBe(true);
    expect(await kase()).toMatchObject({ status: 'claimed', claimedBy: 'e_1' });
  });
});

describe('a request that came by a partner’s link', () => {
  it('says by whose, where the person left it in, and in no list', async () => {
    await transact(on.desk.keep, (tx) => addPartner(tx, 'bcdfghjk', 'Example partner', 'a_1', null, on.clock.now));
    await arrive({ link: 'bcdfghjk' });
    expect(await page()).toContain('Came by the link of Example partner');
    expect(await (await on.get('/desk', amina)).text()).not.toContain('Example partner');
    await act('close', { reason: 'done' });
    expect(await page()).not.toContain('Example partner');
  });
  it('says nothing where there was none, or nobody knows it any more', async () => {
    await arrive({ link: 'zzzzzzzz' });
    expect(await page()).not.toContain('Came by the link');
  });
});
