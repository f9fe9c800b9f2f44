// What texts promise about time is kept without anybody at the desk doing anything.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeCase } from '../../src/desk/act.ts';
import { finishErasures, keeper } from '../../src/desk/erase.ts';
import { sweep } from '../../src/desk/sweep.ts';
import { findCase, findContent } from '../../src/store/cases.ts';
import { dropSpareKeys } from '../../src/store/erase.ts';
import { delivered, forgetHandled } from '../../src/store/outbox.ts';
import { transcriptOf } from '../../src/store/transcript.ts';
import { opened, said, startDesk, type TestDesk } from '../support/desk.ts';
import { queuedEvents } from '../support/seals.ts';

const day = 86_400_000;
const days = { contact: 14, unclaimed: 30, idle: 90, closed: 0, keeps: {} };
const id = 'c_8f31';
let on: TestDesk;
beforeEach(async () => {
  on = await startDesk();
});
afterEach(() => on.stop());

const queued = () => queuedEvents(on.desk.keep, on.desk.seal);
const content = (of = id) => findContent(on.desk.keep, on.desk.seal, of);
const actions = async () => (await on.desk.keep.selectFrom('audit').selectAll().orderBy('seq').execute()).map((row) => row.action);

describe('a request nobody answered', () => {
  it('stays on the last day and is erased on the next, and the person is told before', async () => {
    await on.hook(opened(id));
    on.clock.now += 30 * day - 1000;
    expect(await sweep(on.desk, days)).toBe(0);
    on.clock.now += 1000;
    expect(await sweep(on.desk, days)).toBe(1);
    expect(await findCase(on.desk.keep, id)).toMatchObject({ status: 'erased', reasons: [], country: null });
    expect(await content()).toBeNull();
    expect(await on.desk.seal.lacking('desk', [id])).toEqual([id]);
    const events = await queued();
    expect(events.map((event) => event.type)).toEqual(['message.send', 'case.erased']);
    expect(events[0].data).toMatchObject({ case_id: id, notice: 'unanswered' });
    expect(events[1].data.seq).toBeGreaterThan(events[0].data.seq);
  });

  it('is ended once, however often it is looked for', async () => {
    await on.hook(opened(id));
    on.clock.now += 31 * day;
    await Promise.all([sweep(on.desk, days), sweep(on.desk, days)]);
    await sweep(on.desk, days);
    expect(await queued()).toHaveLength(2);
  });

  it.for(['talk', 'protection'])('for %s is ended after the days of that kind, even when it was claimed', async (kind) => {
    await on.hook(opened(id, { kind }));
    await on.desk.keep.updateTable('cases').set({ status: 'claimed', claimed_by: 'a_1' }).execute();
    on.clock.now += 14 * day - 1;
    expect(await sweep(on.desk, days)).toBe(0);
    on.clock.now += 1;
    expect(await sweep(on.desk, days)).toBe(1);
    expect(await findCase(on.desk.keep, id)).toMatchObject({ status: 'erased' });
  });

  it('warns the desk after a day, once, and never names a protection request', async () => {
    await on.hook(opened(id));
    await on.hook(opened('c_9f32', { kind: 'protection', ref: 'AAA-AAA' }));
    const warned = () => on.lines.filter((line) => line.includes('desk.unclaimed'));
    on.clock.now += day - 1;
    await sweep(on.desk, days);
    expect(warned()).toEqual([]);
    on.clock.now += 1;
    await sweep(on.desk, days);
    await sweep(on.desk, days);
    expect(warned()).toHaveLength(1);
    expect(warned()[0]).toContain(id);
    const { cookie } = await on.signedIn('Amina', ['caseworker']);
    expect(await (await on.get('/desk', cookie)).text()).toContain('Unclaimed for more than a day');
  });
});

describe('a claimed request in which nothing happens', () => {
  it('is closed as without contact after its days, and the bot is told', async () => {
    await on.hook(opened(id));
    await on.desk.keep.updateTable('cases').set({ status: 'waiting_person', claimed_by: 'a_1' }).execute();
    on.clock.now += 90 * day - 1;
    expect(await sweep(on.desk, days)).toBe(0);
    on.clock.now += 1;
    expect(await sweep(on.desk, days)).toBe(1);
    expect(await findCase(on.desk.keep, id)).toMatchObject({ status: 'closed', closedReason: 'no-contact' });
    expect(await content()).toBeNull();
    expect((await queued()).map((event) => event.type)).toEqual(['case.closed']);
  });

  it('is kept as long as the person writes', async () => {
    await on.hook(opened(id));
    await on.desk.keep.updateTable('cases').set({ status: 'claimed', claimed_by: 'a_1' }).execute();
    on.clock.now += 80 * day;
    await on.hook(said(id, 2, 'I am still here', {}, on.clock.now));
    on.clock.now += 89 * day;
    expect(await sweep(on.desk, days)).toBe(0);
  });
});

