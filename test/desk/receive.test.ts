// What the bot hands over arrives once, whole, or not at all.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sign } from '../../src/handoff/sign.ts';
import { findCase, findContent } from '../../src/store/cases.ts';
import { transcriptOf } from '../../src/store/transcript.ts';
import { json, opened, said, secret, startDesk, type TestDesk, told } from '../support/desk.ts';

let on: TestDesk;
beforeEach(async () => {
  on = await startDesk();
});
afterEach(() => on.stop());

const id = 'c_8f31';
const kase = async () => {
  const found = await findCase(on.desk.keep, id);
  if (found === null) throw new Error('no case');
  return found;
};
const messages = () => transcriptOf(on.desk.keep, on.desk.seal, id);
const raw = (body: string, headers: Record<string, string>) => fetch(`${on.base}/hooks/cases`, { method: 'POST', body, headers });
const rows = async (table: 'cases' | 'messages' | 'audit' | 'handled' | 'outbox') =>
  (await on.desk.keep.selectFrom(table).selectAll().execute()).length;

describe('a request', () => {
  it('of a person arrives with its level and reasons', async () => {
    const answer = await on.hook(opened(id));
    expect(answer.status).toBe(202);
    expect(await kase()).toMatchObject({ status: 'new', level: 'urgent', reasons: ['no-shelter-baby', 'at-border'], language: 'fr' });
    expect(await findContent(on.desk.keep, on.desk.seal, id)).toMatchObject({ answers: { needs: ['baby'] } });
  });

  it('waits from the moment the person sent it, not from when it arrived', async () => {
    on.clock.now += 3_600_000;
    await on.hook(opened(id));
    expect(await kase()).toMatchObject({ openedAt: on.clock.now - 3_600_000, waitingSince: on.clock.now - 3_600_000 });
  });

  it('sent a hundred times at once is one request', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => on.hook(opened(id))));
    const statuses = answers.map((answer) => answer.status);
    expect(statuses.filter((status) => status === 202)).toHaveLength(1);
    expect(statuses.filter((status) => status === 200)).toHaveLength(99);
    expect(await rows('cases')).toBe(1);
    expect(await rows('audit')).toBe(1);
  });

  it('repeated hears that it is a duplicate', async () => {
    await on.hook(opened(id));
    expect(await (await on.hook(opened(id))).json()).toEqual({ duplicate: true });
  });

  it('under another webhook id opens nothing a second time', async () => {
    await on.hook(opened(id));
    const body = JSON.stringify(opened(id));
    const answer = await raw(body, { ...sign([secret], 'msg_other', Buffer.from(body), on.clock.now) });
    expect([answer.status, await answer.json()]).toEqual([200, { applied: false, reason: 'stale' }]);
    expect(await rows('cases')).toBe(1);
  });

  it.for([
    ['a consent of another kind', { consent: { ...opened(id).data, kind: 'talk' } }],
    ['answers in a talk', { kind: 'talk', answers: { needs: ['baby'] } }],
    ['answers in a protection request', { kind: 'protection', answers: { needs: ['baby'] } }],
    ['no consent', { consent: undefined }],
    ['a field nobody knows', { name: 'Canary Person' }],
  ])('with %s is refused and leaves nothing', async ([, change]) => {
    const answer = await on.hook(opened(id, change as Record<string, unknown>));
    expect(answer.status).toBe(422);
    expect(await answer.text()).not.toContain('Canary');
    for (const table of ['cases', 'audit', 'handled'] as const) expect(await rows(table)).toBe(0);
  });

  it("of a child's assent is protection and urgent; the same assent opens no talk", async () => {
    const consent = {
      kind: 'protection',
      field: 'assent',
      version: 5,
      language: 'fr',
      hash: '9b1c04aa72fe',
      at: '2026-11-22T01:19:41Z',
      covers: [],
    };
    expect((await on.hook(opened(id, { kind: 'protection', consent }))).status).toBe(202);
    expect(await kase()).toMatchObject({ level: 'urgent', reasons: ['child-alone', 'protection'] });
    expect((await on.hook(opened('c_0000', { kind: 'talk', consent: { ...consent, kind: 'talk' } }))).status).toBe(422);
  });

  it('that asked for a person says so', async () => {
    await on.hook(opened(id, { answers: { needs: null }, reason: 'asked-for-person' }));
    expect(await kase()).toMatchObject({ level: 'normal', reasons: ['asked-for-person', 'not-answered'] });
  });
});

