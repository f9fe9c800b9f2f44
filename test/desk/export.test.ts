// What leaves the desk as a file, who may take it, and what never does; and erasing for good.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashPassword } from '../../src/desk/password.ts';
import { setOffices } from '../../src/store/people.ts';
import { transact } from '../../src/store/transact.ts';
import { opened, said, startDesk, type TestDesk, told } from '../support/desk.ts';

const password = 'correct horse battery';
const canary = 'Zohra-canary';
let on: TestDesk;
let cookie = '';
let id = '';
beforeEach(async () => {
  on = await startDesk();
  ({ id, cookie } = await on.signedIn('Chief', ['supervisor']));
  await on.desk.keep
    .updateTable('accounts')
    .set({ password: await hashPassword(password) })
    .execute();
  await on.hook(opened('c_first', { ref: 'AAA-222', answers: { needs: ['baby'], number: `+0${canary}` } }));
  await on.hook(said('c_first', 2, canary));
  await on.hook(opened('c_other', { ref: 'BBB-222', kind: 'talk', country: 'gr' }));
  await on.hook(opened('c_shield', { ref: 'PRT-222', kind: 'protection' }));
  await on.hook(opened('c_back', { ref: 'WDN-222' }));
  await on.hook(told('case.withdrawn', 'c_back', 2));
});
afterEach(() => on.stop());

const take = (form: Record<string, string> = {}) => on.post('/desk/export', cookie, { which: 'all', as: 'csv', ...form });
const rows = async () =>
  (await on.desk.keep.selectFrom('audit').selectAll().where('action', '=', 'data.exported').execute()).map(
    (row) => `${row.actor} ${row.detail}`,
  );

describe('an export', () => {
  it('holds marks of requests and nothing anybody told, and is one row in the log', async () => {
    const answer = await take();
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
      200,
      'text/csv; charset=utf-8',
      'attachment; filename="requests-2026-11-22.csv"',
    ]);
    expect(await answer.text()).toBe(
      [
        '"ref","kind","status","level","channel","language","country","office","opened","closed","closed_reason"',
        '"AAA-222","return","new","high","telegram","fr","by","minsk","2026-11-22","",""',
        '"BBB-222","talk","new","normal","telegram","fr","gr","gr","2026-11-22","",""',
        '',
      ].join('\r\n'),
    );
    expect(await rows()).toEqual([`${id} all csv 2`]);
  });

  it('as JSON says the same', async () => {
    const { requests } = (await (await take({ as: 'json', which: 'open' })).json()) as { requests: Record<string, string>[] };
    expect(requests.map((one) => one['ref'])).toEqual(['AAA-222', 'BBB-222']);
    expect(JSON.stringify(requests)).not.toMatch(/canary|baby|c_first/);
  });

  it('holds closed requests only when asked for', async () => {
    await on.post('/desk/cases/c_other/close', cookie, { reason: 'done' });
    expect(await (await take({ which: 'open' })).text()).not.toContain('BBB-222');
    expect(await (await take()).text()).toContain('"BBB-222","talk","closed"');
  });

  it('holds the offices of whoever asks, and those of nobody', async () => {
    await transact(on.desk.keep, (tx) => setOffices(tx, id, ['gr']));
    await on.hook(opened('c_anywhere', { ref: 'ANY-222', country: 'xx' }));
    const file = await (await take()).text();
    expect([file.includes('AAA-222'), file.includes('BBB-222'), file.includes('ANY-222')]).toEqual([false, true, true]);
  });

  it('needs the password again after ten minutes', async () => {
    on.clock.now += 10 * 60_000;
    const refused = await take();
    expect([refused.status, refused.headers.get('content-disposition')]).toEqual([403, null]);
    expect(await refused.text()).toContain('name="password"');
    expect(await rows()).toEqual([]);
    expect((await take({ password })).headers.get('content-disposition')).toContain('attachment');
  });

  it('is nobody else’s', async () => {
    const { cookie: others } = await on.signedIn('Others', ['caseworker', 'protection', 'administrator', 'auditor']);
    expect((await on.get('/desk/export', others)).status).toBe(404);
    expect((await on.post('/desk/export', others, { which: 'all', as: 'csv' })).status).toBe(404);
    expect(await rows()).toEqual([]);
  });
});

describe('erasing at the desk', () => {
  const erase = (form: Record<string, string> = { sure: 'yes' }, of = 'c_first', as = cookie) =>
    on.post(`/desk/cases/${of}/erase`, as, form);
  const status = async (of = 'c_first') =>
    (await on.desk.keep.selectFrom('cases').select('status').where('id', '=', of).executeTakeFirstOrThrow()).status;

  it('needs a tick and a fresh password, and then leaves nothing of the person', async () => {
    on.clock.now += 10 * 60_000;
    expect(await (await on.get('/desk/cases/c_first/erase', cookie)).text()).toContain('AAA-222');
    expect((await erase({ password })).status).toBe(422);
    expect((await erase()).status).toBe(403);
    expect((await erase({ sure: 'yes', password: 'wrong password!' })).status).toBe(403);
    expect(await status()).toBe('new');
    expect((await erase({ sure: 'yes', password })).status).toBe(303);
    expect(await status()).toBe('erased');
    expect(await on.desk.seal.isErased('desk', 'c_first')).toBe(true);
    const told = await on.desk.keep.selectFrom('outbox').select('case_id').where('target', '=', 'messages').execute();
    expect(told).toEqual([{ case_id: 'c_first' }]);
    const row = await on.desk.keep.selectFrom('audit').selectAll().where('action', '=', 'case.erased').executeTakeFirstOrThrow();
    expect([row.actor, row.subject, row.detail]).toEqual([id, 'c_first', 'asked']);
  });

  it('of a protection request is for protection staff alone, and no caseworker erases anything', async () => {
    expect((await erase({ sure: 'yes' }, 'c_shield')).status).toBe(404);
    const { cookie: worker } = await on.signedIn('Worker', ['caseworker']);
    expect((await erase({ sure: 'yes' }, 'c_first', worker)).status).toBe(404);
    const { cookie: shield } = await on.signedIn('Shield', ['protection']);
    expect((await erase({ sure: 'yes' }, 'c_shield', shield)).status).toBe(303);
    expect([await status(), await status('c_shield')]).toEqual(['new', 'erased']);
  });

  it('is still possible for what is closed', async () => {
    await on.post('/desk/cases/c_first/close', cookie, { reason: 'done' });
    expect(await (await on.get('/desk/cases/c_first', cookie)).text()).toContain('/desk/cases/c_first/erase');
    expect((await erase()).status).toBe(303);
    expect(await status()).toBe('erased');
  });
});
