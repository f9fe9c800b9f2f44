// Fetching instead of being posted to, sending again, and what a token that belongs to an endpoint opens.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventColumns, feedShape, listShape, sharedShape, wholeShape } from '../../src/desk/api-shapes.ts';
import { setState } from '../../src/store/endpoints.ts';
import { json, opened, said, startDesk, type TestDesk, told } from '../support/desk.ts';
import { courierOn, register, registered, states } from '../support/outside.ts';

let on: TestDesk;
const id = 'c_8f31';
beforeEach(async () => {
  on = await startDesk();
});
afterEach(() => on.stop());

type Feed = { events: { id: string; cursor: string; type: string; data: Record<string, unknown> }[]; next: string | null };
const feed = async (query = '', token?: string) => {
  const answer = await on.api('GET', `/events${query}`, undefined, token === undefined ? {} : { authorization: `Bearer ${token}` });
  expect(answer.status).toBe(200);
  return feedShape.parse(await answer.json()) as Feed;
};
const as = (token: string) => ({ authorization: `Bearer ${token}` });
const yes = (seq: number, agreed = true) =>
  told('consent.answered', id, seq, { organisation: 'unhcr', agreed, version: 1, language: 'fr', hash: '04aa72fe9b1c' });
const code = async (answer: Response) => [answer.status, (await json(answer)).error.code];

describe('whoever fetches', () => {
  it('gets every event in order, page by page, and goes on where they stopped', async () => {
    await on.hook(opened(id));
    for (let seq = 2; seq <= 8; seq += 1) await on.hook(said(id, seq, 'words'));
    const first = await feed('?limit=3');
    const rest = await feed(`?after=${first.next}`);
    expect([first.events.length, rest.events.length, rest.next]).toEqual([3, 5, null]);
    expect([...first.events, ...rest.events].map((one) => one.data['seq'])).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect((await feed(`?after=${rest.events.at(-1)?.cursor}`)).events).toEqual([]);
    await on.api('POST', `/cases/${id}/claim`);
    expect((await feed(`?after=${rest.events.at(-1)?.cursor}`)).events.map((one) => one.type)).toEqual(['case.claimed']);
    expect(JSON.stringify([first, rest])).not.toContain('words');
  });

  it('has the same as a table for a spreadsheet, page by page, and no cell that a program would run', async () => {
    await on.hook(opened(id));
    await on.hook(opened('c_shield', { kind: 'protection', ref: 'SHI-ELD' }));
    await on.hook(yes(2));
    // As an organisation would never be called, had we to say it.
    await on.hook(opened('c_oddly', { ref: 'ODD-222' }));
    await on.hook(
      told('consent.answered', 'c_oddly', 2, { organisation: '=1+1', agreed: false, version: 1, language: 'fr', hash: '04aa72fe9b1c' }),
    );
    const table = async (query: string) => {
      const answer = await on.api('GET', `/events.csv${query}`);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
      return { rows: (await answer.text()).trim().split('\r\n'), next: /<(.+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1] };
    };
    const first = await table('?limit=2');
    expect(first.next).toBe(`${on.desk.publicUrl}/api/v1/events.csv?after=${(await feed('?limit=2')).next}&limit=2`);
    const rest = await table(`?${new URL(first.next ?? '').searchParams}&limit=100`.replace('&limit=2', ''));
    expect(rest.next).toBeUndefined();
    const [head, opening] = first.rows;
    expect(head?.split(',').map((one) => one.slice(1, -1))).toEqual([...eventColumns]);
    expect(opening).toContain('"case.opened","c_8f31","7K4-2PD","1","return"');
    const rows = [...first.rows.slice(1), ...rest.rows.slice(1)];
    expect(rows).toHaveLength((await feed()).events.length);
    expect(rows.join('\n')).not.toContain('SHI-ELD');
    expect(rows.at(-1)).toContain(`"'=1+1"`);
    const partner = await register(on, { organisation: 'unhcr' });
    const theirs = await on.api('GET', '/events.csv', undefined, as(partner.token));
    expect((await theirs.text()).trim().split('\r\n')).toHaveLength(1);
    expect(await code(await on.api('GET', '/events.csv?other=1'))).toEqual([400, 'bad_request']);
  });

  it.for(['after=x', 'after=-1', 'limit=0', 'limit=x', 'other=1'])('with %s is refused', async (query) => {
    expect(await code(await on.api('GET', `/events?${query}`))).toEqual([400, 'bad_request']);
  });

  it('hears of no protection request without that scope, whatever was written before', async () => {
    await on.hook(opened('c_shield', { kind: 'protection', ref: 'SHI-ELD' }));
    await on.hook(opened(id));
    expect((await feed()).events.map((one) => one.data['case_id'])).toEqual([id]);
    on.desk.apiProtection = true;
    expect((await feed()).events).toHaveLength(2);
  });
});

