// What an older version stored keeps its place in the queue when the place becomes a column.
import { expect, it } from 'vitest';
import { keyOf, listQueue } from '../../src/store/cases.ts';
import { migrations, openKeep } from '../../src/store/keep.ts';
import { migrate } from '../../src/store/migrate.ts';
import { emptyStore } from '../support/keeps.ts';

it('requests of an older version stand where they stood: set levels count, and what has ended is not among them', async () => {
  const where = await emptyStore();
  const { '8-referral': _, ...older } = migrations;
  const before = await openKeep(where, () => {}, older);
  const rows = [
    ['c_normal', 'normal', null, 'new'],
    ['c_high', 'high', null, 'claimed'],
    ['c_urgent', 'urgent', null, 'waiting_us'],
    ['c_raised', 'normal', 'urgent', 'new'],
    ['c_ended', 'urgent', null, 'closed'],
  ] as const;
  for (const [id, level, set_level, status] of rows)
    await before
      .insertInto('cases')
      .values({
        ...{ id, level, set_level, status, ref: id, kind: 'return', version: 1, reasons: '[]', channel: 'web', language: 'fr' },
        ...{ country: null, office: null, set_why: set_level && 'other', set_by: set_level && 'a_1', phone: null, sealed: '' },
        ...{ opened_at: 1, waiting_since: 1, claimed_by: null, closed_reason: null, closed_at: null, seq_in: 1, seq_out: 0 },
        ...{ alike: null, flood: null },
      } as never)
      .execute();
  await migrate(before, migrations);
  const open = await listQueue(before, { kinds: ['return'] }, null, 10);
  expect(open.map(({ id }) => id)).toEqual(['c_raised', 'c_urgent', 'c_high', 'c_normal']);
  const [first] = open;
  if (first === undefined) throw new Error('nothing');
  expect((await listQueue(before, { kinds: ['return'] }, keyOf(first), 10)).map(({ id }) => id)).toEqual([
    'c_urgent',
    'c_high',
    'c_normal',
  ]);
  expect((await listQueue(before, { kinds: ['return'], statuses: ['closed'] }, null, 10)).map(({ id }) => id)).toEqual(['c_ended']);
  expect((await listQueue(before, { kinds: ['return'], level: 'urgent' }, null, 10)).map(({ id }) => id)).toEqual(['c_raised', 'c_urgent']);
  await before.destroy();
});
