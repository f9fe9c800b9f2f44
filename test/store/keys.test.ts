// The key of a case: whoever has it can read the case, and once it is destroyed nobody can.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { KeyGone, type KeyTables, openKeys, type Seals } from '../../src/store/keys.ts';
import { makeSeal } from '../../src/store/seal.ts';
import { sqliteDb, truncateLog } from '../../src/store/sqlite.ts';
import { dataFolder } from '../support/product.ts';
import { testSeals } from '../support/seals.ts';

const [old, fresh] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const place = { table: 'cases', row: 'c_1', field: 'sealed' };

/** Keys in a file of their own; `all` is everything that file and its log hold. */
async function inFile(...keys: Buffer[]) {
  const folder = dataFolder();
  onTestFinished(folder.remove);
  const path = join(folder.path, 'keys.sqlite');
  const open = async (...ring: Buffer[]) => {
    const db = sqliteDb<KeyTables>(path);
    return {
      db,
      seals: await openKeys(
        db,
        makeSeal(ring),
        () => 5,
        () => truncateLog(db),
      ),
    };
  };
  const all = () => readFileSync(path, 'latin1') + readFileSync(`${path}-wal`, 'latin1');
  return { ...(await open(...keys)), open, all };
}

const read = async (seals: Seals, sealed: string, caseId = 'c_1') => (await seals.openFor('desk', caseId))(sealed, place);

describe('a value of a case', () => {
  it('opens with the key of its case, on its side, and with no other', async () => {
    const seals = await testSeals(old);
    const sealed = (await seals.sealFor('desk', 'c_1')).seal('words', place);
    expect(await read(seals, sealed)).toBe('words');
    await seals.sealFor('desk', 'c_2');
    await seals.sealFor('bot', 'c_1');
    await expect(read(seals, sealed, 'c_2')).rejects.toThrow();
    expect(() => makeSeal([old]).open(sealed, place)).toThrow();
    const bot = await seals.openFor('bot', 'c_1');
    expect(() => bot(sealed, place)).toThrow();
  });

  it('opens in no other row or field of the same case', async () => {
    const seals = await testSeals(old);
    const sealed = (await seals.sealFor('desk', 'c_1')).seal('words', place);
    const open = await seals.openFor('desk', 'c_1');
    for (const other of [
      { ...place, row: 'c_2' },
      { ...place, field: 'note' },
      { ...place, table: 'notes' },
    ])
      expect(() => open(sealed, other)).toThrow();
  });

  it('from before cases had keys of their own is still read', async () => {
    const seals = await testSeals(old);
    expect(await read(seals, makeSeal([old]).seal('older words', place))).toBe('older words');
  });
});

describe('a key that is destroyed', () => {
  it('is in no byte of its file or log any more, and nothing opens what it sealed', async () => {
    const { db, seals, all } = await inFile(old);
    for (let i = 0; i < 120; i += 1) await seals.sealFor('desk', `c_${i}`);
    const sealed = (await seals.sealFor('desk', 'c_7')).seal('words', place);
    const { wrapped } = await db.selectFrom('case_keys').select('wrapped').where('case_id', '=', 'c_7').executeTakeFirstOrThrow();
    expect(all()).toContain(wrapped);
    await seals.erase('desk', 'c_7', 9);
    expect(all()).not.toContain(wrapped.slice(12, 60));
    expect(await read(seals, sealed, 'c_7')).toBeNull();
    await db.destroy();
  });

  it('is never made again: nothing more is written about somebody who was erased', async () => {
    const seals = await testSeals(old);
    await seals.sealFor('desk', 'c_1');
    await seals.erase('desk', 'c_1', 9);
    await expect(seals.sealFor('desk', 'c_1')).rejects.toThrow(KeyGone);
    expect(await seals.erasedAfter('desk', '', 9)).toMatchObject([{ case_id: 'c_1', at: 9 }]);
  });

  it('stays destroyed when the same erasure is done twice', async () => {
    const seals = await testSeals(old);
    await seals.erase('bot', 'c_1', 9, 'person');
    await seals.erase('bot', 'c_1', 10);
    expect(await seals.erasedAfter('bot', '', 9)).toEqual([{ side: 'bot', case_id: 'c_1', at: 9, person: 'person' }]);
  });
});

describe('a new SEAL_KEY', () => {
  it('wraps the keys anew and touches no sealed value; meanwhile both open', async () => {
    const { db, seals, open } = await inFile(old);
    const sealed = (await seals.sealFor('desk', 'c_1')).seal('words', place);
    await db.destroy();
    const both = await open(fresh, old);
    expect(await read(both.seals, sealed)).toBe('words');
    expect(await both.seals.rewrap()).toBe(1);
    expect(await read(both.seals, sealed)).toBe('words');
    expect(await both.seals.rewrap()).toBe(0);
    await both.db.destroy();
    const after = await open(fresh);
    expect(await read(after.seals, sealed)).toBe('words');
    await after.db.destroy();
    const before = await open(old);
    await expect(read(before.seals, sealed)).rejects.toThrow();
    await before.db.destroy();
  });

  it('goes on where a kill interrupted it', async () => {
    const { db, seals, open } = await inFile(old);
    for (let i = 0; i < 120; i += 1) await seals.sealFor('desk', `c_${i}`);
    await db.destroy();
    const killed = await open(fresh, old);
    const running = killed.seals.rewrap();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await killed.db.destroy();
    await running.catch(() => {});
    const again = await open(fresh, old);
    await again.seals.rewrap();
    await again.db.destroy();
    const after = await open(fresh);
    for (let i = 0; i < 120; i += 1) await after.seals.openFor('desk', `c_${i}`);
    await after.db.destroy();
  });
});

describe('keys and the data they belong to', () => {
  it('empty keys belong to whoever asks, others to one alone', async () => {
    const seals = await testSeals(old);
    expect(await seals.pair('a')).toBe('a');
    expect(await seals.pair('b')).toBe('b');
    await seals.sealFor('desk', 'c_1');
    expect(await seals.pair('c')).toBe('b');
  });
});
