// What a store promises whichever engine it is on and however many processes use it.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openCase } from '../../src/case/case.ts';
import { appendAudit, verifyAudit } from '../../src/store/audit.ts';
import { insertCase, takeCase } from '../../src/store/cases.ts';
import { type Keep, migrations, openKeep } from '../../src/store/keep.ts';
import { delivered, enqueue, lease, nextDue } from '../../src/store/outbox.ts';
import { isPostgres, transact } from '../../src/store/transact.ts';
import { emptyStore } from '../support/keeps.ts';
import { testSeals } from '../support/seals.ts';

const seal = await testSeals(Buffer.alloc(32, 1));
const key = Buffer.alloc(32, 2);
const dying = fileURLToPath(new URL('../support/dies-migrating.ts', import.meta.url));
const open = async (where: string, known = migrations): Promise<Keep> => {
  const keep = await openKeep(where, () => {}, known);
  onTestFinished(() => keep.destroy());
  return keep;
};
/** Two processes on one store; SQLite has one, whose connection all its work shares. */
const pair = async (): Promise<[Keep, Keep]> => {
  const where = await emptyStore();
  const first = await open(where);
  return [first, isPostgres(first) ? await open(where) : first];
};
/** A process that makes the tables, and is killed at one of its statements. */
const making = async (where: string, statement: number) => {
  const child = spawn(process.execPath, [dying, where, String(statement)], { stdio: 'inherit' });
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
};
const both = <T>(keeps: [Keep, Keep], count: number, work: (keep: Keep, at: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, at) => work(keeps[at % 2 === 0 ? 0 : 1], at)));

async function put(keep: Keep, id: string): Promise<void> {
  const consent = {
    kind: 'return' as const,
    field: 'agree-return',
    version: 1,
    language: 'en',
    hash: '9b1c04aa72fe',
    at: '2026-11-22T01:19:41Z',
    covers: [],
  };
  const opening = openCase(
    { case_id: id, ref: '7K4-2PD', seq: 1, kind: 'return', channel: 'web', language: 'en', country: 'by', consent, answers: {} },
    1000,
  );
  if (!opening.ok) throw new Error(opening.code);
  await transact(keep, (tx) => insertCase(tx, seal, opening.case, opening.content));
}

describe('a database', () => {
  it('is made by the first of several processes that start at once', async () => {
    const where = await emptyStore();
    expect(await Promise.all([1, 2, 3].map(() => making(where, 0)))).toEqual([0, 0, 0]);
    expect(await (await open(where)).selectFrom('cases').selectAll().execute()).toEqual([]);
  });

  it.for([1, 2, 9, 19])('whose making was killed at its statement %s is made whole by the next start', async (n) => {
    const where = await emptyStore();
    expect(await making(where, n)).toBe('SIGKILL');
    const keep = await open(where);
    await put(keep, 'c_1');
    expect(await keep.selectFrom('cases').select('id').execute()).toHaveLength(1);
  });

  it('that is older is brought forward and keeps what is in it', async () => {
    const where = await emptyStore();
    await put(await open(where), 'c_1');
    const later = {
      up: (db: Parameters<(typeof migrations)[string]['up']>[0]) => db.schema.createTable('later').addColumn('id', 'text').execute(),
    };
    const keep = await open(where, { ...migrations, '99-later': later });
    expect(await keep.selectFrom('cases').select('id').execute()).toEqual([{ id: 'c_1' }]);
    await keep
      .insertInto('later' as 'meta')
      .values({ id: 'x' } as never)
      .execute();
  });

  it('that is newer is left alone, and the operator is told which version wrote it', async () => {
    const where = await emptyStore();
    await open(where, { ...migrations, '99-later': { up: async () => {} } });
    await expect(openKeep(where)).rejects.toThrow(/newer version \(99-later\)/);
  });

  it('keeps its form when a change of form fails halfway', async () => {
    const where = await emptyStore();
    await put(await open(where), 'c_1');
    const failing: (typeof migrations)[string] = {
      async up(db) {
        await db.schema.createTable('half').addColumn('id', 'text').execute();
        throw new Error('halfway');
      },
    };
    await expect(openKeep(where, () => {}, { ...migrations, '99-failing': failing })).rejects.toThrow();
    const keep = await open(where);
    expect(await keep.selectFrom('cases').select('id').execute()).toHaveLength(1);
    await expect(
      keep
        .selectFrom('half' as 'meta')
        .selectAll()
        .execute(),
    ).rejects.toThrow();
  });
});