describe('the door', () => {
  const body = JSON.stringify(opened(id));
  const good = () => sign([secret], 'msg_1', Buffer.from(body), on.clock.now);

  it.for<[string, () => Record<string, string>]>([
    ['no headers', () => ({})],
    ['another secret', () => ({ ...sign([`whsec_${Buffer.alloc(32, 9).toString('base64')}`], 'msg_1', Buffer.from(body), on.clock.now) })],
    ['another body', () => ({ ...sign([secret], 'msg_1', Buffer.from(`${body} `), on.clock.now) })],
    ['another id', () => ({ ...good(), 'webhook-id': 'msg_2' })],
    ['a time six minutes old', () => ({ ...sign([secret], 'msg_1', Buffer.from(body), on.clock.now - 360_000) })],
    ['a time six minutes ahead', () => ({ ...sign([secret], 'msg_1', Buffer.from(body), on.clock.now + 360_000) })],
    ['an id with dots', () => ({ ...sign([secret], 'a.b', Buffer.from(body), on.clock.now) })],
  ])('stays shut for %s', async ([, headers]) => {
    const answer = await raw(body, headers());
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ error: { code: 'unauthorized' } });
    expect(await rows('handled')).toBe(0);
  });

  it('opens for the old secret while it is being replaced', async () => {
    const fresh = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
    on.desk.secrets = [fresh, secret];
    expect((await raw(body, { ...good() })).status).toBe(202);
  });

  it('takes the bytes as they came: a body written otherwise does not fit', async () => {
    expect((await raw(JSON.stringify(JSON.parse(body), null, 1), { ...good() })).status).toBe(401);
  });

  it.for(['not json', '{}', '[]', '{"type":"case.closed"}', 'null'])('refuses %s without repeating it', async (text) => {
    const answer = await raw(text, { ...sign([secret], 'msg_9', Buffer.from(text), on.clock.now) });
    expect(answer.status).toBe(422);
    expect((await answer.text()).length).toBeLessThan(200);
  });

  it('refuses what is over 64 kB before reading it', async () => {
    const big = 'x'.repeat(70_000);
    const answer = await raw(big, { ...sign([secret], 'msg_9', Buffer.from(big), on.clock.now) });
    expect([answer.status, (await json(answer)).error.code]).toEqual([413, 'too_large']);
  });
});

describe("a person's message", () => {
  beforeEach(() => on.hook(opened(id)));

  it('is in the transcript, sealed in the store', async () => {
    expect((await on.hook(said(id, 2, 'Où dormir ?'))).status).toBe(202);
    expect(await messages()).toMatchObject([{ direction: 'in', text: 'Où dormir ?', state: 'received' }]);
    expect(JSON.stringify(await on.desk.keep.selectFrom('messages').selectAll().execute())).not.toContain('dormir');
  });

  it('after a reply brings the request back to us, and its wait begins anew', async () => {
    await on.api('POST', `/cases/${id}/claim`);
    const { id: message } = await json(await on.api('POST', `/cases/${id}/reply`, { text: 'Bonjour' }));
    on.clock.now += 60_000;
    await on.hook(told('message.delivered', id, 2, { message_id: message, possible_repeat: true }));
    expect(await kase()).toMatchObject({ status: 'waiting_person', waitingSince: on.clock.now });
    expect(await messages()).toMatchObject([{ state: 'delivered', possibleRepeat: true }]);
    on.clock.now += 60_000;
    await on.hook(said(id, 3, 'Merci', {}, on.clock.now));
    expect(await kase()).toMatchObject({ status: 'waiting_us', waitingSince: on.clock.now });
  });

  it('overtaken by a later one still counts', async () => {
    await on.hook(said(id, 3, 'second'));
    expect((await on.hook(said(id, 2, 'first'))).status).toBe(202);
    expect((await messages()).map((one) => one.text).sort()).toEqual(['first', 'second']);
    expect((await kase()).seqIn).toBe(3);
  });

  it('with a number that was used already is stale', async () => {
    await on.hook(said(id, 2, 'one'));
    const body = JSON.stringify(said(id, 2, 'two', { message_id: 'm_other' }));
    const answer = await raw(body, { ...sign([secret], 'msg_x', Buffer.from(body), on.clock.now) });
    expect([answer.status, await answer.json()]).toEqual([200, { applied: false, reason: 'stale' }]);
    expect(await messages()).toHaveLength(1);
  });

  it('that comes before its request is sent again later and not lost', async () => {
    expect((await on.hook(said('c_late', 2, 'early'))).status).toBe(422);
    await on.hook(opened('c_late'));
    expect((await on.hook(said('c_late', 2, 'early'))).status).toBe(202);
  });

  it('with crisis words makes the request urgent and keeps the earlier reasons', async () => {
    await on.hook(opened('c_calm', { answers: { needs: ['none'], missing: ['nothing'] } }));
    await on.hook(said('c_calm', 2, 'help', { urgent: true }));
    expect(await findCase(on.desk.keep, 'c_calm')).toMatchObject({ level: 'urgent', reasons: ['crisis-words'] });
    expect(on.lines.join('')).toContain('desk.urgent');
  });

  it('with the number of a message in another request loses no words', async () => {
    await on.hook(opened('c_other'));
    await on.hook(said(id, 2, 'mine', { message_id: 'm_same' }));
    await on.hook(said('c_other', 2, 'theirs', { message_id: 'm_same' }));
    expect(await messages()).toMatchObject([{ text: 'mine' }]);
    expect(await transcriptOf(on.desk.keep, on.desk.seal, 'c_other')).toMatchObject([{ text: 'theirs' }]);
  });
});

