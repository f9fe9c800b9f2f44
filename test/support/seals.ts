// What everything sealed goes through, with the keys of the cases in memory.
import type { Keep } from '../../src/store/keep.ts';
import { type KeyTables, openKeys, type Seals } from '../../src/store/keys.ts';
import { makeSeal } from '../../src/store/seal.ts';
import { sqliteDb } from '../../src/store/sqlite.ts';

/** Several keys: the first seals, all open. */
export const testSeals = (...keys: Buffer[]): Promise<Seals> =>
  openKeys(sqliteDb<KeyTables>(':memory:'), makeSeal(keys), () => Date.UTC(2026, 10, 24));

/** Events not yet delivered, opened. */
export async function queuedEvents(keep: Keep, seal: Seals) {
  const rows = await keep.selectFrom('outbox').selectAll().orderBy('seq').execute();
  return Promise.all(
    rows.map(async (row) => {
      const open = await seal.openFor(row.target === 'cases' ? 'bot' : 'desk', row.case_id);
      return JSON.parse(open(row.sealed, { table: 'outbox', row: row.id, field: 'sealed' }) ?? 'null');
    }),
  );
}
