// Outside case systems: who they are, what they were told and still are to be told, what they sent.
// Events to the bot's or the desk's own side learn to be set aside, so that one nobody takes blocks none.
import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const table = (name: string) => db.schema.createTable(name);
  await table('endpoints')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('organisation', 'text', (c) => c.notNull())
    .addColumn('sealed', 'text', (c) => c.notNull())
    .addColumn('token', 'text', (c) => c.notNull().unique())
    .addColumn('types', 'text', (c) => c.notNull())
    .addColumn('accepts', 'text', (c) => c.notNull())
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('protection', 'integer', (c) => c.notNull())
    .addColumn('language', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('failures', 'integer', (c) => c.notNull())
    .addColumn('failing_since', 'bigint')
    .addColumn('asleep', 'integer', (c) => c.notNull())
    .addColumn('probe_at', 'bigint', (c) => c.notNull())
    .addColumn('hold_until', 'bigint', (c) => c.notNull())
    .addColumn('slow_until', 'bigint', (c) => c.notNull())
    .addColumn('alerted', 'integer', (c) => c.notNull())
    .execute();

  await table('deliveries')
    .addColumn('pos', 'integer', (c) => c.primaryKey())
    .addColumn('endpoint', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('case_id', 'text', (c) => c.notNull())
    .addColumn('kind', 'text')
    .addColumn('seq', 'integer', (c) => c.notNull())
    .addColumn('rank', 'integer', (c) => c.notNull())
    .addColumn('sealed', 'text', (c) => c.notNull())
    .addColumn('brief', 'integer', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('due_at', 'bigint', (c) => c.notNull())
    .addColumn('tried_at', 'bigint', (c) => c.notNull())
    .addColumn('locked_until', 'bigint', (c) => c.notNull())
    .addColumn('since', 'bigint', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('settled_at', 'bigint')
    .addColumn('status', 'integer')
    .addColumn('code', 'text')
    .addUniqueConstraint('deliveries_once', ['endpoint', 'id'])
    .execute();
  await db.schema.createIndex('deliveries_next').on('deliveries').columns(['endpoint', 'state', 'rank', 'pos']).execute();
  await db.schema.createIndex('deliveries_case').on('deliveries').columns(['case_id', 'endpoint', 'state', 'seq']).execute();
  await db.schema.createIndex('deliveries_age').on('deliveries').columns(['state', 'since']).execute();

  await table('told')
    .addColumn('endpoint', 'text', (c) => c.notNull())
    .addColumn('case_id', 'text', (c) => c.notNull())
    .addColumn('seq_out', 'integer', (c) => c.notNull())
    .addColumn('seq_in', 'integer', (c) => c.notNull())
    .addColumn('standing', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('told_pair', ['endpoint', 'case_id'])
    .execute();

  await table('received')
    .addColumn('endpoint', 'text', (c) => c.notNull())
    .addColumn('id', 'text', (c) => c.notNull())
    .addColumn('case_id', 'text', (c) => c.notNull())
    .addColumn('sealed', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('received_once', ['endpoint', 'id'])
    .execute();
  await db.schema.createIndex('received_state').on('received').columns(['state', 'at']).execute();

  await table('counters')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'integer', (c) => c.notNull())
    .execute();

  await db.schema
    .alterTable('outbox')
    .addColumn('refused', 'integer', (c) => c.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('outbox').addColumn('dead_at', 'bigint').execute();
}
