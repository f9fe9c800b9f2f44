// The log shows what was done to it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendAudit, verifyAudit } from '../../src/store/audit.ts';
import type { Keep } from '../../src/store/keep.ts';
import { transact } from '../../src/store/transact.ts';
import { emptyKeep } from '../support/keeps.ts';

const key = Buffer.alloc(32, 2);
let keep: Keep;
beforeEach(async () => {
  keep = await emptyKeep();
  for (let at = 1; at <= 20; at += 1)
    await transact(keep, (tx) => appendAudit(tx, key, { actor: 'a_1', action: 'case.read', subject: `c_${at}`, detail: '' }, at));
});
afterEach(() => keep.destroy());
const check = () => verifyAudit(keep, key);

describe('the log', () => {
  it('is whole when nobody touched it', async () => {
    expect(await check()).toMatchObject({ ok: true, head: { seq: 20 } });
  });

  it('is whole after many at once wrote in it', async () => {
    const entry = { actor: 'a_2', action: 'case.claimed', subject: 'c_1', detail: '' };
    await Promise.all(Array.from({ length: 50 }, () => transact(keep, (tx) => appendAudit(tx, key, entry, 99))));
    expect(await check()).toMatchObject({ ok: true, head: { seq: 70 } });
  });

  it.for<[string, Record<string, string | number>]>([
    ['who', { actor: 'a_9' }],
    ['what', { action: 'case.claimed' }],
    ['about whom', { subject: 'c_9' }],
    ['when', { at: 999 }],
    ['a detail', { detail: 'x' }],
    ['its seal', { mac: 'ff' }],
    ['the link to the row before', { prev: 'ff' }],
  ])('names the first row in which somebody changed %s', async ([, change]) => {
    await keep.updateTable('audit').set(change).where('seq', '=', 7).execute();
    expect(await check()).toEqual({ ok: false, seq: 7 });
  });

  it('names the row that was taken out', async () => {
    await keep.deleteFrom('audit').where('seq', '=', 7).execute();
    expect(await check()).toEqual({ ok: false, seq: 7 });
  });

  it('shows a cut tail to whoever kept its head', async () => {
    const whole = await check();
    if (!whole.ok) throw new Error('broken');
    await keep.deleteFrom('audit').where('seq', '>', 15).execute();
    expect(await check()).toMatchObject({ ok: true, head: { seq: 15 } });
    expect(await verifyAudit(keep, key, whole.head)).toEqual({ ok: false, seq: 16 });
  });

  it('cannot be written again without the key', async () => {
    expect(await verifyAudit(keep, Buffer.alloc(32, 3))).toEqual({ ok: false, seq: 1 });
  });

  it('keeps no row of what did not happen', async () => {
    const failing = transact(keep, async (tx) => {
      await appendAudit(tx, key, { actor: 'a_1', action: 'case.closed', subject: 'c_1', detail: 'done' }, 30);
      throw new Error('the change failed');
    });
    await expect(failing).rejects.toThrow();
    expect(await check()).toMatchObject({ ok: true, head: { seq: 20 } });
  });
});
