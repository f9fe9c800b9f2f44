// Opens what must not be lost: SQL through kysely on Node's own SQLite, brought to the newest form.

import type { Kysely as Db, Transaction } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import * as first from './migrations/1-first.ts';
import * as retention from './migrations/3-retention.ts';
import * as endpoints from './migrations/4-endpoints.ts';
import * as desk from './migrations/5-desk.ts';
import * as partners from './migrations/6-partners.ts';
import * as rights from './migrations/7-rights.ts';
import { freshWrapped, type Seal, unwrapped } from './seal.ts';
import { sqliteDb } from './sqlite.ts';
import type { Tables } from './tables.ts';

export type Keep = Db<Tables>;
export type Tx = Transaction<Tables>;

const migrations: Record<string, Migration> = {
  '1-first': first,
  '3-retention': retention,
  '4-endpoints': endpoints,
  '5-desk': desk,
  '6-partners': partners,
  '7-rights': rights,
};
export const migrationNames: readonly string[] = Object.keys(migrations);

/** `path`: a file or `:memory:`. Throws when the file was written by a newer version. */
export async function openKeep(path: string): Promise<Keep> {
  const keep = sqliteDb<Tables>(path);
  const migrator = new Migrator({ db: keep, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    await keep.destroy();
    throw error;
  }
  return keep;
}

const ownPlace = (name: string) => ({ table: 'meta', row: name, field: 'sealed' });

/** One of our own random keys: made once, sealed, and from then on the same for everybody on this store. */
export async function ownKey(keep: Keep, seal: Seal, name: string): Promise<Buffer> {
  await keep
    .insertInto('meta')
    .values({ name, sealed: freshWrapped(seal, ownPlace(name)) })
    .onConflict((c) => c.doNothing())
    .execute();
  const row = await keep.selectFrom('meta').select('sealed').where('name', '=', name).executeTakeFirstOrThrow();
  return unwrapped(seal, row.sealed, ownPlace(name));
}

/** Seals our own keys anew that an older SEAL_KEY sealed. */
export async function resealOwnKeys(keep: Keep, seal: Seal): Promise<void> {
  for (const { name, sealed } of await keep.selectFrom('meta').selectAll().execute()) {
    if (sealed.startsWith(`${seal.kid}.`)) continue;
    const anew = seal.seal(seal.open(sealed, ownPlace(name)), ownPlace(name));
    await keep.updateTable('meta').set({ sealed: anew }).where('name', '=', name).where('sealed', '=', sealed).execute();
  }
}

/** Rejects while nothing can be written: it writes what needs room of its own, to the disk, and takes it away again. */
export async function tryWriting(keep: Keep): Promise<void> {
  const id = `ready:${'0'.repeat(8192)}`;
  await keep.transaction().execute(async (tx) => {
    await tx.insertInto('handled').values({ id, at: 0 }).execute();
    await tx.deleteFrom('handled').where('id', '=', id).execute();
  });
}
