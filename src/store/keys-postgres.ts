// The keys of the cases on PostgreSQL: a schema of their own, so that they can be copied apart from the
// data, and connections of their own, because a change of the data waits for them while it holds one.
import { Kysely, sql } from 'kysely';
import { type KeyTables, makeTables, openKeys, type Seals } from './keys.ts';
import { postgresDialect } from './postgres.ts';
import type { Seal } from './seal.ts';

const schema = 'avr_keys';
const connections = 5;
/** Another number than the writers': whoever makes the schema holds up nobody else. */
const making = 7_230_118_403;

export async function openRemoteKeys(url: string, seal: Seal, now: () => number, onError: () => void): Promise<Seals> {
  const db = new Kysely<KeyTables>({ dialect: await postgresDialect(url, onError, connections) });
  const keys = db.withSchema(schema);
  try {
    await db.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(${sql.lit(making)})`.execute(tx);
      await tx.schema.createSchema(schema).ifNotExists().execute();
      await makeTables(tx.withSchema(schema));
    });
    return { ...(await openKeys(keys, seal, now)), close: () => db.destroy() };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** Writes the keys into a fresh file of the server, without those that were destroyed. */
export async function rewriteKeys(db: Kysely<unknown>): Promise<void> {
  await sql.raw(`vacuum (full) ${schema}.case_keys`).execute(db);
}
