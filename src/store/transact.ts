// The one way to change what must not be lost: a transaction that has the store to itself while it
// writes, on either engine, so that what is right on one laptop stays right with many processes.
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PostgresAdapter, sql } from 'kysely';
import type { Keep, Tx } from './keep.ts';

/** Any number will do as long as nobody else on this database locks the same one. */
const writer = 7_230_118_402;
const mostTries = 5;

export const isPostgres = (db: Keep | Tx): boolean => db.getExecutor().adapter instanceof PostgresAdapter;

/** Transactions that have the store to themselves already. */
const alone = new WeakSet<Tx>();

/** PostgreSQL could run writers side by side; SQLite lets one in at a time, and so do we, until the transaction ends. */
export async function oneWriter(tx: Tx): Promise<void> {
  if (alone.has(tx) || !isPostgres(tx)) return;
  await sql`select pg_advisory_xact_lock(${sql.lit(writer)})`.execute(tx);
  alone.add(tx);
}

/** `work` may run again from the beginning: it must do nothing that the database cannot undo. */
export async function transact<T>(keep: Keep, work: (tx: Tx) => Promise<T>): Promise<T> {
  // Each statement sees what was committed before it, so all of them see what the writer before us left.
  const begin = () => (isPostgres(keep) ? keep.transaction().setIsolationLevel('read committed') : keep.transaction());
  for (let tries = 1; ; tries += 1) {
    try {
      return await begin().execute(async (tx) => {
        await oneWriter(tx);
        return work(tx);
      });
    } catch (error) {
      if (tries >= mostTries || !undone(error)) throw error;
      await sleep(randomInt(10 * 2 ** tries));
    }
  }
}

/** Undone by the database to let another one pass: a serialization failure or a deadlock. */
const undone = (error: unknown): boolean => error instanceof Error && 'code' in error && (error.code === '40001' || error.code === '40P01');
