// A request on offer to another office or organisation; and its place in the queue as a number, so that the
// first page of thousands is read from an index and not sorted each time.
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const name of ['referred_office', 'referred_from']) await db.schema.alterTable('cases').addColumn(name, 'text').execute();
  await db.schema
    .alterTable('cases')
    .addColumn('place', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await sql`update cases set place =
    case coalesce(set_level, level) when 'urgent' then 0 when 'high' then 1 else 2 end
    + case when status in ('closed', 'withdrawn', 'erased') then 3 else 0 end`.execute(db);
  await db.schema.createIndex('cases_place').on('cases').columns(['place', 'waiting_since', 'id', 'kind']).execute();
}
