// Who hears what of whom. A partner nobody named hears nothing; a protection request never leaves.
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eraseById, keeper } from '../../src/desk/erase.ts';
import { outsideEvent } from '../../src/handoff/outside.ts';
import { leaseFor, settle } from '../../src/store/deliveries.ts';
import { dropSpareKeys } from '../../src/store/erase.ts';
import { listDeliveries, readFeed } from '../../src/store/feed.ts';
import { opened, said, startDesk, type TestDesk, told } from '../support/desk.ts';
import { register } from '../support/outside.ts';

let on: TestDesk;
const id = 'c_8f31';
beforeEach(async () => {
  on = await startDesk({ publicUrl: 'https://desk.example.org' });
  on.desk.publicUrl = 'https://desk.example.org';
});
afterEach(() => on.stop());

/** What an endpoint was or is to be told, in order. */
async function heard(endpoint: string) {
  const { events } = await readFeed(on.desk.keep, on.desk.seal, endpoint, { after: 0, limit: 1000, protection: true });
  return events.map((one) => JSON.parse(one.body));
}
const types = async (endpoint: string) => (await heard(endpoint)).map((one) => one.type);
const yes = (organisation: string, seq: number, agreed = true) =>
  told('consent.answered', id, seq, { organisation, agreed, version: 1, language: 'fr', hash: '04aa72fe9b1c' });

describe('an endpoint of the own organisation', () => {
  it('hears the life of a request event by event, numbered, each as its schema says and without a word of anybody', async () => {
    const own = await register(on, { url: 'https://own.example.org/hook' });
    await on.hook(opened(id, { answers: { needs: ['none'], missing: ['nothing'] } }));
    await on.api('POST', `/cases/${id}/claim`);
    const { id: message } = (await (await on.api('POST', `/cases/${id}/reply`, { text: 'Canary words of staff' })).json()) as {
      id: string;
    };
    await on.hook(told('message.delivered', id, 2, { message_id: message, possible_repeat: false }));
    await on.hook(said(id, 3, 'Canary words of a person', { urgent: true }));
    await on.hook(told('followup.answered', id, 4, { answers: { settled: 'partly' } }));
    await on.api('POST', `/cases/${id}/note`, { text: 'Canary note' });
    await on.api('POST', `/cases/${id}/release`);
    const all = await heard(own.id);
    for (const event of all) outsideEvent.parse(event);
    expect(all.map((one) => [one.type, one.data.seq])).toEqual([
      ['case.opened', 1],
      ['case.claimed', 2],
      ['message.delivered', 3],
      ['case.status_changed', 4],
      ['message.received', 5],
      ['case.priority_changed', 6],
      ['case.status_changed', 7],
      ['case.updated', 8],
      ['case.status_changed', 9],
    ]);
    expect(JSON.stringify(all)).not.toContain('Canary');
    expect(JSON.stringify(all).length / all.length).toBeLessThan(1000);
    expect(all[4]?.data).toMatchObject({ message_id: `m_8f313`, urgent: true });
  });

  it('gets only what it wished for, and the end of a person’s data always', async () => {
    const own = await register(on, { types: ['case.closed'] });
    await on.hook(opened(id));
    await on.api('POST', `/cases/${id}/close`, { reason: 'done' });
    expect(await types(own.id)).toEqual(['case.closed']);
    await on.hook(told('case.erased', id, 2));
    expect(await types(own.id)).toEqual(['case.erased']);
  });
});

