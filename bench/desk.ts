// How long a caseworker waits: the queue page and a claim, over HTTP, from the real product on embedded
// stores that hold so many requests, of which at most 5,000 are open. One reader at a time.
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCase } from '../src/case/case.ts';
import { readConfig } from '../src/config.ts';
import { openStores, type Stores } from '../src/start/stores.ts';
import { insertCase } from '../src/store/cases.ts';
import type { Tx } from '../src/store/keep.ts';
import { addAccount, startSession } from '../src/store/people.ts';
import { transact } from '../src/store/transact.ts';
import { dataFolder, startProduct } from '../test/support/product.ts';

/** Milliseconds from request to the last byte. */
export type DeskRow = { cases: number; open: number; what: 'queue page' | 'claim'; times: number; p50: number; p95: number };

const mostOpen = 5_000;
const atOnce = 2_000;
const hour = 3_600_000;
const warm = 20;
const settleMs = 20_000;

const hex = (n: number) => n.toString(16).padStart(24, '0');
const languages = ['fr', 'en', 'es', 'ar'] as const;

/** Every third is a talk, every second of the others has a baby with them, every fifth no place to sleep. */
function opening(n: number) {
  const kind = n % 3 === 2 ? ('talk' as const) : ('return' as const);
  const language = languages[n % languages.length] ?? 'en';
  const consent = { kind, field: `agree-${kind}`, version: 1, language, hash: '9b1c04aa72fe', at: '2026-11-22T01:00:00Z', covers: [] };
  const answers = kind === 'talk' ? {} : { needs: n % 2 === 1 ? ['baby'] : ['none'], missing: n % 5 === 0 ? ['sleep'] : ['nothing'] };
  const ref = n.toString(36).toUpperCase().padStart(6, '0');
  return {
    ...{ case_id: `c_${hex(n)}`, ref: `${ref.slice(0, 3)}-${ref.slice(3)}`, seq: 1, kind, channel: 'web', language },
    ...{ country: n % 2 === 0 ? 'by' : 'gr', office: null, consent, answers },
  };
}

/** An open request; to every third somebody has replied. */
async function openOne(tx: Tx, seal: Stores['seal'], n: number, at: number): Promise<void> {
  const done = openCase(opening(n), at);
  if (!done.ok) throw new Error(done.code);
  await insertCase(tx, seal, done.case, done.content);
  const reply = { id: `m_${hex(n)}`, case_id: done.case.id, direction: 'out' as const, state: 'delivered', reason: null, sealed: '' };
  await tx
    .updateTable('cases')
    .set({ alike: hex(n), flood: done.case.id })
    .where('id', '=', done.case.id)
    .execute();
  if (n % 3 === 0)
    await tx
      .insertInto('messages')
      .values({ ...reply, possible_repeat: 0, urgent: 0, author: 'a_bench', at: at + hour })
      .execute();
}

/** Those that ended are what closing leaves: marks without anything told. */
async function ended(tx: Tx, from: number, to: number, now: number): Promise<void> {
  const like = await tx
    .selectFrom('cases')
    .selectAll()
    .where('id', '=', `c_${hex(0)}`)
    .executeTakeFirstOrThrow();
  const rows = Array.from({ length: to - from }, (_, at) => {
    const { case_id: id, ref, kind, language, country } = opening(from + at);
    const closed_at = now - (1 + ((from + at) % 300)) * 24 * hour;
    return {
      ...{
        ...like,
        id,
        ref,
        kind,
        language,
        country,
        sealed: '',
        flood: null,
        alike: null,
        status: 'closed',
        place: 5,
        closed_reason: 'done',
        claimed_by: 'a_bench',
      },
      ...{ closed_at, opened_at: closed_at - 24 * hour, waiting_since: closed_at - 24 * hour },
    };
  });
  // So many parameters fit into one statement.
  for (let at = 0; at < rows.length; at += 500)
    await tx
      .insertInto('cases')
      .values(rows.slice(at, at + 500))
      .execute();
}

/** Fills an empty folder; gives the cookie of somebody signed in. */
async function fill(folder: string, cases: number): Promise<{ cookie: string; open: number }> {
  const config = readConfig({ DATA_DIR: folder });
  const stores = 'findings' in config ? config : await openStores(config);
  if ('findings' in stores) throw new Error(stores.findings.join('\n'));
  const { keep, seal } = stores;
  const now = Date.now();
  const open = Math.min(cases, mostOpen);
  for (let from = 0; from < cases; from += atOnce)
    await transact(keep, async (tx) => {
      const to = Math.min(cases, from + atOnce);
      for (let n = from; n < Math.min(to, open); n += 1) await openOne(tx, seal, n, now - 20 * hour + n * 10_000);
      if (to > open) await ended(tx, Math.max(from, open), to, now);
    });
  const cookie = await transact(keep, async (tx) => {
    await addAccount(
      tx,
      {
        id: 'a_bench',
        login: 'bench',
        name: 'Bench',
        password: randomBytes(8).toString('hex'),
        roles: ['caseworker', 'supervisor'],
        language: 'en',
      },
      now,
    );
    return `desk=${await startSession(tx, 'a_bench', now)}`;
  });
  await stores.close();
  return { cookie, open };
}

const at = (times: number[], part: number) =>
  times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN;

/** The rows for these sizes; rejects where an answer is not the one a caseworker needs. */
export async function measureDesk(sizes: number[] = [100, 10_000, 100_000], pages = 300, claims = 60): Promise<DeskRow[]> {
  const rows: DeskRow[] = [];
  for (const cases of sizes) {
    const folder = dataFolder();
    try {
      const { cookie, open } = await fill(folder.path, cases);
      const product = await startProduct(folder.path);
      try {
        // At its start the product looks at every open request once; that is no part of a page.
        await sleep(settleMs);
        const timed = async (count: number, ask: (n: number) => Promise<Response>, status: number): Promise<number[]> => {
          const times: number[] = [];
          for (let n = 0; n < count + warm; n += 1) {
            const began = performance.now();
            const answer = await ask(n);
            const body = await answer.text();
            if (n >= warm) times.push(performance.now() - began);
            if (answer.status !== status || (status === 200 && !body.includes('data-case=')))
              throw new Error(`${answer.url} answered ${answer.status}`);
          }
          return times;
        };
        const queue = await timed(pages, () => fetch(`${product.url}/desk`, { headers: { cookie } }), 200);
        const post = { method: 'POST', redirect: 'manual' as const, headers: { cookie, origin: product.url } };
        const claim = await timed(Math.min(claims, open - warm), (n) => fetch(`${product.url}/desk/cases/c_${hex(n)}/claim`, post), 303);
        for (const [what, times] of [
          ['queue page', queue],
          ['claim', claim],
        ] as const)
          rows.push({ cases, open, what, times: times.length, p50: at(times, 0.5), p95: at(times, 0.95) });
      } finally {
        await product.end('SIGTERM');
      }
    } finally {
      folder.remove();
    }
  }
  return rows;
}
