// Tells open pages that a request changed, and nothing more: the page fetches itself again, so that who
// may see what is asked anew each time. The log is the source: every change has its line there, whichever
// process wrote it, and its number is the one a browser comes back with after a gap.
import type { Request, Response } from 'express';
import { kinds } from '../case/case.ts';
import { mayRead, sees } from '../case/queue.ts';
import { codeOf } from '../log.ts';
import { findCase } from '../store/cases.ts';
import { type Account, findSession } from '../store/people.ts';
import type { Desk } from './desk.ts';
import { actorOf, readToken } from './session.ts';

const every = 1000;
const beat = 25_000;
/** More at once is not told one by one: the page looks at everything. */
const most = 200;

/** `moved`: to other offices, or not to them after all. */
type Change = { seq: number; case: string; moved: boolean };
type Told = { case: string | null } | { all: true };
type Stream = { token: string; account: Account; response: Response; seq: number; beaten: number };

/** The number of the newest line. */
export async function lastChange(desk: Desk): Promise<number> {
  const row = await desk.keep.selectFrom('audit').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return row?.seq ?? 0;
}

async function changesAfter(desk: Desk, seq: number): Promise<Change[]> {
  const rows = await desk.keep
    .selectFrom('audit')
    .select(['seq', 'subject', 'action'])
    .where('seq', '>', seq)
    .where('subject', 'like', 'c%')
    .where('action', '!=', 'case.read')
    .orderBy('seq')
    .limit(most + 1)
    .execute();
  return rows.map((row) => ({ seq: row.seq, case: row.subject, moved: row.action.startsWith('referral.') }));
}

/** What of it this account may know: the id of a request it sees, or only that the queue changed. */
async function toldTo(desk: Desk, account: Account, change: Change): Promise<Told | null> {
  const kase = await findCase(desk.keep, change.case);
  if (kase === null) return null;
  if (sees(actorOf(account), kase)) return { case: kase.id };
  // It may have gone out of their sight: whatever page is open looks at itself, and no id is told.
  if (change.moved && mayRead(actorOf(account), kase.kind)) return { all: true };
  // A supervisor knows of protection requests by their reference alone.
  return kase.kind === 'protection' && account.roles.includes('supervisor') ? { case: null } : null;
}

const event = (seq: number, data: object) => `id: ${seq}\ndata: ${JSON.stringify(data)}\n\n`;

/** Opens `GET /live`, as a stream or, asked for JSON, as one answer for pages that cannot hold a stream. */
export function makeLive(desk: Desk) {
  const streams = new Set<Stream>();
  let timer: NodeJS.Timeout | undefined;
  let busy = false;

  function drop(stream: Stream): void {
    streams.delete(stream);
    stream.response.end();
    if (streams.size === 0) clearInterval(timer);
  }

  async function look(): Promise<void> {
    if (busy) return;
    busy = true;
    try {
      for (const stream of streams) await bringUp(stream);
    } catch (error) {
      desk.log.error('desk.live', { code: codeOf(error) });
      for (const stream of streams) drop(stream);
    } finally {
      busy = false;
    }
  }

  async function bringUp(stream: Stream): Promise<void> {
    // Signed out, closed or another role: the stream ends, and with it everything the page would show.
    const now = desk.now().getTime();
    const account = await findSession(desk.keep, stream.token, now, false);
    if (
      account === null ||
      account.roles.join() !== stream.account.roles.join() ||
      !kinds.some((kind) => mayRead(actorOf(account), kind))
    ) {
      stream.response.write('event: over\ndata: {}\n\n');
      return drop(stream);
    }
    stream.account = account;
    const changes = await changesAfter(desk, stream.seq);
    const told = new Set<string>();
    for (const change of changes.length > most ? [] : changes) {
      const data = await toldTo(desk, account, change);
      if (data === null || told.has(JSON.stringify(data))) continue;
      told.add(JSON.stringify(data));
      stream.response.write(event(change.seq, data));
    }
    if (changes.length > most) {
      stream.seq = await lastChange(desk);
      stream.response.write(event(stream.seq, { all: true }));
    } else stream.seq = changes.at(-1)?.seq ?? stream.seq;
    stream.beaten += every;
    if (stream.beaten >= beat) {
      stream.beaten = 0;
      stream.response.write(': still here\n\n');
    }
  }

  return async (_: Desk, request: Request, response: Response, account: Account): Promise<void> => {
    const given = /^\d{1,15}$/.exec(String(request.get('last-event-id') ?? request.query['since'] ?? ''))?.[0];
    const seq = given === undefined ? await lastChange(desk) : Number(given);
    if (request.accepts(['event-stream', 'json']) === 'json') {
      const changes = await changesAfter(desk, seq);
      const seen = await Promise.all(changes.slice(0, most).map((change) => toldTo(desk, account, change)));
      const ids = [...new Set(seen.flatMap((one) => (one === null || 'all' in one ? [] : [one.case])))];
      const all = changes.length > most || seen.some((one) => one !== null && 'all' in one);
      response.json({ seq: changes.at(-1)?.seq ?? seq, cases: ids, all });
      return;
    }
    response.status(200).set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' }).flushHeaders();
    response.write('retry: 3000\n\n');
    const stream: Stream = { token: readToken(desk, request) ?? '', account, response, seq, beaten: 0 };
    streams.add(stream);
    if (streams.size === 1) timer = setInterval(() => void look(), every).unref();
    response.on('close', () => drop(stream));
    void look();
  };
}
