// Opens what must not be lost: SQL through kysely on Node's own SQLite or on PostgreSQL, brought to the
// newest form. What keeps PostgreSQL from being used is told in words.
import { type Kysely as Db, Kysely, type Transaction } from 'kysely';
import { type Migration, migrate, Unusable } from './migrate.ts';
import * as first from './migrations/1-first.ts';
import * as retention from './migrations/3-retention.ts';
import * as endpoints from './migrations/4-endpoints.ts';
import * as desk from './migrations/5-desk.ts';
import * as partners from './migrations/6-partners.ts';
import * as rights from './migrations/7-rights.ts';
import * as referral from './migrations/8-referral.ts';
import { postgresDialect } from './postgres.ts';
import { freshWrapped, type Seal, unwrapped } from './seal.ts';
import { sqliteDb } from './sqlite.ts';
import type { Tables } from './tables.ts';
import { transact } from './transact.ts';

export type Keep = Db<Tables>;
export type Tx = Transaction<Tables>;

export const migrations: Record<string, Migration> = {
  '1-first': first,
  '3-retention': retention,
  '4-endpoints': endpoints,
  '5-desk': desk,
  '6-partners': partners,
  '7-rights': rights,
  '8-referral': referral,
};
export const migrationNames: readonly string[] = Object.keys(migrations);

/** `where`: a file, `:memory:` or `postgres://…`. Rejects with `Unusable` when it can tell why PostgreSQL cannot be used. */
export async function openKeep(where: string, onError = () => {}, known = migrations): Promise<Keep> {
  const remote = /^postgres(ql)?:/.test(where);
  const keep = remote ? new Kysely<Tables>({ dialect: await postgresDialect(where, onError) }) : sqliteDb<Tables>(where);
  try {
    await migrate(keep, known);
    return keep;
  } catch (error) {
    await keep.destroy();
    throw remote ? unusable(error) : error;
  }
}

const reasons: Record<string, string> = {
  '28000': 'the server does not let this user in',
  '28P01': 'the password is wrong',
  '3D000': 'there is no such database',
  '42501': 'this user may not make tables in it',
  '42P07': 'it holds tables of something else; give avr-bot a database of its own',
  '55P03': 'another process is busy changing it; start again when it is done',
};

/** Why PostgreSQL cannot be used; never with its address, which holds a password. */
export function unusable(error: unknown): Unusable {
  if (error instanceof Unusable) return error;
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no answer in time';
  return new Unusable(`${reasons[code] ?? 'it cannot be reached or used'} (${code})`, { cause: error });
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
  await transact(keep, async (tx) => {
    await tx.insertInto('handled').values({ id, at: 0 }).execute();
    await tx.deleteFrom('handled').where('id', '=', id).execute();
  });
}