describe('a reply', () => {
  it('that did not arrive says why, and the request is ours again', async () => {
    await on.hook(opened(id));
    await on.api('POST', `/cases/${id}/claim`);
    const send = async () => (await json(await on.api('POST', `/cases/${id}/reply`, { text: 'x' }))).id;
    const [first, second] = [await send(), await send()];
    await on.hook(told('message.delivered', id, 2, { message_id: first, possible_repeat: false }));
    await on.hook(told('message.failed', id, 3, { message_id: second, reason: 'blocked_by_user' }));
    expect((await kase()).status).toBe('waiting_us');
    expect((await messages()).find((one) => one.id === second)).toMatchObject({ state: 'failed', reason: 'blocked_by_user' });
    const again = await on.hook(told('message.delivered', id, 4, { message_id: second, possible_repeat: false }));
    expect(await again.json()).toEqual({ applied: false, reason: 'stale' });
  });
});

describe('a person who takes the request back', () => {
  it('ends it at once: nothing queued goes out, nothing told is kept', async () => {
    await on.hook(opened(id));
    await on.api('POST', `/cases/${id}/claim`);
    await on.api('POST', `/cases/${id}/reply`, { text: 'queued words' });
    expect(await rows('outbox')).toBe(1);
    expect((await on.hook(told('case.withdrawn', id, 2))).status).toBe(202);
    expect(await rows('outbox')).toBe(0);
    expect((await kase()).status).toBe('withdrawn');
    expect(await findContent(on.desk.keep, on.desk.seal, id)).toBeNull();
    expect(await messages()).toMatchObject([{ state: 'failed', reason: 'withdrawn', text: null }]);
    const reply = await on.api('POST', `/cases/${id}/reply`, { text: 'x' });
    expect([reply.status, (await json(reply)).error.code]).toEqual([409, 'no_consent']);
  });

  it('before the request even came is not asked again', async () => {
    expect((await on.hook(told('case.withdrawn', id, 2))).status).toBe(202);
    expect((await on.hook(opened(id))).status).toBe(200);
    expect(await rows('cases')).toBe(0);
  });
});

describe('a person who has everything erased', () => {
  it('leaves a mark without anything of theirs', async () => {
    await on.hook(opened(id));
    await on.hook(said(id, 2, 'words'));
    await on.api('POST', `/cases/${id}/note`, { text: 'noted' });
    await on.api('POST', `/cases/${id}/reply`, { text: 'queued' });
    expect((await on.hook(told('case.erased', id, 3))).status).toBe(202);
    expect(await kase()).toMatchObject({ status: 'erased', reasons: [], country: null, language: 'und', claimedBy: null });
    expect([await rows('messages'), await rows('outbox')]).toEqual([0, 0]);
    expect(await on.desk.keep.selectFrom('notes').selectAll().execute()).toEqual([]);
    expect((await on.hook(said(id, 4, 'late'))).status).toBe(200);
    expect((await on.hook(opened(id))).status).toBe(200);
    expect((await kase()).status).toBe('erased');
  });
});

describe('answers of later', () => {
  beforeEach(() => on.hook(opened(id)));

  it('about sharing are kept with the newest last', async () => {
    const share = { organisation: 'unhcr', version: 1, language: 'fr', hash: '04aa72fe9b1c' };
    await on.hook(told('consent.answered', id, 3, { ...share, agreed: false }));
    const late = await on.hook(told('consent.answered', id, 2, { ...share, agreed: true }));
    expect(await late.json()).toEqual({ applied: false, reason: 'stale' });
    expect((await findContent(on.desk.keep, on.desk.seal, id))?.shares).toMatchObject([{ organisation: 'unhcr', agreed: false }]);
  });

  it('after return are kept while the request is open', async () => {
    await on.hook(told('followup.answered', id, 2, { answers: { settled: 'partly' } }));
    expect((await findContent(on.desk.keep, on.desk.seal, id))?.followups).toMatchObject([{ answers: { settled: 'partly' } }]);
    await on.api('POST', `/cases/${id}/close`, { reason: 'done' });
    expect((await on.hook(told('followup.answered', id, 3, { answers: { settled: 'yes' } }))).status).toBe(200);
    expect(JSON.stringify(await on.desk.keep.selectFrom('audit').selectAll().execute())).not.toContain('partly');
  });
});
