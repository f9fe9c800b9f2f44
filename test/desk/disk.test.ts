import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { opened, startDesk, type TestDesk } from '../support/desk.ts';
import { spoil, troubles } from '../support/disk.ts';

let on: TestDesk;
beforeEach(async () => {
  on = await startDesk();
  await on.hook(opened('c_8f31'));
  await on.api('POST', '/cases/c_8f31/claim');
});
afterEach(() => on.stop());

describe.each(troubles)('while the disk is %s', (trouble) => {
  it('the desk says that it is not possible now, keeps no half of a reply, and goes on afterwards', async () => {
    const mend = await spoil(on.desk.keep, trouble);
    const text = 'x'.repeat(4000);
    const answer = await on.api('POST', '/cases/c_8f31/reply', { text });
    expect([answer.status, ((await answer.json()) as { error: { code: string } }).error.code]).toEqual([503, 'unavailable']);
    const taken: string[] = [];
    // The pages there are hold a few more.
    for (let i = 0; i < 60; i += 1) if ((await on.hook(opened(`c_9f${i}`))).status === 202) taken.push(`c_9f${i}`);
    expect((await on.hook(opened('c_afff'))).status).toBe(503);
    await mend();
    const there = await on.desk.keep.selectFrom('cases').select('id').where('id', 'like', 'c_9f%').execute();
    expect(there.map((row) => row.id).sort()).toEqual(taken.sort());
    const rows = await on.desk.keep.selectFrom('messages').select('id').execute();
    expect(rows).toEqual([]);
    expect((await on.api('POST', '/cases/c_8f31/reply', { text })).status).toBe(202);
    expect((await on.hook(opened('c_afff'))).status).toBe(202);
    expect(on.lines.join('')).not.toContain('xxx');
  });
});
