// A person has everything deleted: the key first, then every row, and a kill in between changes nothing.
import { describe, expect, it } from 'vitest';
import { finishErasures } from '../../src/conversation/erase.ts';
import { dropSpareKeys } from '../../src/store/erase.ts';
import { makeTalk, type Talk } from '../support/talk.ts';
import { toReceipt, walkTo } from '../support/ways.ts';

const open = async () => {
  const talk = await makeTalk();
  await walkTo(talk, toReceipt);
  const [event] = await talk.events();
  return { talk, id: event.data.case_id as string };
};
const left = async ({ world }: Talk, id: string) => ({
  key: (await world.seal.lacking('bot', [id])).length === 0,
  address: await world.keep.selectFrom('addresses').select('case_id').execute(),
  consents: (await world.keep.selectFrom('consents').select('id').execute()).length,
  kept: (await world.keep.selectFrom('kept').select('case_id').execute()).length,
});
const nothing = { key: false, address: [], consents: 0, kept: 0 };

describe('a person who has everything deleted', () => {
  it('leaves no key, no address, no consent, no session; the desk hears of it and of nothing else', async () => {
    const { talk, id } = await open();
    await talk.says('DELETE');
    await talk.taps('delete-all');
    expect(await left(talk, id)).toEqual(nothing);
    expect(await talk.session()).toBeUndefined();
    expect(await talk.events()).toMatchObject([{ type: 'case.erased', data: { case_id: id } }]);
    expect(await talk.world.seal.erasedAfter('bot', '', 9)).toMatchObject([{ case_id: id, person: null }]);
  });

  it('is erased also when the desk began it', async () => {
    const { talk, id } = await open();
    expect((await talk.desk('case.erased', { case_id: id, seq: 1 })).status).toBe(202);
    expect(await left(talk, id)).toEqual(nothing);
    expect(await talk.session()).toBeUndefined();
    expect(talk.answer()).not.toBe('');
  });
});

describe('a kill in the middle of it', () => {
  it('after the key: the next start ends it, and tells the desk', async () => {
    const { talk, id } = await open();
    const { world } = talk;
    await world.seal.erase('bot', id, talk.clock.at, world.index('person', 'telegram', 'person-1'));
    expect(await finishErasures(world)).toBe(1);
    expect(await left(talk, id)).toEqual(nothing);
    expect(await talk.session()).toBeUndefined();
    expect(await talk.events()).toMatchObject([{ type: 'case.erased' }]);
    expect(await finishErasures(world)).toBe(0);
  });

  it('after the rows: the session still goes', async () => {
    const { talk, id } = await open();
    const { world } = talk;
    await world.seal.erase('bot', id, talk.clock.at, world.index('person', 'telegram', 'person-1'));
    for (const table of ['addresses', 'consents', 'outbox'] as const) await world.keep.deleteFrom(table).execute();
    expect(await talk.session()).toBeDefined();
    expect(await finishErasures(world)).toBe(1);
    expect(await talk.session()).toBeUndefined();
  });

  it('while the desk asked for it: the same event again ends it without an address to write to', async () => {
    const { talk, id } = await open();
    await talk.world.seal.erase('bot', id, talk.clock.at);
    const shown = talk.seen.length;
    expect((await talk.desk('case.erased', { case_id: id, seq: 1 })).status).toBe(202);
    expect(await left(talk, id)).toEqual(nothing);
    expect(talk.seen.length).toBe(shown);
    expect((await talk.desk('message.send', { case_id: id, seq: 2, message_id: 'm_later1', text: 'hello' })).status).toBe(202);
    expect(talk.seen.length).toBe(shown);
  });

  it('while the session store is away: it is remembered until it is back', async () => {
    const { talk, id } = await open();
    const { world } = talk;
    await world.seal.erase('bot', id, talk.clock.at, world.index('person', 'telegram', 'person-1'));
    const away = { forget: () => Promise.reject(new Error('away')) };
    await expect(finishErasures({ ...world, sessions: away })).rejects.toThrow();
    expect(await finishErasures(world)).toBe(1);
    expect(await talk.session()).toBeUndefined();
  });
});

describe('a person who takes a request back', () => {
  it('keeps the key only until everything queued is with the desk', async () => {
    const { talk, id } = await open();
    await talk.says('STOP');
    const later = Date.now() + 2 * 3_600_000;
    expect(await dropSpareKeys(talk.world.keep, talk.world.seal, 'bot', later)).toBe(0);
    await talk.world.keep.deleteFrom('outbox').execute();
    await talk.world.keep.deleteFrom('addresses').execute();
    expect(await dropSpareKeys(talk.world.keep, talk.world.seal, 'bot', later)).toBe(1);
    expect(await talk.world.seal.lacking('bot', [id])).toEqual([id]);
  });
});
