// The people of the desk: accounts, their sessions, and the single-use links that make accounts. Of
// a session or link only the SHA-256 is kept, so a stolen file opens no door.
import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '../case/case.ts';
import type { Keep, Tx } from './keep.ts';
import { ready } from './ready.ts';
import type { Tables } from './tables.ts';

const minutes = 60_000;
const linkFor = 30 * minutes;
const idleFor = 30 * minutes;
const signedInFor = 12 * 60 * minutes;

export type Account = { id: string; login: string; name: string; roles: Role[]; language: string; offices: string[]; disabled: boolean };

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');
const freshToken = () => randomBytes(32).toString('base64url');
const accountOf = (row: Tables['accounts']): Account => ({
  id: row.id,
  login: row.login,
  name: row.name,
  roles: JSON.parse(row.roles),
  language: row.language,
  offices: JSON.parse(row.offices),
  disabled: row.disabled_at !== null,
});

/** One way to write a sign-in name. */
export const foldLogin = (login: string) => login.normalize('NFKC').trim().toLowerCase();

export async function anyAccount(db: Keep | Tx): Promise<boolean> {
  return (await db.selectFrom('accounts').select('id').limit(1).executeTakeFirst()) !== undefined;
}

const enabledRoles = ready((db) => db.selectFrom('accounts').select('roles').where('disabled_at', 'is', null));

/** Whether somebody can read a protection request; without, the chat offers contacts only. */
export async function protectionStaff(db: Keep | Tx): Promise<boolean> {
  return (await enabledRoles(db)).some(({ roles }) => (JSON.parse(roles) as Role[]).includes('protection'));
}

export async function listAccounts(db: Keep | Tx): Promise<Account[]> {
  return (await db.selectFrom('accounts').selectAll().orderBy('created_at').orderBy('id').execute()).map(accountOf);
}

export async function accountByLogin(db: Keep | Tx, login: string): Promise<{ account: Account; password: string } | null> {
  const row = await db.selectFrom('accounts').selectAll().where('login', '=', foldLogin(login)).executeTakeFirst();
  return row === undefined ? null : { account: accountOf(row), password: row.password };
}

export async function nameOf(db: Keep | Tx, id: string): Promise<string | null> {
  return (await db.selectFrom('accounts').select('name').where('id', '=', id).executeTakeFirst())?.name ?? null;
}

/** A link good once, for half an hour. */
export async function makeInvitation(db: Keep | Tx, roles: readonly Role[], now: number): Promise<string> {
  const token = freshToken();
  await db
    .insertInto('invitations')
    .values({ id: hashOf(token), roles: JSON.stringify([...roles].sort()), expires_at: now + linkFor, used_at: null })
    .execute();
  return token;
}

export async function findInvitation(db: Keep | Tx, token: string, now: number): Promise<{ roles: Role[] } | null> {
  const row = await db
    .selectFrom('invitations')
    .select('roles')
    .where('id', '=', hashOf(token))
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return row === undefined ? null : { roles: JSON.parse(row.roles) };
}

/** Uses a link up; false when somebody was quicker. `last`: every other open link ends with it, as after the first account. */
export async function useInvitation(tx: Tx, token: string, now: number, last: boolean): Promise<boolean> {
  const used = await tx
    .updateTable('invitations')
    .set({ used_at: now })
    .where('id', '=', hashOf(token))
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('id')
    .executeTakeFirst();
  if (used !== undefined && last) await tx.deleteFrom('invitations').where('used_at', 'is', null).execute();
  return used !== undefined;
}

export type NewAccount = { id: string; login: string; name: string; password: string; roles: readonly Role[]; language: string };

