// The promises of `/api/v1`, one by one, over real HTTP.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deskEvent } from '../../src/handoff/contract.ts';
import { delivered, lease } from '../../src/store/outbox.ts';
import { json, opened, said, startDesk, type TestDesk, token, told } from '../support/desk.ts';

let on: TestDesk;
const id = 'c_8f31';
beforeEach(async () => {
  on = await startDesk();
  await on.hook(opened(id));
});
afterEach(() => on.stop());

const one = async (path = `/cases/${id}`) => json(await on.api('GET', path));
/** All that waits for the bot, in order; it is taken out. */
async function sent() {
  const events = [];
  for (;;) {
    const due = await lease(on.desk.keep, on.desk.seal, on.clock.now, 1, 50);
    if (due.length === 0) return events;
    for (const { id: event, body } of due) {
      events.push(deskEvent.parse(JSON.parse(body ?? '')));
      await delivered(on.desk.keep, [event]);
    }
  }
}
const code = async (answer: Response) => [answer.status, (await json(answer)).error.code];

describe('a list', () => {
  it('has what the contract promises of each request', async () => {
    expect(await one('/cases')).toEqual({
      cases: [
        {
          id,
          ref: '7K4-2PD',
          kind: 'return',
          status: 'new',
          version: 1,
          priority: 'urgent',
          reasons: [
            { code: 'no-shelter-baby', label: 'No place to sleep, baby in group' },
            { code: 'at-border', label: 'Is at a border' },
          ],
          channel: 'telegram',
          language: 'fr',
          country: 'by',
          office: 'minsk',
          openedAt: '2026-11-22T01:20:00.000Z',
          waitingSince: '2026-11-22T01:20:00.000Z',
        },
      ],
      next: null,
    });
  });

  it('is in the order of the queue and goes on where it stopped', async () => {
    for (let at = 0; at < 5; at += 1) await on.hook(opened(`c_calm${at}`, { answers: { needs: ['none'], missing: ['nothing'] } }));
    const first = await one('/cases?limit=4');
    expect(first.cases.map((kase) => kase.id)).toEqual([id, 'c_calm0', 'c_calm1', 'c_calm2']);
    const second = await one(`/cases?limit=4&after=${first.next}`);
    expect([second.cases.map((kase) => kase.id), second.next]).toEqual([['c_calm3', 'c_calm4'], null]);
  });

  it('shows open requests unless a status is asked for', async () => {
    await on.api('POST', `/cases/${id}/close`, { reason: 'done' });
    expect((await one('/cases')).cases).toEqual([]);
    expect((await one('/cases?status=closed')).cases.map((kase) => kase.status)).toEqual(['closed']);
    expect((await one('/cases?kind=talk&status=closed')).cases).toEqual([]);
  });

  it('never gives more than a hundred', async () => {
    for (let at = 0; at < 102; at += 1) await on.hook(opened(`c_many${at}`));
    expect((await one('/cases?limit=500')).cases).toHaveLength(100);
    expect((await one('/cases')).cases).toHaveLength(50);
  });

  it.for(['limit=0', 'limit=x', 'status=lost', 'kind=person', 'after=nonsense', 'name=x'])('with %s is refused', async (query) => {
    expect(await code(await on.api('GET', `/cases?${query}`))).toEqual([400, 'bad_request']);
  });
});

describe('one request', () => {
  it('comes with answers, consent, messages, notes and history, and each look is written down', async () => {
    await on.hook(said(id, 2, 'Où ?'));
    await on.api('POST', `/cases/${id}/note`, { text: 'ring' });
    const found = await one();
    expect(found).toMatchObject({
      id,
      answers: { 'gate/place': 'border', needs: ['baby'] },
      consent: { kind: 'return', field: 'agree-return', version: 5, language: 'fr', shares: [] },
      messages: [{ direction: 'in', text: 'Où ?' }],
      notes: [{ text: 'ring', author: 'api' }],
    });
    expect(found.history.map((row) => row.action)).toEqual(['case.opened', 'message.received', 'note.added']);
    await one();
    const reads = await on.desk.keep.selectFrom('audit').selectAll().where('action', '=', 'case.read').execute();
    expect(reads.map((row) => [row.actor, row.subject])).toEqual([
      ['api', id],
      ['api', id],
    ]);
  });

  it('keeps its telephone number to itself', async () => {
    await on.hook(opened('c_phone', { answers: { reach: 'call', number: '+375291234567' } }));
    const answer = await on.api('GET', '/cases/c_phone');
    const text = await answer.text();
    expect(text).not.toContain('+375291234567');
    expect(JSON.parse(text).answers).toEqual({ reach: 'call', number: 'given' });
  });

  it('that nobody has heard of is not found', async () => {
    expect(await code(await on.api('GET', '/cases/c_none'))).toEqual([404, 'not_found']);
    for (const verb of ['claim', 'release']) expect(await code(await on.api('POST', `/cases/c_none/${verb}`))).toEqual([404, 'not_found']);
  });
});

