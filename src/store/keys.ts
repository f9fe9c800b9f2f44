// The key of each case, one for the bot's side and one for the desk's, wrapped by SEAL_KEY and kept
// apart from the data: whoever destroys it has erased every copy of the case, backups too. A key is
// written before the first row it seals and destroyed before the rows: a spare key harms nobody.
import { type Kysely, type SqlBool, sql } from 'kysely';
import { freshWrapped, makeSeal, type Place, type Seal, unwrapped } from './seal.ts';

export type Side = 'bot' | 'desk';

/** The tables of the key file, or of a schema of their own. */
export type KeyTables = {
  case_keys: { side: Side; case_id: string; wrapped: string; made_at: number };
  /** Who was erased, by case id: applied again to whatever an older backup brings back. */
  erased: {
    side: Side;
    case_id: string;
    at: number;
    /** Blind index of the person, until their session is gone too. */
    person: string | null;
  };
  /** Which data these keys belong to. */
  pairing: { id: string };
};

export type Erased = KeyTables['erased'];

export type Keys = {
  /** The seal of a case, with a key made now if it has none. Throws `KeyGone` for an erased case. */
  sealFor(side: Side, caseId: string): Promise<Seal>;
  /** Opens values of a case; null for each when its key is gone. */
  openFor(side: Side, caseId: string): Promise<(sealed: string, place: Place) => string | null>;
  /** Destroys the key and notes the erasure, both or neither; from here on nothing opens the case. */
  erase(side: Side, caseId: string, now: number, person?: string): Promise<void>;
  /** Destroys keys of cases that ended otherwise. */
  drop(side: Side, caseIds: string[]): Promise<void>;
  isErased(side: Side, caseId: string): Promise<boolean>;
  /** The ledger in pages, by case id. */
  erasedAfter(side: Side, caseId: string, limit: number): Promise<Erased[]>;
  /** Nothing of the person is left to be forgotten. */
  personGone(side: Side, caseId: string): Promise<void>;
  /** Which of these cases have no key. */
  lacking(side: Side, caseIds: string[]): Promise<string[]>;
  /** Cases whose key was made before `before`, in pages. */
  keptAfter(side: Side, caseId: string, before: number, limit: number): Promise<string[]>;
  /** Wraps every key anew that an older SEAL_KEY wrapped; how many. Killed midway, it goes on the next time. */
  rewrap(): Promise<number>;
  /** The data these keys belong to; empty ones belong to whoever asks. */
  pair(fresh: string): Promise<string>;
  /** Whether there is neither a key nor an erasure in here. */
  empty(): Promise<boolean>;
  /** When the last key was made or erased; 0 when there is none. */
  lastAt(): Promise<number>;
  close(): Promise<void>;
};

/** What everything sealed goes through: the installation's own seal, and the keys of the cases. */
export type Seals = Seal & Keys;

/** Thrown when something would be written about somebody who has been erased. */
export class KeyGone extends Error {
  override name = 'KeyGone';
}

const place = (side: Side, caseId: string): Place => ({ table: 'case_keys', row: `${side}/${caseId}`, field: 'wrapped' });

