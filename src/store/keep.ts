// Opens what must not be lost: SQL through kysely on Node's own SQLite, brought to the newest form.

import { randomBytes } from 'node:crypto';
import { type Kysely as Db, Kysely, SqliteDialect, type Transaction } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import * as first from './migrations/1-first.ts';
import * as partners from './migrations/6-partners.ts';
import type { Seal } from './seal.ts';
import { openSqlite } from './sqlite.ts';
import type { Tables } from './tables.ts';

export type Keep = Db<Tables>;
export type Tx = Transaction<Tables>;

const migrations: Record<string, Migration> = { '1-first': first, '6-partners': partners };

/** `path`: a file or `:memory:`. Throws when the file was written by a newer version. */
export async function openKeep(path: string): Promise<Keep> {
  const keep = new Kysely<Tables>({ dialect: new SqliteDialect({ database: openSqlite(path) }) });
  const migrator = new Migrator({ db: keep, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    await keep.destroy();
    throw error;
  }
  return keep;
}

/** One of our own random keys: made once, sealed, and from then on the same for everybody on this store. */
export async function ownKey(keep: Keep, seal: Seal, name: string): Promise<Buffer> {
  const place = { table: 'meta', row: name, field: 'sealed' };
  const fresh = seal.seal(randomBytes(32).toString('base64'), place);
  await keep
    .insertInto('meta')
    .values({ name, sealed: fresh })
    .onConflict((c) => c.doNothing())
    .execute();
  const row = await keep.selectFrom('meta').select('sealed').where('name', '=', name).executeTakeFirstOrThrow();
  return Buffer.from(seal.open(row.sealed, place), 'base64');
}