describe('the token', () => {
  it.for(['', 'Bearer wrong', 'Bearer ', `Basic ${token}`, `Bearer ${token}x`])('%s opens nothing', async (authorization) => {
    expect(await code(await on.api('GET', '/cases', undefined, { authorization }))).toEqual([401, 'unauthorized']);
  });

  it('cannot be guessed quickly', async () => {
    const statuses = [];
    for (let at = 0; at < 32; at += 1) statuses.push((await on.api('GET', '/cases', undefined, { authorization: `Bearer ${at}` })).status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(2);
    expect((await on.api('GET', '/cases')).status).toBe(200);
  });
});

describe('without any token set', () => {
  it('the interface is shut', async () => {
    const shut = await startDesk({ apiToken: undefined });
    expect((await shut.api('GET', '/cases')).status).toBe(401);
    await shut.stop();
  });
});

describe('a protection request', () => {
  beforeEach(() => on.hook(opened('c_shield', { kind: 'protection', ref: 'SHI-ELD' })));

  it('does not exist for a token without that scope', async () => {
    for (const query of ['', '?kind=protection', '?status=new'])
      expect(await (await on.api('GET', `/cases${query}`)).text()).not.toContain('SHI-ELD');
    expect(await code(await on.api('GET', '/cases/c_shield'))).toEqual([404, 'not_found']);
    for (const [verb, body] of [
      ['claim', undefined],
      ['release', undefined],
      ['reply', { text: 'x' }],
      ['note', { text: 'x' }],
      ['close', { reason: 'done' }],
    ] as const)
      expect(await code(await on.api('POST', `/cases/c_shield/${verb}`, body))).toEqual([404, 'not_found']);
  });

  it('exists for one with it', async () => {
    const open = await startDesk({ apiProtection: true });
    await open.hook(opened('c_shield', { kind: 'protection' }));
    expect((await json(await open.api('GET', '/cases?kind=protection'))).cases).toHaveLength(1);
    expect((await open.api('POST', '/cases/c_shield/claim')).status).toBe(200);
    await open.stop();
  });
});

describe('a claim', () => {
  it('is won by exactly one of a hundred', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => on.api('POST', `/cases/${id}/claim`)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    const lost = answers.filter((answer) => answer.status === 409);
    expect(lost).toHaveLength(99);
    for (const answer of lost) expect((await json(answer)).error.code).toBe('claimed');
    const rows = await on.desk.keep.selectFrom('audit').selectAll().where('action', '=', 'case.claimed').execute();
    expect(rows).toHaveLength(1);
  });

  it('lost says who was quicker', async () => {
    const { cookie } = await on.signedIn('Amina', ['caseworker']);
    await on.post(`/desk/cases/${id}/claim`, cookie);
    expect(await json(await on.api('POST', `/cases/${id}/claim`))).toEqual({ error: { code: 'claimed', message: 'Claimed by Amina.' } });
  });

  it('can be given back', async () => {
    await on.api('POST', `/cases/${id}/claim`);
    expect(await json(await on.api('POST', `/cases/${id}/release`))).toMatchObject({ status: 'new', version: 3 });
    expect(await code(await on.api('POST', `/cases/${id}/release`))).toEqual([409, 'conflict']);
  });
});

describe('a reply', () => {
  it('goes into the outbox for the bot, and into the transcript as queued', async () => {
    const answer = await on.api('POST', `/cases/${id}/reply`, { text: 'Bonjour' });
    const { id: message } = await json(answer);
    expect(answer.status).toBe(202);
    expect(await sent()).toMatchObject([{ type: 'message.send', data: { case_id: id, seq: 1, message_id: message, text: 'Bonjour' } }]);
    expect((await one()).messages).toMatchObject([{ id: message, direction: 'out', state: 'queued', text: 'Bonjour' }]);
  });

  it.for([
    {},
    { text: '' },
    { text: '   ' },
    { text: 'x'.repeat(4097) },
    { text: 5 },
    { text: 'x', more: 1 },
  ])('%o is refused without repeating it', async (body) => {
    const answer = await on.api('POST', `/cases/${id}/reply`, body);
    expect(answer.status).toBe(422);
    expect((await answer.text()).length).toBeLessThan(200);
    expect(await sent()).toEqual([]);
  });

  it('to somebody who took the request back is refused', async () => {
    await on.hook(told('case.withdrawn', id, 2));
    expect(await code(await on.api('POST', `/cases/${id}/reply`, { text: 'x' }))).toEqual([409, 'no_consent']);
  });

  it('to a closed request is refused', async () => {
    await on.api('POST', `/cases/${id}/close`, { reason: 'done' });
    expect(await code(await on.api('POST', `/cases/${id}/reply`, { text: 'x' }))).toEqual([409, 'closed']);
  });
});

