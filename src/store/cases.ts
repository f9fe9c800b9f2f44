// Requests at the desk: what may be known without opening one stands in columns, what the person
// told is sealed. Words and notes are in `transcript.ts`.
import { sql } from 'kysely';
import { type Case, type Content, isOpen, type Level, type LevelReason, levelOf, levels, openStatuses, type Status } from '../case/case.ts';
import type { Kind } from '../flow/session.ts';
import { purgeDeliveries } from './deliveries.ts';
import type { Keep, Tx } from './keep.ts';
import type { Seals } from './keys.ts';
import type { Tables } from './tables.ts';

const place = (row: string) => ({ table: 'cases', row, field: 'sealed' });

/** All but what is sealed: a list sorts thousands of rows, and need not carry that along. */
const columns = [
  'id',
  'ref',
  'kind',
  'status',
  'version',
  'level',
  'reasons',
  'set_level',
  'set_why',
  'set_by',
  'channel',
  'language',
  'country',
  'office',
  'opened_at',
  'waiting_since',
  'claimed_by',
  'referred_office',
  'referred_from',
  'closed_reason',
  'closed_at',
  'seq_in',
  'seq_out',
] as const;

export const caseOf = (row: Pick<Tables['cases'], (typeof columns)[number]>): Case => ({
  id: row.id,
  ref: row.ref,
  kind: row.kind as Kind,
  status: row.status as Status,
  version: row.version,
  level: row.level as Level,
  reasons: JSON.parse(row.reasons),
  override: row.set_level === null ? null : { level: row.set_level as Level, why: row.set_why as LevelReason, by: row.set_by ?? '' },
  channel: row.channel,
  language: row.language,
  country: row.country,
  office: row.office,
  openedAt: row.opened_at,
  waitingSince: row.waiting_since,
  claimedBy: row.claimed_by,
  referral: row.referred_from === null ? null : { office: row.referred_office, from: row.referred_from as Status },
  closedReason: row.closed_reason,
  closedAt: row.closed_at,
  seqIn: row.seq_in,
  seqOut: row.seq_out,
});

const ended = levels.length;
/** Where it stands in the queue before its wait counts. */
const placeOf = (kase: Case) => levels.indexOf(levelOf(kase)) + (isOpen(kase.status) ? 0 : ended);

const rowOf = (kase: Case): Omit<Tables['cases'], 'sealed' | 'phone' | 'alike' | 'flood'> => ({
  id: kase.id,
  ref: kase.ref,
  kind: kase.kind,
  status: kase.status,
  version: kase.version,
  level: kase.level,
  reasons: JSON.stringify(kase.reasons),
  channel: kase.channel,
  language: kase.language,
  country: kase.country,
  office: kase.office,
  set_level: kase.override?.level ?? null,
  set_why: kase.override?.why ?? null,
  set_by: kase.override?.by ?? null,
  opened_at: kase.openedAt,
  waiting_since: kase.waitingSince,
  claimed_by: kase.claimedBy,
  referred_office: kase.referral?.office ?? null,
  referred_from: kase.referral?.from ?? null,
  place: placeOf(kase),
  closed_reason: kase.closedReason,
  closed_at: kase.closedAt,
  seq_in: kase.seqIn,
  seq_out: kase.seqOut,
});

