// Brings a database to this version's form: all of it or nothing, one process at a time, on both
// engines. Killed in the midst, the next start finds the old form and begins again.
import { type Kysely, sql } from 'kysely';
import type { Keep } from './keep.ts';
import { isPostgres, transact } from './transact.ts';

export type Migration = { up(db: Kysely<unknown>): Promise<void> };

/** What is wrong with a database, in words for the operator. */
export class Unusable extends Error {
  override name = 'Unusable';
}

/** The table kysely's own migrator would make: it would not run SQLite's migrations in a transaction. */
type Done = { kysely_migration: { name: string; timestamp: string } };

/** `known`: in the order in which they were written, which never changes. */
export async function migrate(keep: Keep, known: Record<string, Migration>): Promise<void> {
  await transact(keep, async (tx) => {
    // Large tables take their time.
    if (isPostgres(tx)) await sql`set local statement_timeout = 0`.execute(tx);
    const done = tx as unknown as Kysely<Done>;
    await done.schema
      .createTable('kysely_migration')
      .ifNotExists()
      .addColumn('name', 'varchar(255)', (c) => c.notNull().primaryKey())
      .addColumn('timestamp', 'varchar(255)', (c) => c.notNull())
      .execute();
    const names = new Set((await done.selectFrom('kysely_migration').select('name').execute()).map((row) => row.name));
    const newer = [...names].filter((name) => known[name] === undefined);
    if (newer.length > 0) throw new Unusable(`written by a newer version (${newer.join(', ')}); start that version`);
    for (const [name, migration] of Object.entries(known)) {
      if (names.has(name)) continue;
      await migration.up(tx as unknown as Kysely<unknown>);
      const timestamp = sql<string>`cast(current_timestamp as varchar(255))`;
      await done.insertInto('kysely_migration').values({ name, timestamp }).execute();
    }
  });
}