describe('replies', () => {
  it('leave in the order in which they were written, the closing last', async () => {
    for (const text of ['one', 'two']) await on.api('POST', `/cases/${id}/reply`, { text });
    await on.api('POST', `/cases/${id}/close`, { reason: 'done' });
    expect((await sent()).map(({ type, data }) => [type, data.seq, 'text' in data ? data.text : null])).toEqual([
      ['message.send', 1, 'one'],
      ['message.send', 2, 'two'],
      ['case.closed', 3, null],
    ]);
  });
});

describe('a note', () => {
  it('never reaches the outbox', async () => {
    expect((await on.api('POST', `/cases/${id}/note`, { text: 'for us' })).status).toBe(200);
    expect(await sent()).toEqual([]);
  });
});

describe('closing', () => {
  it('tells the bot and leaves the mark alone', async () => {
    await on.hook(said(id, 2, 'words'));
    await on.api('POST', `/cases/${id}/note`, { text: 'noted' });
    expect(await json(await on.api('POST', `/cases/${id}/close`, { reason: 'no-contact' }))).toMatchObject({
      status: 'closed',
      closedReason: 'no-contact',
    });
    expect(await sent()).toMatchObject([{ type: 'case.closed', data: { case_id: id, seq: 1 } }]);
    expect(await one()).toMatchObject({ kind: 'return', answers: {}, consent: null, messages: [{ text: null }], notes: [{ text: null }] });
  });

  it('keeps content a while where the operator says why', async () => {
    const slow = await startDesk({ retention: { contact: 14, unclaimed: 30, idle: 90, closed: 30 } });
    await slow.hook(opened(id));
    await slow.api('POST', `/cases/${id}/close`, { reason: 'done' });
    expect((await json(await slow.api('GET', `/cases/${id}`))).answers).toMatchObject({ needs: ['baby'] });
    await slow.stop();
  });

  it.for([undefined, {}, { reason: 'approved' }])('for %o is refused', async (body) => {
    expect(await code(await on.api('POST', `/cases/${id}/close`, body))).toEqual([422, 'invalid']);
  });
});

describe('an Idempotency-Key', () => {
  const key = { 'idempotency-key': 'k-1' };

  it('sent a hundred times at once is one reply with one answer', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => on.api('POST', `/cases/${id}/reply`, { text: 'once' }, key)));
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([202]));
    expect(new Set(await Promise.all(answers.map(async (answer) => (await json(answer)).id))).size).toBe(1);
    expect(await sent()).toHaveLength(1);
  });

  it('with other words is refused', async () => {
    await on.api('POST', `/cases/${id}/reply`, { text: 'one' }, key);
    expect(await code(await on.api('POST', `/cases/${id}/reply`, { text: 'two' }, key))).toEqual([409, 'conflict']);
  });

  it('counts for each request and act alone', async () => {
    await on.hook(opened('c_2'.padEnd(6, '0')));
    expect((await on.api('POST', `/cases/${id}/note`, { text: 'x' }, key)).status).toBe(200);
    expect((await on.api('POST', `/cases/${id}/reply`, { text: 'x' }, key)).status).toBe(202);
    expect((await on.api('POST', '/cases/c_2000/note', { text: 'x' }, key)).status).toBe(200);
    expect((await one()).notes).toHaveLength(1);
  });

  it('of a claim that was won hears so again; of one that was refused may try again', async () => {
    expect((await on.api('POST', `/cases/${id}/claim`, undefined, key)).status).toBe(200);
    expect((await on.api('POST', `/cases/${id}/claim`, undefined, key)).status).toBe(200);
    expect((await on.api('POST', `/cases/${id}/claim`, undefined, { 'idempotency-key': 'k-2' })).status).toBe(409);
    await on.api('POST', `/cases/${id}/release`);
    expect((await on.api('POST', `/cases/${id}/claim`, undefined, { 'idempotency-key': 'k-2' })).status).toBe(200);
  });
});

describe('an If-Match', () => {
  it.for(['1', '"1"', 'W/"1"', '*'])('%s fits the first version', async (match) => {
    const answer = await on.api('POST', `/cases/${id}/claim`, undefined, { 'if-match': match });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"2"']);
  });

  it.for(['claim', 'release', 'note'])('of an older version stops %s', async (verb) => {
    await on.api('POST', `/cases/${id}/claim`);
    const answer = await on.api('POST', `/cases/${id}/${verb}`, verb === 'note' ? { text: 'x' } : undefined, { 'if-match': '"1"' });
    expect(await code(answer)).toEqual([412, 'stale']);
  });

  it('of another form is refused', async () => {
    expect(await code(await on.api('POST', `/cases/${id}/claim`, undefined, { 'if-match': 'abc' }))).toEqual([400, 'bad_request']);
  });
});

describe('a body', () => {
  const post = (body: string) =>
    fetch(`${on.base}/api/v1/cases/${id}/note`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });

  it('that is no JSON is refused without repeating it', async () => {
    const answer = await post('{"text": canary');
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toContain('canary');
  });

  it('that is too large is refused', async () => {
    expect(await code(await post(JSON.stringify({ text: 'x'.repeat(40_000) })))).toEqual([413, 'too_large']);
  });
});