describe('the token of an endpoint', () => {
  it('opens its own events and the requests shared with it, each look written down', async () => {
    const partner = await register(on, { organisation: 'unhcr' });
    await on.hook(opened(id));
    await on.hook(said(id, 2, 'Canary words'));
    await on.api('POST', `/cases/${id}/note`, { text: 'Canary note' });
    expect(await code(await on.api('GET', `/cases/${id}`, undefined, as(partner.token)))).toEqual([404, 'not_found']);
    await on.hook(
      told('consent.answered', id, 3, { organisation: 'redcross', agreed: true, version: 1, language: 'fr', hash: '04aa72fe9b1c' }),
    );
    await on.hook(yes(4));
    const answer = await on.api('GET', `/cases/${id}`, undefined, as(partner.token));
    const text = await answer.text();
    expect(text).not.toMatch(/Canary|redcross|history|notes|messages/);
    expect(sharedShape.parse(JSON.parse(text))).toMatchObject({
      id,
      answers: { needs: ['baby'] },
      consent: { shares: [{ organisation: 'unhcr' }] },
    });
    expect((await feed('', partner.token)).events.map((one) => one.type)).toEqual(['consent.granted']);
    const reads = await on.desk.keep.selectFrom('audit').selectAll().where('action', '=', 'case.read').execute();
    expect(reads.map((row) => row.actor)).toEqual([partner.id]);
    await on.hook(yes(5, false));
    expect(await code(await on.api('GET', `/cases/${id}`, undefined, as(partner.token)))).toEqual([404, 'not_found']);
  });

  it('works on nothing', async () => {
    const own = await register(on);
    await on.hook(opened(id));
    expect((await on.api('GET', `/cases/${id}`, undefined, as(own.token))).status).toBe(200);
    expect(await code(await on.api('GET', '/cases', undefined, as(own.token)))).toEqual([403, 'forbidden']);
    for (const [verb, body] of [
      ['claim', undefined],
      ['release', undefined],
      ['reply', { text: 'x' }],
      ['note', { text: 'x' }],
      ['close', { reason: 'done' }],
    ] as const)
      expect(await code(await on.api('POST', `/cases/${id}/${verb}`, body, as(own.token)))).toEqual([403, 'forbidden']);
  });

  it('never opens a protection request for a partner, and for the own organisation only with that scope', async () => {
    await on.hook(opened('c_shield', { kind: 'protection' }));
    const partner = await register(on, { organisation: 'unhcr', protection: true });
    const own = await register(on);
    const shielded = await register(on, { protection: true });
    const seen = [];
    for (const one of [partner, own, shielded]) seen.push((await on.api('GET', '/cases/c_shield', undefined, as(one.token))).status);
    expect(seen).toEqual([404, 404, 200]);
  });

  it('is slowed down, and shut with the endpoint', async () => {
    const own = await register(on);
    const answers = [];
    for (let at = 0; at < 122; at += 1) answers.push((await on.api('GET', '/events', undefined, as(own.token))).status);
    expect(answers.filter((status) => status === 429)).toHaveLength(2);
    on.clock.now += 60_000;
    await setState(on.desk.keep, own.id, 'disabled');
    expect(await code(await on.api('GET', '/events', undefined, as(own.token)))).toEqual([403, 'forbidden']);
    expect(JSON.stringify(await on.desk.keep.selectFrom('endpoints').selectAll().execute())).not.toContain(own.token);
  });
});

describe('sending again', () => {
  it('brings the same ids with a new time, all of a time or some', async () => {
    const { id: endpoint, token, receiver } = await registered(on);
    const by = courierOn(on);
    await on.hook(opened(id));
    await by.round();
    on.clock.now += 60_000;
    await on.api('POST', `/cases/${id}/claim`);
    await by.round();
    expect([receiver.state.requests, receiver.effects.length]).toEqual([2, 2]);
    const replay = (body: object, headers = {}) => on.api('POST', `/endpoints/${endpoint}/replay`, body, headers);
    const since = await replay({ since: new Date(on.clock.now).toISOString() });
    expect([since.status, await since.json()]).toEqual([202, { replayed: 1 }]);
    const some = await replay({ events: [receiver.effects[0]?.id] }, as(token));
    expect([some.status, await some.json()]).toEqual([202, { replayed: 1 }]);
    on.clock.now += 60_000;
    await by.round();
    expect([receiver.state.requests, receiver.effects.length, new Set(receiver.state.timestamps).size]).toEqual([4, 2, 3]);
    expect(await states(on, endpoint)).toEqual({ delivered: 2 });
    await by.stop();
    await receiver.stop();
  });

  it('is refused for an endpoint that is not there or not theirs, and for half a question', async () => {
    const one = await register(on);
    const other = await register(on);
    const path = `/endpoints/${one.id}/replay`;
    expect(await code(await on.api('POST', '/endpoints/e_nobody/replay', { events: [`msg_${'0'.repeat(32)}`] }))).toEqual([
      404,
      'not_found',
    ]);
    expect(await code(await on.api('POST', path, { since: '2026-01-01T00:00:00Z' }, as(other.token)))).toEqual([404, 'not_found']);
    for (const body of [
      {},
      { since: 'x' },
      { events: [] },
      { events: ['x'] },
      { since: '2026-01-01T00:00:00Z', events: [`msg_${'0'.repeat(32)}`] },
    ])
      expect(await code(await on.api('POST', path, body))).toEqual([422, 'invalid']);
  });
});

describe('the answers', () => {
  it('keep to the schemas the description is made from', async () => {
    await on.hook(opened(id));
    await on.hook(said(id, 2, 'words'));
    await on.hook(yes(3));
    await on.hook(told('followup.answered', id, 4, { answers: { settled: 'partly' } }));
    await on.api('POST', `/cases/${id}/claim`);
    await on.api('POST', `/cases/${id}/reply`, { text: 'x' });
    await on.api('POST', `/cases/${id}/note`, { text: 'x' });
    const whole = await (await on.api('GET', `/cases/${id}`)).json();
    expect(wholeShape.parse(whole)).toEqual(whole);
    await on.hook(opened('c_done'));
    await on.api('POST', '/cases/c_done/close', { reason: 'done' });
    for (const query of ['', '?status=closed']) {
      const list = await (await on.api('GET', `/cases${query}`)).json();
      expect(listShape.parse(list)).toEqual(list);
    }
  });
});
