import { describe, expect, it } from 'vitest';
import type { SendResult } from '../../src/channel/channel.ts';
import { caseEvent } from '../../src/handoff/contract.ts';
import { makeTalk, makeWorld } from '../support/talk.ts';
import { toGate, toReceipt, walkTo } from '../support/ways.ts';

const opened = async (setting: Parameters<typeof makeTalk>[0] = {}) => {
  const talk = await makeTalk(setting);
  await walkTo(talk, toReceipt);
  const [event] = await talk.events();
  return { talk, caseId: String(event.data.case_id) };
};
const types = (events: { type: string }[]) => events.map((event) => event.type);

describe('a caseworker answers', () => {
  it('and the person sees the words and can write straight back', async () => {
    const { talk, caseId } = await opened();
    const answer = await talk.desk('message.send', { case_id: caseId, seq: 1, message_id: 'm_aaaa1', text: 'Can you call on Monday?' });
    expect(answer.status).toBe(202);
    expect(talk.answer()).toContain('Can you call on Monday?');
    await talk.says('Yes, at ten');
    const events = await talk.events();
    expect(types(events)).toEqual(['case.opened', 'message.delivered', 'message.received']);
    expect(caseEvent.parse(events[1])).toMatchObject({ data: { message_id: 'm_aaaa1', possible_repeat: false } });
    expect(events[2].data.text).toBe('Yes, at ten');
  });

  it('and the same event sent again shows nothing twice', async () => {
    const { talk, caseId } = await opened();
    const send = () => talk.desk('message.send', { case_id: caseId, seq: 1, message_id: 'm_aaaa1', text: 'Hello' });
    await send();
    expect(await send()).toEqual({ status: 200, body: { duplicate: true } });
    expect(talk.answer()).toBe('');
  });

  it('and a person who blocked us is reported as blocked', async () => {
    let outcome: SendResult = { sent: true };
    const { talk, caseId } = await opened({ outcome: () => outcome });
    outcome = { gone: true };
    await talk.desk('message.send', { case_id: caseId, seq: 1, message_id: 'm_aaaa1', text: 'Hello' });
    expect((await talk.events()).at(-1)).toMatchObject({ type: 'message.failed', data: { reason: 'blocked_by_user' } });
  });

  it('and while the platform asks us to wait, the desk is asked to come again', async () => {
    let outcome: SendResult = { sent: true };
    const { talk, caseId } = await opened({ outcome: () => outcome });
    outcome = { later: 60_000 };
    expect((await talk.desk('message.send', { case_id: caseId, seq: 1, message_id: 'm_aaaa1', text: 'Hello' })).status).toBe(503);
    expect(types(await talk.events())).toEqual(['case.opened']);
  });

  it('and a person whose page is closed reads it when they open it again', async () => {
    let outcome: SendResult = { sent: true };
    const { talk, caseId } = await opened({ channel: 'web', outcome: () => outcome });
    outcome = { kept: true };
    await talk.desk('message.send', { case_id: caseId, seq: 1, message_id: 'm_aaaa1', text: 'We found a place' });
    expect(types(await talk.events())).toEqual(['case.opened']);
    expect(JSON.stringify(await talk.world.keep.selectFrom('kept').selectAll().execute())).not.toContain('We found');
    outcome = { sent: true };
    await talk.arrives({ kind: 'open' });
    expect(talk.answer()).toContain('We found a place');
    expect(types(await talk.events())).toEqual(['case.opened', 'message.delivered']);
    expect((await talk.rows())['kept']).toBe(0);
  });

  it('and a person whose session has expired reads it in their own language', async () => {
    const built = await makeWorld();
    const talk = await makeTalk({}, built);
    await talk.starts('fr');
    await talk.taps('fr', ...toReceipt.slice(1));
    const [event] = await talk.events();
    await built.world.sessions.forget(built.world.index('person', 'telegram', 'person-1'));
    await talk.desk('message.send', { case_id: event.data.case_id, seq: 1, message_id: 'm_aaaa1', text: 'Bonjour' });
    expect(talk.last()?.language).toBe('fr');
    await talk.says('Merci');
    expect((await talk.events()).at(-1)?.data.text).toBe('Merci');
  });

  it('and a text of four thousand characters arrives whole', async () => {
    const { talk, caseId } = await opened();
    const text = 'wort '.repeat(819);
    await talk.desk('message.send', { case_id: caseId, seq: 1, message_id: 'm_aaaa1', text });
    expect(talk.seen.every((message) => message.text.length <= 4096)).toBe(true);
    expect(talk.answer()).toContain(text.trim());
  });
});

describe('what the desk sends is only believed when it is signed', () => {
  it('an event for a case nobody has changes nothing', async () => {
    const talk = await makeTalk();
    await walkTo(talk, toGate);
    expect((await talk.desk('message.send', { case_id: 'c_00000000', seq: 1, message_id: 'm_aaaa1', text: 'Hello' })).status).toBe(202);
    expect(talk.answer()).toBe('');
  });

  it('an event of an unknown form is refused', async () => {
    const { talk, caseId } = await opened();
    expect((await talk.desk('message.send', { case_id: caseId, seq: 1, message_id: 'm_aaaa1', text: '' })).status).toBe(422);
    expect((await talk.desk('case.sold', { case_id: caseId, seq: 2 })).status).toBe(422);
  });
});

describe('when a request is closed', () => {
  it('the person is told, and the way to them is forgotten', async () => {
    const { talk, caseId } = await opened();
    await talk.desk('case.closed', { case_id: caseId, seq: 1 });
    expect(talk.answer()).toContain('closed');
    expect((await talk.rows())['addresses']).toBe(0);
    await talk.says('hello');
    expect(talk.buttons().slice(0, 2)).toEqual(['en', 'fr']);
  });

  it('erasing at the desk leaves nothing here either', async () => {
    const { talk, caseId } = await opened();
    await talk.desk('case.erased', { case_id: caseId, seq: 1 });
    expect(await talk.session()).toBeUndefined();
    expect(await talk.rows()).toMatchObject({ addresses: 0, consents: 0, outbox: 0 });
  });
});
