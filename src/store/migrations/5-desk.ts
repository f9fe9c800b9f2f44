// What the desk knows beside a request: the office it belongs to, a level set by hand, a blind index of
// the telephone number; notes only protection staff read; the offices an account works for.
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  // One column at a time: SQLite takes no more.
  for (const name of ['office', 'set_level', 'set_why', 'set_by', 'phone'])
    await db.schema.alterTable('cases').addColumn(name, 'text').execute();
  await db.schema.createIndex('cases_phone').on('cases').column('phone').execute();
  await db.schema
    .alterTable('notes')
    .addColumn('restricted', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema
    .alterTable('accounts')
    .addColumn('offices', 'text', (c) => c.notNull().defaultTo('[]'))
    .execute();
}
