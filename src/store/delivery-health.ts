// How replies to people fared lately, by channel: counts alone. Protection requests are in none of them.
import type { Keep } from './keep.ts';

export type Fared = { channel: string; state: string; reason: string | null; count: number };

export async function fared(keep: Keep, since: number): Promise<Fared[]> {
  const rows = await keep
    .selectFrom('messages')
    .innerJoin('cases', 'cases.id', 'messages.case_id')
    .where('messages.direction', '=', 'out')
    .where('messages.at', '>=', since)
    .where('cases.kind', '!=', 'protection')
    .groupBy(['cases.channel', 'messages.state', 'messages.reason'])
    .select((q) => ['cases.channel', 'messages.state', 'messages.reason', q.fn.countAll<number>().as('n')])
    .orderBy('cases.channel')
    .orderBy('messages.state')
    .execute();
  return rows.map(({ channel, state, reason, n }) => ({ channel, state, reason, count: Number(n) }));
}