describe('two processes on one store', () => {
  it('give a request to exactly one of a hundred who claim it', async () => {
    const keeps = await pair();
    await put(keeps[0], 'c_1');
    const takes = await both(keeps, 100, (keep, at) => transact(keep, (tx) => takeCase(tx, 'c_1', { kinds: ['return'] }, `a_${at}`, null)));
    expect(takes.filter((one) => one !== null)).toHaveLength(1);
  });

  it('write one log', async () => {
    const keeps = await pair();
    const entry = { actor: 'a_1', action: 'case.read', subject: 'c_1', detail: '' };
    await both(keeps, 100, (keep, at) => transact(keep, (tx) => appendAudit(tx, key, entry, at)));
    expect(await verifyAudit(keeps[0], key)).toMatchObject({ ok: true, head: { seq: 100 } });
  });

  it('see what the other has written before they write themselves', async () => {
    const keeps = await pair();
    await keeps[0].insertInto('meta').values({ name: 'count', sealed: '0' }).execute();
    await both(keeps, 60, (keep) =>
      transact(keep, async (tx) => {
        const row = await tx.selectFrom('meta').select('sealed').where('name', '=', 'count').executeTakeFirstOrThrow();
        await tx
          .updateTable('meta')
          .set({ sealed: String(Number(row.sealed) + 1) })
          .where('name', '=', 'count')
          .execute();
      }),
    );
    expect(await keeps[1].selectFrom('meta').select('sealed').where('name', '=', 'count').executeTakeFirst()).toEqual({ sealed: '60' });
  });

  it('post each event once, and the events of one request in their order', async () => {
    const keeps = await pair();
    for (let at = 0; at < 40; at += 1)
      for (const seq of [1, 2, 3])
        await enqueue(keeps[0], seal, 'cases', { type: 'message.received', data: { case_id: `c_${at}`, seq } }, at);
    const posted: string[] = [];
    const drained = await both(keeps, 6, async (keep) => {
      let count = 0;
      for (let idle = 0; idle < 20; ) {
        const due = await lease(keep, seal, 1000, 60_000, 4);
        idle = due.length === 0 ? idle + 1 : 0;
        for (const one of due) {
          posted.push(`${one.caseId} ${JSON.parse(one.body ?? '').data.seq}`);
          await delivered(keep, [one.id]);
          count += 1;
        }
      }
      return count;
    });
    expect(drained.reduce((sum, one) => sum + one, 0)).toBe(120);
    expect(new Set(posted).size).toBe(120);
    for (let at = 0; at < 40; at += 1)
      expect(posted.filter((one) => one.startsWith(`c_${at} `)).map((one) => one.split(' ')[1])).toEqual(['1', '2', '3']);
  });

  it('find the events of one that was killed when its lease is over, and know when that is', async () => {
    const [killed, other] = await pair();
    await enqueue(killed, seal, 'cases', { type: 'message.received', data: { case_id: 'c_1', seq: 1 } }, 0);
    expect(await lease(killed, seal, 1000, 30_000, 4)).toHaveLength(1);
    expect(await lease(other, seal, 2000, 30_000, 4)).toHaveLength(0);
    expect(await nextDue(other)).toBe(31_000);
    expect(await lease(other, seal, 31_000, 30_000, 4)).toHaveLength(1);
  });
});

describe('a change', () => {
  it.for(['40001', '40P01'])('that the database undid to let another pass (%s) is made again, whole', async (code) => {
    const [keep] = await pair();
    let tries = 0;
    await transact(keep, async (tx) => {
      await tx
        .insertInto('handled')
        .values({ id: `try ${tries}`, at: 1 })
        .execute();
      tries += 1;
      if (tries < 3) throw Object.assign(new Error('undone'), { code });
    });
    expect(await keep.selectFrom('handled').select('id').execute()).toEqual([{ id: 'try 2' }]);
  });

  it('that fails for another reason is not', async () => {
    const [keep] = await pair();
    let tries = 0;
    const failing = transact(keep, async () => {
      tries += 1;
      throw Object.assign(new Error('no'), { code: '23505' });
    });
    await expect(failing).rejects.toThrow('no');
    expect(tries).toBe(1);
  });
});

describe('what comes back', () => {
  it('is what was put in: times as numbers, signs of every script, and nothing for a character nobody can read', async () => {
    const [keep] = await pair();
    const at = Date.UTC(2026, 10, 24);
    await keep.insertInto('handled').values({ id: 'شكرا 👩‍👩‍👧 \u0000 ок', at }).execute();
    const row = await keep.selectFrom('handled').selectAll().executeTakeFirstOrThrow();
    expect(row.at).toBe(at);
    expect(row.id.replace(/[\0\ufffd]/g, '')).toBe('شكرا 👩‍👩‍👧  ок');
    const count = await keep
      .selectFrom('handled')
      .select((q) => q.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow();
    expect(count.n).toBe(1);
  });
});
