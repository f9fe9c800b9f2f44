// Killed after a request was written and before the session was, a person who had tapped "Send" was told
// "that question is closed" and never got their code; after DELETE, their answers stayed. The step came
// again, and met the request it had opened, or missed the one it had ended.
import { expect, it } from 'vitest';
import { StoreDown } from '../../src/store/forget.ts';
import { makeTalk, type Talk } from '../support/talk.ts';
import { toReceipt, toReturnConsent, walkTo } from '../support/ways.ts';

/** The message comes, its rows are written, the session is not; then it comes again. */
async function twice(talk: Talk, code: string): Promise<void> {
  const { save, forget } = talk.world.sessions;
  const down = () => Promise.reject(new StoreDown('killed'));
  Object.assign(talk.world.sessions, { save: down, forget: down });
  const [stamp = ''] = talk.last()?.choices[0]?.id.split('.') ?? [];
  const arrives = () => talk.arrives({ kind: 'choice', stamp, code }, 'the same');
  await expect(arrives()).rejects.toThrow(StoreDown);
  Object.assign(talk.world.sessions, { save, forget });
  await arrives();
}

it('a person who sends a request is told its code, and there is one request', async () => {
  const talk = await makeTalk();
  await walkTo(talk, toReceipt.slice(0, -1));
  await twice(talk, 'send');
  expect(talk.answer()).toMatch(/Your code: [0-9A-Z]{3}-[0-9A-Z]{3}/);
  expect((await talk.events()).map(({ type }) => type)).toEqual(['case.opened']);
  expect((await talk.session())?.session.done).toBe('handed-off');
});

it('a person whose yes opens a talk is told its code too', async () => {
  const talk = await makeTalk();
  await walkTo(talk, [...toReturnConsent.slice(0, -1), 'yes']);
  await twice(talk, 'yes');
  expect(talk.answer()).toMatch(/Your code: [0-9A-Z]{3}-[0-9A-Z]{3}/);
  expect((await talk.events()).map(({ type }) => type)).toEqual(['case.opened']);
});

it('a person who takes a request back is told so', async () => {
  const talk = await makeTalk();
  await walkTo(talk, toReceipt);
  await talk.starts();
  await talk.taps('withdraw');
  await twice(talk, 'take-back');
  expect(talk.answer()).toContain('Your request is taken back');
  expect((await talk.events()).map(({ type }) => type)).toEqual(['case.opened', 'case.withdrawn']);
});

it('a person who deletes everything leaves no session behind, and is told so', async () => {
  const talk = await makeTalk();
  await walkTo(talk, toReceipt);
  await talk.says('delete');
  const [first] = talk.buttons();
  await twice(talk, first ?? '');
  expect(await talk.session()).toBeUndefined();
  expect((await talk.rows())['addresses']).toBe(0);
});

it('a request that the desk closed meanwhile is not taken for one the person ended', async () => {
  const talk = await makeTalk();
  await walkTo(talk, toReceipt);
  await talk.starts();
  await talk.taps('withdraw');
  const [opened] = await talk.events();
  await talk.desk('case.closed', { case_id: opened.data.case_id, seq: 9 });
  await talk.taps('take-back').catch(() => {});
  expect(talk.answer()).not.toContain('Your request is taken back');
});
