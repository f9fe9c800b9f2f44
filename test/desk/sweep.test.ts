// What texts promise about time is kept without anybody at the desk doing anything.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sweep } from '../../src/desk/sweep.ts';
import { findCase, findContent } from '../../src/store/cases.ts';
import { opened, startDesk, type TestDesk } from '../support/desk.ts';
import { queuedEvents } from '../support/seals.ts';

const day = 86_400_000;
const days = { contact: 14, unclaimed: 30, idle: 90, closed: 0 };
const id = 'c_8f31';
let on: TestDesk;
beforeEach(async () => {
  on = await startDesk();
});
afterEach(() => on.stop());

const queued = () => queuedEvents(on.desk.keep, on.desk.seal);

describe('a request nobody answered', () => {
  it('stays on the last day and is erased on the next, and the person is told before', async () => {
    await on.hook(opened(id));
    on.clock.now += 30 * day - 1000;
    expect(await sweep(on.desk, days)).toBe(0);
    on.clock.now += 1000;
    expect(await sweep(on.desk, days)).toBe(1);
    expect(await findCase(on.desk.keep, id)).toMatchObject({ status: 'erased', reasons: [], country: null });
    expect(await findContent(on.desk.keep, on.desk.seal, id)).toBeNull();
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
});

describe('a request that was closed, with content kept for a while', () => {
  it('loses its content when that time is over', async () => {
    await on.stop();
    on = await startDesk({ closedDays: 7 });
    await on.hook(opened(id));
    await on.desk.keep.updateTable('cases').set({ status: 'closed', closed_at: on.clock.now }).execute();
    on.clock.now += 7 * day;
    expect(await findContent(on.desk.keep, on.desk.seal, id)).not.toBeNull();
    await sweep(on.desk, { ...days, closed: 7 });
    expect(await findContent(on.desk.keep, on.desk.seal, id)).toBeNull();
  });
});
