// Which requests of the queue belong to a flood: as many alike within a minute as no crowd of people
// sends. The queue shows the first of them with their number.
import { type Level, levels } from '../case/case.ts';
import { floodMs, floodSize, runOf } from '../case/flood.ts';
import { among, type QueueFilter } from './cases.ts';
import type { Keep, Tx } from './keep.ts';

/** `head`: the request of the flood that stands first in the queue. */
export type Flood = { flood: string; head: string; count: number; level: Level };

/** Notes what this request is like, in the transaction that stores it. `alike`: keyed hash. */
export async function noteAlike(tx: Tx, id: string, alike: string, at: number): Promise<void> {
  const before = await tx
    .selectFrom('cases as one')
    .innerJoin('cases as first', 'first.id', 'one.flood')
    .select(['one.flood', 'first.opened_at as first'])
    .where('one.alike', '=', alike)
    .where('one.opened_at', '>', at - floodMs)
    .orderBy('one.opened_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  const run = before?.flood == null ? null : { flood: before.flood, first: before.first };
  await tx
    .updateTable('cases')
    .set({ alike, flood: runOf(id, at, run) })
    .where('id', '=', id)
    .execute();
}

/** Floods among these requests. */
export async function floodsIn(db: Keep | Tx, filter: QueueFilter): Promise<Flood[]> {
  if (filter.kinds.length === 0) return [];
  const size = db.fn.countAll<number>();
  // From the index alone: on every other day there is no flood, and that should cost nothing.
  const any = await db
    .selectFrom('cases')
    .select('flood')
    .where('flood', 'is not', null)
    .groupBy('flood')
    .having(size, '>=', floodSize)
    .execute();
  const ids = any.flatMap(({ flood }) => flood ?? []);
  if (ids.length === 0) return [];
  const these = among(db, filter).where('flood', 'in', ids);
  const large = await these
    .select(['flood', size.as('count')])
    .groupBy('flood')
    .having(size, '>=', floodSize)
    .execute();
  const floods: Flood[] = [];
  for (const { flood, count } of large) {
    const head = await these
      .where('flood', '=', flood)
      .select(['id', 'level'])
      .orderBy('place')
      .orderBy('waiting_since')
      .orderBy('id')
      .limit(1)
      .executeTakeFirst();
    if (flood !== null && head !== undefined)
      floods.push({ flood, head: head.id, count: Number(count), level: levels.find((one) => one === head.level) ?? 'normal' });
  }
  return floods;
}
