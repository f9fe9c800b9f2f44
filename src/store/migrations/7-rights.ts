// A second factor and an address for notices of each account; when somebody last proved who they are.
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const name of ['factor', 'factor_offered', 'mail']) await db.schema.alterTable('accounts').addColumn(name, 'text').execute();
  for (const name of ['factor_step', 'notices'])
    await db.schema
      .alterTable('accounts')
      .addColumn(name, 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
  await db.schema
    .alterTable('desk_sessions')
    .addColumn('proved_at', 'bigint', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema.createIndex('audit_subject').on('audit').columns(['subject', 'seq']).ifNotExists().execute();
  await db.schema.createIndex('audit_actor').on('audit').columns(['actor', 'seq']).ifNotExists().execute();
}
