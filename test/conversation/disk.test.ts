// The disk is full or read-only: nobody is told that something was saved which was not, and everything
// goes on when there is room again.
import { describe, expect, it, onTestFinished } from 'vitest';
import { tryWriting } from '../../src/store/keep.ts';
import { enqueue } from '../../src/store/outbox.ts';
import { spoil, troubles } from '../support/disk.ts';
import { makeTalk } from '../support/talk.ts';
import { toReceipt, walkTo } from '../support/ways.ts';
import { startWeb } from '../support/web.ts';

describe.each(troubles)('while the disk is %s', (trouble) => {
  it('a request is not taken, the person is told so once, and the same tap sends it later, once', async () => {
    const talk = await makeTalk();
    await walkTo(talk, toReceipt.slice(0, -1));
    const send = talk.last()?.choices.find((one) => one.id.endsWith('.send'))?.id ?? '';
    const tap = { kind: 'choice', stamp: send.split('.')[0] ?? '', code: 'send' } as const;
    const mend = await spoil(talk.world.keep, trouble);
    // Until the last page of the outbox has no room either.
    const { keep, seal } = talk.world;
    const fill = (seq: number) => enqueue(keep, seal, 'cases', { type: 'message.delivered', data: { case_id: 'c_fill', seq } }, 0);
    for (let seq = 1; await fill(seq).catch(() => false); ) seq += 1;
    const before = await talk.rows();
    const shown = talk.seen.length;
    await expect(talk.arrives(tap, 'same')).rejects.toThrow();
    await expect(talk.arrives(tap, 'same')).rejects.toThrow();
    const problem = talk.world.content.catalog.text('en', 'common', 'notices.problem');
    expect(talk.seen.slice(shown).map((message) => message.text)).toEqual([problem]);
    expect(await talk.rows()).toMatchObject({ addresses: before['addresses'], outbox: before['outbox'] });
    expect(talk.logged.join('')).toMatch(trouble === 'full' ? /ERR_SQLITE_ERROR:13/ : /ERR_SQLITE_ERROR:8/);
    await mend();
    await talk.arrives(tap, 'same');
    expect(talk.answer()).toMatch(/[0-9A-Z]{3}-[0-9A-Z]{3}/);
    expect(await talk.rows()).toMatchObject({ addresses: 1, outbox: (before['outbox'] ?? 0) + 1 });
  });

  it('the page says so, and the product does not call itself ready', async () => {
    const web = await startWeb();
    onTestFinished(() => web.stop());
    await tryWriting(web.world.keep);
    const mend = await spoil(web.world.keep, trouble);
    await expect(tryWriting(web.world.keep)).rejects.toThrow();
    await mend();
    await tryWriting(web.world.keep);
    expect((await web.world.keep.selectFrom('handled').select('id').execute()).length).toBe(0);
  });
});
