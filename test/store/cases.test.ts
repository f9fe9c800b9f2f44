// Requests in the store: the order in which they are read, who gets one, and what is left of one.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Case, type Content, kinds, levels, openCase } from '../../src/case/case.ts';
import * as cases from '../../src/store/cases.ts';
import type { Keep } from '../../src/store/keep.ts';
import { transact } from '../../src/store/transact.ts';
import { addMessage, addNote, notesOf, transcriptOf } from '../../src/store/transcript.ts';
import { emptyKeep } from '../support/keeps.ts';
import { testSeals } from '../support/seals.ts';

const seal = await testSeals(Buffer.alloc(32, 1));
let keep: Keep;
beforeEach(async () => {
  keep = await emptyKeep();
});
afterEach(() => keep.destroy());

function fresh(id: string, change: Partial<Case> = {}): { kase: Case; content: Content } {
  const kind = change.kind ?? 'return';
  const consent = {
    kind,
    field: `agree-${kind}`,
    version: 5,
    language: 'fr',
    hash: '9b1c04aa72fe',
    at: '2026-11-22T01:19:41Z',
    covers: [],
  };
  const answers = kind === 'return' ? { needs: ['baby'], number: '+375 29 canary' } : {};
  const opening = openCase(
    { case_id: id, ref: '7K4-2PD', seq: 1, kind, channel: 'web', language: 'fr', country: 'by', consent, answers },
    1000,
  );
  if (!opening.ok) throw new Error(opening.code);
  return { kase: { ...opening.case, ...change }, content: opening.content };
}
const put = (id: string, change: Partial<Case> = {}) => {
  const { kase, content } = fresh(id, change);
  return transact(keep, (tx) => cases.insertCase(tx, seal, kase, content));
};

describe('a request', () => {
  it('comes back as it was stored, and a second time it changes nothing', async () => {
    expect(await put('c_1')).toBe(true);
    expect(await put('c_1', { level: 'urgent' })).toBe(false);
    expect(await cases.findCase(keep, 'c_1')).toEqual(fresh('c_1').kase);
    expect(await cases.findContent(keep, seal, 'c_1')).toEqual(fresh('c_1').content);
  });

  it('holds no answer in plain sight', async () => {
    await put('c_1');
    const row = JSON.stringify(await keep.selectFrom('cases').selectAll().execute());
    expect(row).not.toContain('canary');
    expect(row).not.toContain('needs');
  });

  it("does not open with another request's seal", async () => {
    await put('c_1');
    await put('c_2');
    const other = await keep.selectFrom('cases').select('sealed').where('id', '=', 'c_2').executeTakeFirstOrThrow();
    await keep.updateTable('cases').set({ sealed: other.sealed }).where('id', '=', 'c_1').execute();
    await expect(cases.findContent(keep, seal, 'c_1')).rejects.toThrow();
  });

  it('is taken by exactly one of a hundred', async () => {
    await put('c_1');
    const takes = await Promise.all(
      Array.from({ length: 100 }, (_, at) => transact(keep, (tx) => cases.takeCase(tx, 'c_1', { kinds: ['return'] }, `a_${at}`, null))),
    );
    expect(takes.filter((one) => one !== null)).toHaveLength(1);
    expect(await cases.findCase(keep, 'c_1')).toMatchObject({ status: 'claimed', version: 2 });
  });

  it('is not taken by somebody who may not see its kind', async () => {
    await put('c_1', { kind: 'protection' });
    expect(await transact(keep, (tx) => cases.takeCase(tx, 'c_1', { kinds: ['return', 'talk'] }, 'a_1', null))).toBeNull();
  });

  it('changed by another hand meanwhile is not overwritten', async () => {
    await put('c_1');
    const { kase } = fresh('c_1');
    const change = (to: Partial<Case>) => transact(keep, (tx) => cases.saveCase(tx, kase, { ...kase, ...to, version: 2 }));
    expect([await change({ level: 'high' }), await change({ level: 'normal' })]).toEqual([true, false]);
    expect((await cases.findCase(keep, 'c_1'))?.level).toBe('high');
  });

  it('that is purged keeps its mark alone', async () => {
    await put('c_1');
    await transact(keep, async (tx) => {
      await addMessage(tx, seal, { id: 'm_1', caseId: 'c_1', direction: 'in', urgent: false, text: 'words', at: 1 });
      await addNote(tx, seal, { id: 'n_1', caseId: 'c_1', author: 'a_1', text: 'noted', at: 1 });
      await cases.purgeCase(tx, 'c_1');
    });
    expect(await cases.findContent(keep, seal, 'c_1')).toBeNull();
    expect(await transcriptOf(keep, seal, 'c_1')).toMatchObject([{ text: null }]);
    expect(await notesOf(keep, seal, 'c_1')).toMatchObject([{ text: null }]);
    expect(await cases.findCase(keep, 'c_1')).toMatchObject({ ref: '7K4-2PD', kind: 'return', openedAt: 1000 });
  });
});

describe('the queue', () => {
  const one = fc.record({
    level: fc.constantFrom(...levels),
    waitingSince: fc.integer({ min: 1, max: 5 }),
    kind: fc.constantFrom(...kinds),
  });

  it('is read urgent first, then by the longest wait, and pages miss and repeat nobody', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 25 }), fc.integer({ min: 1, max: 7 }), async (all, size) => {
        await keep.deleteFrom('cases').execute();
        for (const [at, change] of all.entries()) await put(`c_${at}`, change);
        const seen: Case[] = [];
        for (let after: cases.QueueKey | null = null; ; ) {
          const rows: Case[] = await cases.listQueue(keep, { kinds: ['return', 'talk'] }, after, size);
          seen.push(...rows);
          const last = rows.at(-1);
          if (last === undefined) break;
          after = cases.keyOf(last);
        }
        const rank = (kase: Case) => [levels.indexOf(kase.level), kase.waitingSince, kase.id] as const;
        const wanted = all
          .map((change, at) => fresh(`c_${at}`, change).kase)
          .filter((kase) => kase.kind !== 'protection')
          .sort((a, b) => {
            const [x, y] = [rank(a), rank(b)];
            return x[0] - y[0] || x[1] - y[1] || (x[2] < y[2] ? -1 : 1);
          });
        expect(seen.map((kase) => kase.id)).toEqual(wanted.map((kase) => kase.id));
      }),
      { numRuns: 25 },
    );
  });

  it('counts no protection request', async () => {
    await put('c_1', { level: 'urgent', waitingSince: 50 });
    await put('c_2', { level: 'urgent', waitingSince: 10, kind: 'protection' });
    await put('c_3', { status: 'closed' });
    expect(await cases.queueFigures(keep)).toEqual({ open: 1, unclaimed: 1, oldestUrgent: 50 });
  });
});