describe('a partner', () => {
  it('nobody named hears nothing', async () => {
    const partner = await register(on, { organisation: 'unhcr' });
    await on.hook(opened(id));
    await on.hook(said(id, 2, 'hello'));
    await on.hook(yes('redcross', 3));
    await on.hook(yes('unhcr', 4, false));
    await on.api('POST', `/cases/${id}/claim`);
    await on.api('POST', `/cases/${id}/close`, { reason: 'done' });
    await on.hook(told('case.erased', id, 5));
    expect(await types(partner.id)).toEqual([]);
  });

  it('hears from the Yes on, and of no other organisation', async () => {
    const partner = await register(on, { organisation: 'unhcr' });
    await on.hook(opened(id));
    await on.hook(yes('redcross', 2));
    await on.hook(yes('unhcr', 3));
    await on.api('POST', `/cases/${id}/claim`);
    const all = await heard(partner.id);
    expect(all.map((one) => [one.type, one.data.seq])).toEqual([
      ['consent.granted', 1],
      ['case.claimed', 2],
    ]);
    expect(all[0]?.data).toMatchObject({ organisation: 'unhcr', consent: { contact: true, share: ['unhcr'] } });
    expect(JSON.stringify(all)).not.toMatch(/redcross|details|answers/);
  });

  it('hears that the person said no, then nothing, and at last that they were erased', async () => {
    const partner = await register(on, { organisation: 'unhcr' });
    await on.hook(opened(id));
    await on.hook(yes('unhcr', 2));
    await on.hook(yes('unhcr', 3, false));
    await on.api('POST', `/cases/${id}/claim`);
    await on.hook(said(id, 4, 'hello'));
    expect(await types(partner.id)).toEqual(['consent.granted', 'consent.revoked']);
    await on.hook(told('case.erased', id, 5));
    const all = await heard(partner.id);
    expect(all.map((one) => one.type)).toEqual(['case.erased']);
    expect(Object.keys(all[0]?.data ?? {}).sort()).toEqual(['case_id', 'seq']);
  });

  it('hears that the person took it back, although the content is gone by then', async () => {
    const partner = await register(on, { organisation: 'unhcr' });
    await on.hook(opened(id));
    await on.hook(yes('unhcr', 2));
    await on.hook(told('case.withdrawn', id, 3));
    expect(await types(partner.id)).toEqual(['case.withdrawn']);
  });

  it('with full payload gets coded answers and their words, never a telephone number', async () => {
    const partner = await register(on, { organisation: 'unhcr', payload: 'full', language: 'fr' });
    const own = await register(on, { payload: 'full' });
    await on.hook(opened(id, { answers: { needs: ['baby'], reach: 'call', number: '+375290000000' } }));
    await on.hook(yes('unhcr', 2));
    const [granted] = await heard(partner.id);
    outsideEvent.parse(granted);
    expect(granted?.data.details).toMatchObject({
      answers: { needs: ['baby'], number: 'given' },
      words: [{ question: 'needs (fr)', answer: 'baby' }, { question: 'reach (fr)' }, { answer: 'donné' }],
      consent: { kind: 'return', hash: '9b1c04aa72fe' },
    });
    const everything = JSON.stringify([granted, await heard(own.id)]);
    expect(everything).not.toContain('+375');
    // To the own organisation nothing full: it has the desk, where each look is written down.
    expect(JSON.stringify(await heard(own.id))).not.toContain('details');
  });

  it('loses what it was told in full as soon as the request is closed, except what it still waits for', async () => {
    const partner = await register(on, { organisation: 'unhcr', payload: 'full', url: 'https://u.example.org/' });
    await on.hook(opened(id));
    await on.hook(yes('unhcr', 2));
    await on.desk.keep.updateTable('deliveries').set({ state: 'delivered' }).execute();
    await on.api('POST', `/cases/${id}/claim`);
    await on.api('POST', `/cases/${id}/close`, { reason: 'done' });
    expect(await types(partner.id)).toEqual(['case.claimed', 'case.closed']);
    const brief = await on.desk.keep
      .selectFrom('deliveries')
      .select(['type', 'brief'])
      .where('endpoint', '=', partner.id)
      .orderBy('pos')
      .execute();
    expect(brief).toEqual([
      { type: 'case.claimed', brief: 1 },
      { type: 'case.closed', brief: 0 },
    ]);
  });
});