/** False when this request is here already, or was erased. */
export async function insertCase(tx: Tx, seal: Seals, kase: Case, content: Content): Promise<boolean> {
  if (await seal.isErased('desk', kase.id)) return false;
  const own = await seal.sealFor('desk', kase.id);
  const row = await tx
    .insertInto('cases')
    .values({ ...rowOf(kase), sealed: own.seal(JSON.stringify(content), place(kase.id)) })
    .onConflict((c) => c.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function findCase(db: Keep | Tx, id: string): Promise<Case | null> {
  const row = await db.selectFrom('cases').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : caseOf(row);
}

/** What the person handed over; null once it is purged or its key is gone. */
export async function findContent(db: Keep | Tx, seal: Seals, id: string): Promise<Content | null> {
  const row = await db.selectFrom('cases').select('sealed').where('id', '=', id).executeTakeFirst();
  if (row === undefined || row.sealed === '') return null;
  const text = (await seal.openFor('desk', id))(row.sealed, place(id));
  return text === null ? null : JSON.parse(text);
}

export async function saveContent(tx: Tx, seal: Seals, id: string, content: Content): Promise<void> {
  const own = await seal.sealFor('desk', id);
  await tx
    .updateTable('cases')
    .set({ sealed: own.seal(JSON.stringify(content), place(id)) })
    .where('id', '=', id)
    .execute();
}

/** Stores a changed request; false when it changed meanwhile. */
export async function saveCase(tx: Tx, before: Case, after: Case): Promise<boolean> {
  const row = await tx
    .updateTable('cases')
    .set(rowOf(after))
    .where('id', '=', before.id)
    .where('version', '=', before.version)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** One statement on id and status, so that of any number who try at once exactly one succeeds. */
export async function takeCase(
  tx: Tx,
  id: string,
  { kinds, offices = [] }: Pick<QueueFilter, 'kinds' | 'offices'>,
  by: string,
  version: number | null,
): Promise<Case | null> {
  let query = tx
    .updateTable('cases')
    .set((q) => ({ status: 'claimed' satisfies Status, claimed_by: by, version: q('version', '+', 1) }))
    .where('id', '=', id)
    .where('status', '=', 'new' satisfies Status)
    .where('kind', 'in', kinds);
  if (version !== null) query = query.where('version', '=', version);
  if (offices.length > 0) query = query.where((q) => q.or([q('office', 'is', null), q('office', 'in', offices)]));
  const row = await query.returningAll().executeTakeFirst();
  return row === undefined ? null : caseOf(row);
}

/** The content goes, the mark stays: state, kind and dates. False when it was gone already. */
export async function purgeCase(tx: Tx, id: string): Promise<boolean> {
  await purgeDeliveries(tx, id);
  const row = await tx
    .updateTable('cases')
    .set({ sealed: '', phone: null, alike: null, flood: null })
    .where('id', '=', id)
    .where('sealed', '!=', '')
    .returning('id')
    .executeTakeFirst();
  await tx.updateTable('messages').set({ sealed: '' }).where('case_id', '=', id).execute();
  await tx.updateTable('notes').set({ sealed: '' }).where('case_id', '=', id).execute();
  return row !== undefined;
}

export async function deleteCase(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('cases').where('id', '=', id).execute();
}

export type QueueKey = { rank: number; waitingSince: number; id: string };
export type QueueFilter = {
  kinds: readonly Kind[];
  statuses?: readonly Status[] | undefined;
  claimedBy?: string | undefined;
  /** Only the requests of this flood. */
  flood?: string | undefined;
  /** Of each of these floods only its head. */
  folded?: readonly { flood: string; head: string }[] | undefined;
  /** Of the one who looks: these, and what no office takes. */
  offices?: readonly string[] | undefined;
  /** Asked for; each narrows the list. */
  office?: string | undefined;
  level?: Level | undefined;
  language?: string | undefined;
  channel?: string | undefined;
};

export const keyOf = (kase: Case): QueueKey => ({ rank: placeOf(kase), waitingSince: kase.waitingSince, id: kase.id });

/** The requests of a filter, in no order yet. */
export function among(db: Keep | Tx, filter: QueueFilter) {
  const { offices = [], claimedBy, flood, folded = [], office, level, language, channel } = filter;
  const { statuses = openStatuses } = filter;
  let query = db.selectFrom('cases').where('kind', 'in', filter.kinds);
  // The index begins with the place: open requests are few among all that ever came.
  if (statuses.every(isOpen)) query = query.where('place', '<', ended);
  if (statuses !== openStatuses) query = query.where('status', 'in', statuses);
  if (offices.length > 0)
    query = query.where((q) => q.or([q('office', 'is', null), q('office', 'in', offices), q('referred_office', 'in', offices)]));
  if (claimedBy !== undefined) query = query.where('claimed_by', '=', claimedBy);
  if (flood !== undefined) query = query.where('flood', '=', flood);
  if (folded.length > 0) {
    const floods = folded.map((one) => one.flood);
    const heads = folded.map((one) => one.head);
    query = query.where((q) => q.or([q('flood', 'is', null), q('flood', 'not in', floods), q('id', 'in', heads)]));
  }
  if (office !== undefined) query = query.where('office', '=', office);
  if (level !== undefined) query = query.where('place', 'in', [levels.indexOf(level), levels.indexOf(level) + ended]);
  if (language !== undefined) query = query.where('language', '=', language);
  if (channel !== undefined) query = query.where('channel', '=', channel);
  return query;
}

/** Urgent, high, normal; within a level who waits longest; `after` is the last row already seen. */
export async function listQueue(db: Keep | Tx, filter: QueueFilter, after: QueueKey | null, limit: number): Promise<Case[]> {
  if (filter.kinds.length === 0) return [];
  let query = among(db, filter).select(columns);
  if (after !== null) query = query.where(sql<boolean>`(place, waiting_since, id) > (${after.rank}, ${after.waitingSince}, ${after.id})`);
  return (await query.orderBy('place').orderBy('waiting_since').orderBy('id').limit(limit).execute()).map(caseOf);
}

/** Figures for those who watch the service. Protection requests are not counted: they exist in the desk only. */
export async function queueFigures(db: Keep | Tx): Promise<{ open: number; unclaimed: number; oldestUrgent: number | null }> {
  const seen = db.selectFrom('cases').where('kind', '!=', 'protection' satisfies Kind);
  const count = async (statuses: readonly Status[]) =>
    (
      await seen
        .where('status', 'in', statuses)
        .select((q) => q.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
    ).n;
  const oldest = await seen
    .where('status', '=', 'new' satisfies Status)
    .where('place', '=', 0)
    .select((q) => q.fn.min('waiting_since').as('since'))
    .executeTakeFirst();
  return { open: Number(await count(openStatuses)), unclaimed: Number(await count(['new'])), oldestUrgent: oldest?.since ?? null };
}