describe('a single answer', () => {
  const keeps = { needs: 30, missing: 7 };
  it('goes as well when it was told to a caseworker, and a telephone number can be found no longer', async () => {
    await on.hook(opened(id, { answers: { needs: ['none'], missing: ['sleep'], number: '+375291234567' } }));
    const { cookie } = await on.signedIn('Amina', ['caseworker']);
    await on.post(`/desk/cases/${id}/claim`, cookie);
    await on.post(`/desk/cases/${id}/heard`, cookie, { seen: '0', 'others-read': 'yes', missing: 'food' });
    on.clock.now += 7 * day;
    await sweep(on.desk, { ...days, keeps: { ...keeps, number: 7 } });
    expect(await content()).toMatchObject({ answers: { needs: ['none'] }, heard: { answers: { 'others-read': 'yes' } } });
    expect((await content())?.heard?.answers).not.toHaveProperty('missing');
    expect(await on.desk.keep.selectFrom('cases').select('phone').executeTakeFirst()).toEqual({ phone: null });
  });

  it('goes when its own days since the last contact are over, and the others stay', async () => {
    await on.hook(opened(id));
    on.clock.now += 5 * day;
    await on.hook(said(id, 2, 'words', {}, on.clock.now));
    on.clock.now += 7 * day - 1;
    await sweep(on.desk, { ...days, keeps });
    expect((await content())?.answers).toHaveProperty('missing');
    on.clock.now += 1;
    await sweep(on.desk, { ...days, keeps });
    expect((await content())?.answers).not.toHaveProperty('missing');
    expect((await content())?.answers).toMatchObject({ needs: ['baby'], 'gate/age': 'adult' });
    expect(await actions()).toContain('answers.dropped');
  });
});

describe('a request that was closed', () => {
  it('with content kept for a while loses it when that time is over', async () => {
    await on.stop();
    on = await startDesk({ retention: { ...days, closed: 7 } });
    await on.hook(opened(id));
    await on.desk.keep.updateTable('cases').set({ status: 'closed', closed_at: on.clock.now }).execute();
    on.clock.now += 7 * day;
    expect(await content()).not.toBeNull();
    await sweep(on.desk, { ...days, closed: 7 });
    expect(await content()).toBeNull();
  });

  it('loses its key as soon as nothing is left to be sent', async () => {
    await on.hook(opened(id));
    await closeCase(on.desk, id, keeper('operator'), 'done');
    const soon = Date.now() + 2 * 3_600_000;
    expect(await dropSpareKeys(on.desk.keep, on.desk.seal, 'desk', soon)).toBe(0);
    for (const { id: event } of await on.desk.keep.selectFrom('outbox').select('id').execute()) await delivered(on.desk.keep, [event]);
    expect(await dropSpareKeys(on.desk.keep, on.desk.seal, 'desk', soon)).toBe(1);
    expect(await on.desk.seal.lacking('desk', [id])).toEqual([id]);
  });

  it('leaves no mark after a year', async () => {
    await on.hook(opened(id));
    await on.hook(said(id, 2, 'words'));
    await closeCase(on.desk, id, keeper('operator'), 'done');
    on.clock.now += 365 * day - 1;
    await sweep(on.desk, days);
    expect(await findCase(on.desk.keep, id)).not.toBeNull();
    on.clock.now += 1;
    await sweep(on.desk, days);
    expect(await findCase(on.desk.keep, id)).toBeNull();
    expect(await transcriptOf(on.desk.keep, on.desk.seal, id)).toEqual([]);
    expect(await actions()).toContain('case.unrecorded');
  });
});

describe('the key of a request under way', () => {
  it('is never dropped as a spare one', async () => {
    await on.hook(opened(id));
    expect(await dropSpareKeys(on.desk.keep, on.desk.seal, 'desk', Date.now() + 400 * day)).toBe(0);
    expect(await content()).not.toBeNull();
  });
});

describe('ids of events that were handled', () => {
  it('are remembered for more than a week and forgotten at last', async () => {
    await on.hook(opened(id));
    const count = async () => (await on.desk.keep.selectFrom('handled').select('id').execute()).length;
    const before = await count();
    await forgetHandled(on.desk.keep, on.clock.now + 8 * day);
    expect(await count()).toBe(before);
    await forgetHandled(on.desk.keep, on.clock.now + 36 * day);
    expect(await count()).toBe(0);
  });
});

describe('an erasure that was killed in the middle', () => {
  it('after the key was destroyed: the words are gone already, and the rows go at the next start', async () => {
    await on.hook(opened(id));
    await on.hook(said(id, 2, 'words'));
    await on.desk.seal.erase('desk', id, on.clock.now);
    expect(await content()).toBeNull();
    expect(await transcriptOf(on.desk.keep, on.desk.seal, id)).toMatchObject([{ text: null }]);
    const { cookie } = await on.signedIn('Amina', ['caseworker']);
    expect((await on.get(`/desk/cases/${id}`, cookie)).status).toBe(200);
    expect(await finishErasures(on.desk)).toBe(1);
    expect(await findCase(on.desk.keep, id)).toMatchObject({ status: 'erased', reasons: [] });
    expect(await transcriptOf(on.desk.keep, on.desk.seal, id)).toEqual([]);
    expect((await queued()).map((event) => event.type)).toEqual(['case.erased']);
    expect(await finishErasures(on.desk)).toBe(0);
  });
});
