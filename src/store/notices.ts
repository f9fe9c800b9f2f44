// Who wishes to be told by e-mail, and what there is to tell. The log is what is read on from: whatever
// opened a request or brought a message is in it, once, and nothing of protection requests leaves here.
import { type Case, openStatuses } from '../case/case.ts';
import { caseOf } from './cases.ts';
import type { Keep, Tx } from './keep.ts';
import { type Account, listAccounts } from './people.ts';
import type { Seal } from './seal.ts';

const counter = 'notices';
const turns = 'notices-turn';
const place = (row: string) => ({ table: 'accounts', row, field: 'mail' });

/** The last row of the log that was told of; begins with the newest there is. */
export async function noticedUntil(keep: Keep): Promise<number> {
  const row = await keep.selectFrom('counters').select('value').where('name', '=', counter).executeTakeFirst();
  if (row !== undefined) return Number(row.value);
  const last = await keep
    .selectFrom('audit')
    .select((q) => q.fn.max<number | null>('seq').as('seq'))
    .executeTakeFirst();
  await keep
    .insertInto('counters')
    .values({ name: counter, value: Number(last?.seq ?? 0) })
    .onConflict((c) => c.doNothing())
    .execute();
  return Number(last?.seq ?? 0);
}

export async function noticed(keep: Keep, seq: number): Promise<void> {
  await keep.updateTable('counters').set({ value: seq }).where('name', '=', counter).execute();
}

/** One turn for each `turn`: of several processes on one store exactly one sends the notices of a minute. */
export async function takeTurn(keep: Keep, turn: number): Promise<boolean> {
  await keep
    .insertInto('counters')
    .values({ name: turns, value: 0 })
    .onConflict((c) => c.doNothing())
    .execute();
  const row = await keep
    .updateTable('counters')
    .set({ value: turn })
    .where('name', '=', turns)
    .where('value', '<', turn)
    .returning('value')
    .executeTakeFirst();
  return row !== undefined;
}

export type News = { seq: number; at: number; action: string; case: Case };

/** What happened after a row of the log, as far as the request is open still. */
export async function newsAfter(keep: Keep, seq: number, limit: number): Promise<{ until: number; news: News[] }> {
  const rows = await keep
    .selectFrom('audit')
    .select(['seq', 'at', 'action', 'subject'])
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(limit)
    .execute();
  const telling = rows.filter(({ action }) => action === 'case.opened' || action === 'message.urgent' || action === 'message.received');
  const ids = [...new Set(telling.map(({ subject }) => subject))];
  const found =
    ids.length === 0
      ? []
      : await keep
          .selectFrom('cases')
          .selectAll()
          .where('id', 'in', ids)
          .where('kind', '!=', 'protection')
          .where('status', 'in', openStatuses)
          .execute();
  const cases = new Map(found.map((row) => [row.id, caseOf(row)]));
  const news = telling.flatMap((row) => {
    const kase = cases.get(row.subject);
    return kase === undefined ? [] : [{ seq: Number(row.seq), at: Number(row.at), action: row.action, case: kase }];
  });
  return { until: Number(rows.at(-1)?.seq ?? seq), news };
}

export type Addressee = { account: Account; mail: string };

/** Open accounts that wish it. */
export async function addressees(db: Keep | Tx, own: Seal): Promise<Addressee[]> {
  const rows = await db.selectFrom('accounts').select(['id', 'mail']).where('notices', '=', 1).where('mail', 'is not', null).execute();
  const sealed = new Map(rows.map((row) => [row.id, row.mail ?? '']));
  return (await listAccounts(db)).flatMap((account) => {
    const mail = sealed.get(account.id);
    return mail === undefined || account.disabled ? [] : [{ account, mail: own.open(mail, place(account.id)) }];
  });
}

export async function mailOf(db: Keep | Tx, own: Seal, id: string): Promise<{ mail: string; wished: boolean }> {
  const row = await db.selectFrom('accounts').select(['mail', 'notices']).where('id', '=', id).executeTakeFirst();
  const sealed = row?.mail ?? null;
  return { mail: sealed === null ? '' : own.open(sealed, place(id)), wished: row?.notices === 1 };
}

/** An empty address is no address. */
export async function setMail(db: Keep | Tx, own: Seal, id: string, mail: string, wished: boolean): Promise<void> {
  const sealed = mail === '' ? null : own.seal(mail, place(id));
  await db
    .updateTable('accounts')
    .set({ mail: sealed, notices: wished && mail !== '' ? 1 : 0 })
    .where('id', '=', id)
    .execute();
}