/** `settle` moves what was just destroyed out of the engine's log as well. */
export async function openKeys(db: Kysely<KeyTables>, seal: Seal, now: () => number, settle = async () => {}): Promise<Seals> {
  await makeTables(db);
  const find = (side: Side, caseId: string) =>
    db.selectFrom('case_keys').select('wrapped').where('side', '=', side).where('case_id', '=', caseId).executeTakeFirst();
  const isErased = async (side: Side, caseId: string) => {
    const row = await db.selectFrom('erased').select('at').where('side', '=', side).where('case_id', '=', caseId).executeTakeFirst();
    return row !== undefined;
  };
  const empty = async () => {
    const key = await db.selectFrom('case_keys').select('side').limit(1).executeTakeFirst();
    return key === undefined && (await db.selectFrom('erased').select('side').limit(1).executeTakeFirst()) === undefined;
  };
  const own = (side: Side, caseId: string, wrapped: string) => makeSeal([unwrapped(seal, wrapped, place(side, caseId))]);

  const keys: Keys = {
    async sealFor(side, caseId) {
      const known = await find(side, caseId);
      if (known !== undefined) return own(side, caseId, known.wrapped);
      if (await isErased(side, caseId)) throw new KeyGone('the case has been erased');
      await db
        .insertInto('case_keys')
        .values({ side, case_id: caseId, wrapped: freshWrapped(seal, place(side, caseId)), made_at: now() })
        .onConflict((c) => c.doNothing())
        .execute();
      const made = await find(side, caseId);
      if (made === undefined) throw new KeyGone('the case has been erased');
      return own(side, caseId, made.wrapped);
    },
    async openFor(side, caseId) {
      const known = await find(side, caseId);
      const mine = known && own(side, caseId, known.wrapped);
      // What names a case and nothing else is sealed by the installation, and so was everything before cases had keys.
      return (sealed, at) => {
        if (seal.owns(sealed)) return seal.open(sealed, at);
        return mine === undefined ? null : mine.open(sealed, at);
      };
    },
    async erase(side, caseId, at, person) {
      await db.transaction().execute(async (tx) => {
        await tx
          .insertInto('erased')
          .values({ side, case_id: caseId, at, person: person ?? null })
          .onConflict((c) => c.doNothing())
          .execute();
        await tx.deleteFrom('case_keys').where('side', '=', side).where('case_id', '=', caseId).execute();
      });
      await settle();
    },
    async drop(side, caseIds) {
      if (caseIds.length === 0) return;
      await db.deleteFrom('case_keys').where('side', '=', side).where('case_id', 'in', caseIds).execute();
      await settle();
    },
    isErased,
    erasedAfter: (side, caseId, limit) =>
      db.selectFrom('erased').selectAll().where('side', '=', side).where('case_id', '>', caseId).orderBy('case_id').limit(limit).execute(),
    async personGone(side, caseId) {
      await db.updateTable('erased').set({ person: null }).where('side', '=', side).where('case_id', '=', caseId).execute();
    },
    async lacking(side, caseIds) {
      if (caseIds.length === 0) return [];
      const rows = await db.selectFrom('case_keys').select('case_id').where('side', '=', side).where('case_id', 'in', caseIds).execute();
      const there = new Set(rows.map((row) => row.case_id));
      return caseIds.filter((id) => !there.has(id));
    },
    async keptAfter(side, caseId, before, limit) {
      const rows = await db
        .selectFrom('case_keys')
        .select('case_id')
        .where('side', '=', side)
        .where('case_id', '>', caseId)
        .where('made_at', '<', before)
        .orderBy('case_id')
        .limit(limit)
        .execute();
      return rows.map((row) => row.case_id);
    },
    async rewrap() {
      for (let done = 0; ; ) {
        const rows = await db
          .selectFrom('case_keys')
          .selectAll()
          .where(sql<SqlBool>`wrapped not like ${`${seal.kid}.%`}`)
          .limit(100)
          .execute();
        if (rows.length === 0) {
          if (done > 0) await settle();
          return done;
        }
        for (const { side, case_id, wrapped } of rows) {
          const anew = seal.seal(seal.open(wrapped, place(side, case_id)), place(side, case_id));
          // Only the very key that was read: one erased meanwhile stays erased.
          await db.updateTable('case_keys').set({ wrapped: anew }).where('wrapped', '=', wrapped).execute();
          done += 1;
        }
      }
    },
    async pair(fresh) {
      const there = await db.selectFrom('pairing').select('id').executeTakeFirst();
      if (there !== undefined && !(await empty())) return there.id;
      await db.deleteFrom('pairing').execute();
      await db
        .insertInto('pairing')
        .values({ id: fresh })
        .onConflict((c) => c.doNothing())
        .execute();
      return fresh;
    },
    empty,
    async lastAt() {
      const made = await db
        .selectFrom('case_keys')
        .select((q) => q.fn.max('made_at').as('at'))
        .executeTakeFirst();
      const erased = await db
        .selectFrom('erased')
        .select((q) => q.fn.max('at').as('at'))
        .executeTakeFirst();
      return Math.max(Number(made?.at ?? 0), Number(erased?.at ?? 0));
    },
    close: () => db.destroy(),
  };
  return { ...seal, ...keys };
}

export async function makeTables(db: Kysely<KeyTables>): Promise<void> {
  await db.schema
    .createTable('case_keys')
    .ifNotExists()
    .addColumn('side', 'text', (c) => c.notNull())
    .addColumn('case_id', 'text', (c) => c.notNull())
    .addColumn('wrapped', 'text', (c) => c.notNull())
    .addColumn('made_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('case_keys_id', ['side', 'case_id'])
    .execute();
  await db.schema
    .createTable('erased')
    .ifNotExists()
    .addColumn('side', 'text', (c) => c.notNull())
    .addColumn('case_id', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('person', 'text')
    .addPrimaryKeyConstraint('erased_id', ['side', 'case_id'])
    .execute();
  await db.schema
    .createTable('pairing')
    .ifNotExists()
    .addColumn('id', 'text', (c) => c.primaryKey())
    .execute();
}
