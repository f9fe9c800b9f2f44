// What lets the desk show a flood of like requests as one row, and finds what has stayed its time.
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('cases').addColumn('alike', 'text').execute();
  await db.schema.alterTable('cases').addColumn('flood', 'text').execute();
  await db.schema.createIndex('cases_alike').on('cases').columns(['alike', 'opened_at']).execute();
  await db.schema.createIndex('cases_flood').on('cases').column('flood').execute();
  await db.schema.createIndex('handled_at').on('handled').column('at').execute();
}
