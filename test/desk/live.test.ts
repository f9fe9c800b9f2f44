// Open pages hear that a request changed: by its id alone, only whoever may see it, from where they left
// off, and not a second longer than they are signed in.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setOffices } from '../../src/store/people.ts';
import { transact } from '../../src/store/transact.ts';
import { opened, said, startDesk, type TestDesk } from '../support/desk.ts';

let on: TestDesk;
const streams: AbortController[] = [];
beforeEach(async () => {
  on = await startDesk();
});
afterEach(async () => {
  for (const stream of streams.splice(0)) stream.abort();
  await on.stop();
});

/** An open stream, and what came over it so far. */
async function listen(cookie: string, headers: Record<string, string> = {}, query = '') {
  const stop = new AbortController();
  streams.push(stop);
  const answer = await fetch(`${on.base}/desk/live${query}`, {
    headers: { cookie, accept: 'text/event-stream', ...headers },
    signal: stop.signal,
  });
  const heard = { text: '', over: false, answer };
  void (async () => {
    const decoder = new TextDecoder();
    for await (const part of answer.body ?? []) heard.text += decoder.decode(part, { stream: true });
    heard.over = true;
  })().catch(() => {});
  return heard;
}
async function until(holds: () => boolean): Promise<void> {
  for (let at = 0; at < 200; at += 1) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('not within ten seconds');
}
const worker = async () => (await on.signedIn('Amina', ['caseworker'])).cookie;

describe('a stream', () => {
  it('says which request changed, and nothing else', async () => {
    await on.hook(opened('c_8f31'));
    const heard = await listen(await worker());
    expect(heard.answer.headers.get('content-type')).toContain('text/event-stream');
    await on.hook(said('c_8f31', 2, 'words nobody else should see'));
    await until(() => heard.text.includes('data:'));
    expect(heard.text.replace(/id: \d+/, 'id: N')).toBe('retry: 3000\n\nid: N\ndata: {"case":"c_8f31"}\n\n');
  });

  it('begins where the browser left off', async () => {
    const cookie = await worker();
    await on.hook(opened('c_one1'));
    const { seq } = await on.desk.keep.selectFrom('audit').select('seq').orderBy('seq', 'desc').executeTakeFirstOrThrow();
    await on.hook(opened('c_two2'));
    const heard = await listen(cookie, { 'last-event-id': String(seq) });
    await until(() => heard.text.includes('c_two2'));
    expect(heard.text).not.toContain('c_one1');
    const later = await listen(cookie, {}, `?since=${seq}`);
    await until(() => later.text.includes('c_two2'));
  });

  it('tells of a long gap in one word', async () => {
    const cookie = await worker();
    await on.hook(opened('c_8f31'));
    await transact(on.desk.keep, async (tx) => {
      const row = await tx.selectFrom('audit').selectAll().orderBy('seq', 'desc').executeTakeFirstOrThrow();
      const many = Array.from({ length: 300 }, (_, at) => ({ ...row, seq: row.seq + 1 + at }));
      await tx.insertInto('audit').values(many).execute();
    });
    const heard = await listen(cookie, {}, '?since=0');
    await until(() => heard.text.includes('data:'));
    expect(heard.text).toContain('data: {"all":true}');
    expect(heard.text).not.toContain('c_8f31');
  });

  it('is silent about who looked at what', async () => {
    const cookie = await worker();
    await on.hook(opened('c_8f31'));
    const heard = await listen(cookie);
    await on.get('/desk/cases/c_8f31', cookie);
    await on.hook(opened('c_last'));
    await until(() => heard.text.includes('c_last'));
    expect(heard.text).not.toContain('c_8f31');
  });

  it('says nothing of a protection request to others; a supervisor hears that there is one, not which', async () => {
    const heard = await listen(await worker());
    const above = await listen((await on.signedIn('Chief', ['supervisor'])).cookie);
    const own = await listen((await on.signedIn('Shield', ['protection'])).cookie);
    await on.hook(opened('c_shield', { kind: 'protection' }));
    await on.hook(opened('c_last'));
    await until(() => heard.text.includes('c_last') && above.text.includes('c_last') && own.text.includes('c_shield'));
    expect(heard.text).not.toMatch(/c_shield|null/);
    expect(above.text).toContain('{"case":null}');
    expect(above.text).not.toContain('c_shield');
  });

  it('has the pages of an office look at themselves once another office took a request, and names none to a third', async () => {
    const at = async (name: string, office: string) => {
      const { id, cookie } = await on.signedIn(name, ['caseworker']);
      await transact(on.desk.keep, (tx) => setOffices(tx, id, [office]));
      return cookie;
    };
    const [minsk, greek, third] = [await at('Amina', 'minsk'), await at('Eleni', 'gr'), await at('Third', 'elsewhere')];
    await on.hook(opened('c_8f31'));
    await on.post('/desk/cases/c_8f31/claim', minsk);
    await on.post('/desk/cases/c_8f31/refer', minsk, { to: 'office gr' });
    const [old, now, other] = [await listen(minsk), await listen(greek), await listen(third)];
    await on.post('/desk/cases/c_8f31/take', greek);
    await until(() => [old, now, other].every((one) => one.text.includes('data:')));
    expect(now.text).toContain('{"case":"c_8f31"}');
    for (const one of [old, other]) expect(one.text).toMatch(/data: \{"all":true\}/);
    expect(old.text + other.text).not.toContain('c_8f31');
  });

  it('ends when its reader signs out', async () => {
    const cookie = await worker();
    const heard = await listen(cookie);
    await on.post('/desk/sign-out', cookie);
    await until(() => heard.over);
    await on.hook(opened('c_8f31'));
    expect(heard.text).toContain('event: over');
    expect(heard.text).not.toContain('c_8f31');
  });

  it('ends when its reader is given other roles, and when the account is closed', async () => {
    const { id, cookie } = await on.signedIn('Amina', ['caseworker']);
    const heard = await listen(cookie);
    await on.desk.keep.updateTable('accounts').set({ roles: '["auditor"]' }).where('id', '=', id).execute();
    await until(() => heard.over);
    const { id: other, cookie: theirs } = await on.signedIn('Boris', ['caseworker']);
    const { cookie: admin } = await on.signedIn('Admin', ['administrator']);
    const second = await listen(theirs);
    await on.post(`/desk/people/${other}/disable`, admin);
    await until(() => second.over);
  });

  it('keeps nobody signed in', async () => {
    const cookie = await worker();
    const heard = await listen(cookie);
    for (let at = 0; at < 4; at += 1) {
      on.clock.now += 10 * 60_000;
      await on.get('/desk', '');
      await fetch(`${on.base}/desk`, { redirect: 'manual', headers: { cookie, 'x-live': '1' } });
    }
    await until(() => heard.over);
    expect((await on.get('/desk', cookie)).status).toBe(401);
  });
});

describe('a page that cannot hold a stream', () => {
  it('asks from time to time and hears the same', async () => {
    const cookie = await worker();
    await on.hook(opened('c_8f31'));
    await on.hook(opened('c_shield', { kind: 'protection' }));
    const ask = async (since: number) =>
      (await fetch(`${on.base}/desk/live?since=${since}`, { headers: { cookie, accept: 'application/json' } })).json();
    expect(await ask(0)).toEqual({ seq: 2, cases: ['c_8f31'], all: false });
    expect(await ask(2)).toEqual({ seq: 2, cases: [], all: false });
  });
});