describe('a protection request', () => {
  it('is told to nobody without that scope, and to no partner with it', async () => {
    const own = await register(on);
    const shielded = await register(on, { protection: true });
    const partner = await register(on, { organisation: 'unhcr', protection: true });
    await on.hook(opened(id, { kind: 'protection', ref: 'CAN-ARY' }));
    await on.hook(yes('unhcr', 2));
    await on.hook(said(id, 3, 'words'));
    await on.hook(told('case.erased', id, 4));
    expect([await types(own.id), await types(partner.id)]).toEqual([[], []]);
    expect(await types(shielded.id)).toEqual(['case.erased']);
  });
});

describe('what is written', () => {
  it('is sealed in the store, and not written for a change that was refused', async () => {
    const own = await register(on);
    await on.hook(opened(id));
    expect(JSON.stringify(await on.desk.keep.selectFrom('deliveries').selectAll().execute())).not.toContain('7K4-2PD');
    const before = (await types(own.id)).length;
    expect((await on.api('POST', `/cases/${id}/claim`, undefined, { 'if-match': '99' })).status).toBe(412);
    expect(await types(own.id)).toHaveLength(before);
  });
});

describe('the key of a request', () => {
  const dayLater = () => Date.UTC(2026, 10, 26);

  it('stays while an endpoint still waits for something it seals, and goes afterwards', async () => {
    const own = await register(on, { url: 'https://own.example.org/' });
    await on.hook(opened(id));
    await on.api('POST', `/cases/${id}/close`, { reason: 'done' });
    await dropSpareKeys(on.desk.keep, on.desk.seal, 'desk', dayLater());
    expect(await types(own.id)).toEqual(['case.opened', 'case.closed']);
    const told = (await listDeliveries(on.desk.keep, own.id, null, 10)).map(({ pos }) => ({ pos, status: 202, attempts: 1 }));
    await settle(on.desk.keep, told, on.clock.now);
    await on.desk.keep.deleteFrom('outbox').execute();
    expect(await dropSpareKeys(on.desk.keep, on.desk.seal, 'desk', dayLater())).toBe(1);
    expect(await types(own.id)).toEqual(['case.closed']);
  });

  it('destroyed by an erasure takes along what an older backup brings back', async () => {
    const own = await register(on, { url: 'https://own.example.org/' });
    await on.hook(opened(id));
    const before = await on.desk.keep.selectFrom('deliveries').selectAll().execute();
    expect(await eraseById(on.desk, id, keeper('operator'), 'by hand')).toBe(true);
    expect(await types(own.id)).toEqual(['case.erased']);
    await on.desk.keep.insertInto('deliveries').values(before).execute();
    expect(await types(own.id)).toEqual(['case.erased']);
    const leased = await leaseFor(on.desk.keep, on.desk.seal, own.id, { now: on.clock.now, leaseMs: 1, limit: 9, probe: false });
    expect(leased.map((one) => one.type)).not.toContain('case.opened');
  });
});

describe('the golden events', () => {
  const golden: Record<string, unknown>[] = JSON.parse(readFileSync('test/data/events.json', 'utf8'));

  it('have one for each type and fit today’s schemas, for a schema only grows', () => {
    for (const event of golden) expect(outsideEvent.parse(event)).toEqual(event);
    expect(golden.map((one) => one['type']).sort()).toEqual(outsideEvent.options.map((one) => one.shape.type.value).sort());
  });

  it('are what is sent', async () => {
    const own = await register(on);
    const partner = await register(on, { organisation: 'unhcr', payload: 'full' });
    await on.hook(opened(id));
    await on.hook(yes('unhcr', 2));
    const sent = [...(await heard(own.id)), ...(await heard(partner.id))];
    const form = (event: unknown) => JSON.stringify(event).replace(/"seq":\d+/g, '"seq":0');
    for (const type of ['case.opened', 'consent.granted'])
      expect(sent.filter((one) => one.type === type).map(form)).toContain(form(golden.find((one) => one['type'] === type)));
  });
});