/** False when the sign-in name is taken. `password` is a hash already. */
export async function addAccount(tx: Tx, account: NewAccount, now: number): Promise<boolean> {
  const { id, name, password, language } = account;
  const row = await tx
    .insertInto('accounts')
    .values({
      id,
      login: foldLogin(account.login),
      name,
      password,
      roles: JSON.stringify([...account.roles].sort()),
      language,
      offices: '[]',
      created_at: now,
      disabled_at: null,
      factor: null,
      factor_offered: null,
      factor_step: 0,
      mail: null,
      notices: 0,
    })
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** The offices whose requests an account sees; none: all. */
export async function setOffices(tx: Tx, id: string, offices: readonly string[]): Promise<boolean> {
  const row = await tx
    .updateTable('accounts')
    .set({ offices: JSON.stringify([...offices].sort()) })
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Closes an account and every session it has. */
export async function disableAccount(tx: Tx, id: string, now: number): Promise<boolean> {
  const row = await tx
    .updateTable('accounts')
    .set({ disabled_at: now })
    .where('id', '=', id)
    .where('disabled_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  await tx.deleteFrom('desk_sessions').where('account', '=', id).execute();
  return row !== undefined;
}

/** A new session under a new id; sessions past their time go at the same moment. */
export async function startSession(db: Keep | Tx, account: string, now: number): Promise<string> {
  const token = freshToken();
  await db
    .deleteFrom('desk_sessions')
    .where('created_at', '<=', now - signedInFor)
    .execute();
  await db
    .insertInto('desk_sessions')
    .values({ id: hashOf(token), account, created_at: now, seen_at: now, proved_at: now })
    .execute();
  return token;
}

/**
 * Who is signed in with this token. Half an hour without a request, or twelve hours in all, ends it.
 * `awake`: a person did something; what a page fetches by itself keeps nobody signed in.
 */
export async function findSession(db: Keep | Tx, token: string, now: number, awake = true): Promise<Account | null> {
  const id = hashOf(token);
  const session = await db.selectFrom('desk_sessions').selectAll().where('id', '=', id).executeTakeFirst();
  if (session === undefined) return null;
  const row = await db.selectFrom('accounts').selectAll().where('id', '=', session.account).executeTakeFirst();
  const over = now - session.seen_at >= idleFor || now - session.created_at >= signedInFor;
  if (over || row === undefined || row.disabled_at !== null) {
    await endSession(db, token);
    return null;
  }
  // Not on every request: a minute's rounding saves most of the writes.
  if (awake && now - session.seen_at >= minutes) await db.updateTable('desk_sessions').set({ seen_at: now }).where('id', '=', id).execute();
  return accountOf(row);
}

export async function endSession(db: Keep | Tx, token: string): Promise<void> {
  await db.deleteFrom('desk_sessions').where('id', '=', hashOf(token)).execute();
}

/** `handle`: names a session and opens nothing. */
export type Signed = { handle: string; since: number; seenAt: number; here: boolean };
const handleLength = 16;

/** Where somebody is signed in; `token` is the session of whoever asks. */
export async function listSessions(db: Keep | Tx, account: string, token: string, now: number): Promise<Signed[]> {
  const rows = await db
    .selectFrom('desk_sessions')
    .selectAll()
    .where('account', '=', account)
    .where('seen_at', '>', now - idleFor)
    .where('created_at', '>', now - signedInFor)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
  const here = hashOf(token);
  return rows.map((row) => ({
    handle: row.id.slice(0, handleLength),
    since: row.created_at,
    seenAt: row.seen_at,
    here: row.id === here,
  }));
}

/** Ends sessions of an account: the one of this handle, or all; never the one of `but`. How many there were. */
export async function endSessions(tx: Tx, account: string, which: { handle?: string; but?: string }): Promise<number> {
  const rows = await tx.selectFrom('desk_sessions').select('id').where('account', '=', account).execute();
  const but = which.but === undefined ? null : hashOf(which.but);
  const ids = rows
    .map((row) => row.id)
    .filter((id) => id !== but && (which.handle === undefined || id.slice(0, handleLength) === which.handle));
  if (ids.length > 0) await tx.deleteFrom('desk_sessions').where('id', 'in', ids).execute();
  return ids.length;
}

/** When this session last proved with a password who it is. */
export async function provedAt(db: Keep | Tx, token: string): Promise<number> {
  const row = await db.selectFrom('desk_sessions').select('proved_at').where('id', '=', hashOf(token)).executeTakeFirst();
  return row === undefined ? 0 : Number(row.proved_at);
}

export async function setProved(db: Keep | Tx, token: string, now: number): Promise<void> {
  await db.updateTable('desk_sessions').set({ proved_at: now }).where('id', '=', hashOf(token)).execute();
}
