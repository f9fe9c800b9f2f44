// What outside case systems may say to us, row by row of the promise, and everything that must stay out.
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { finishAll } from '../../src/desk/outside-acts.ts';
import { insideTypes } from '../../src/handoff/outside.ts';
import { sign } from '../../src/handoff/sign.ts';
import { findCase } from '../../src/store/cases.ts';
import { findEndpoint, rotateSecret, setState } from '../../src/store/endpoints.ts';
import { readFeed } from '../../src/store/feed.ts';
import { receive, undone } from '../../src/store/received.ts';
import { transact } from '../../src/store/transact.ts';
import { notesOf, transcriptOf } from '../../src/store/transcript.ts';
import { json, opened, startDesk, type TestDesk, told } from '../support/desk.ts';
import { register } from '../support/outside.ts';
import { until } from '../support/product.ts';

let on: TestDesk;
let own: { id: string; secret: string };
let partner: { id: string; secret: string };
const id = 'c_8f31';
const yes = (seq: number, agreed = true) =>
  told('consent.answered', id, seq, { organisation: 'unhcr', agreed, version: 1, language: 'fr', hash: '04aa72fe9b1c' });
beforeEach(async () => {
  on = await startDesk();
  own = await register(on, { accepts: [...insideTypes] });
  partner = await register(on, { organisation: 'unhcr', accepts: [...insideTypes] });
  await on.hook(opened(id));
});
afterEach(() => on.stop());

let count = 0;
type How = { headers?: Record<string, string>; webhook?: string; late?: number; secret?: string };
const event = (type: string, data: object) => ({
  type,
  timestamp: new Date(on.clock.now).toISOString(),
  version: 1,
  data: { case_id: id, seq: 1, ...data },
});
function raw(to: { id: string; secret: string }, body: string, how: How = {}) {
  count += 1;
  const bytes = Buffer.from(body);
  const signed = sign([how.secret ?? to.secret], how.webhook ?? `evt_${count}`, bytes, on.clock.now + (how.late ?? 0));
  return fetch(`${on.base}/hooks/in/${to.id}`, {
    method: 'POST',
    body: bytes,
    headers: { ...signed, 'content-type': 'application/json', ...how.headers },
  });
}
const say = (to: { id: string; secret: string }, type: string, data: object = {}, how: How = {}) =>
  raw(to, JSON.stringify(event(type, data)), how);
const code = async (answer: Response) => [answer.status, (await json(answer)).error.code];
const kase = async () => (await findCase(on.desk.keep, id)) ?? { status: 'none', claimedBy: null };
const status = async () => (await kase()).status;
const rows = async () => (await on.desk.keep.selectFrom('received').selectAll().execute()).map(({ state, sealed }) => [state, sealed]);
const done = () => until(async () => (await rows()).every(([state]) => state !== 'new'), 'what was taken is done');

describe('the own case system', () => {
  it('claims, gives back, says whose turn it is and closes', async () => {
    const steps: [string, object, string][] = [
      ['case.claimed', {}, 'claimed'],
      ['case.status_changed', { status: 'waiting_person' }, 'waiting_person'],
      ['case.status_changed', { status: 'waiting_us' }, 'waiting_us'],
      ['case.status_changed', { status: 'new' }, 'new'],
      ['case.status_changed', { status: 'claimed' }, 'claimed'],
      ['case.closed', { reason: 'done' }, 'closed'],
    ];
    for (const [at, [type, data, after]] of steps.entries()) {
      const answer = await say(own, type, { seq: at + 1, ...data });
      expect([answer.status, await answer.json()]).toEqual([202, { applied: true }]);
      await done();
      expect(await status()).toBe(after);
    }
    expect(await rows()).toEqual(steps.map(() => ['done', '']));
    const actors = await on.desk.keep.selectFrom('audit').select('actor').where('action', '=', 'case.closed').execute();
    expect(actors).toEqual([{ actor: own.id }]);
  });

  it('writes to the person, and learns which message will be told of', async () => {
    const answer = await say(own, 'message.send', { text: '  Bonjour  ' });
    const { message_id } = (await answer.json()) as { message_id: string };
    await done();
    expect(await transcriptOf(on.desk.keep, on.desk.seal, id)).toMatchObject([
      { id: message_id, text: 'Bonjour', author: own.id, state: 'queued' },
    ]);
    await on.hook(told('message.failed', id, 2, { message_id, reason: 'blocked_by_user' }));
    const types = await on.desk.keep.selectFrom('deliveries').select('type').where('endpoint', '=', own.id).orderBy('pos').execute();
    expect(types.at(-1)?.type).toBe('message.failed');
  });

  it('is told when its words could not be sent on after they were taken', async () => {
    await say(own, 'message.send', { text: 'first' }, { webhook: 'evt_reused' });
    await done();
    // Its id was forgotten in the meantime, and it uses it again for something else.
    await on.desk.keep.deleteFrom('received').execute();
    const answer = await say(own, 'message.send', { seq: 2, text: 'second' }, { webhook: 'evt_reused' });
    const { message_id } = (await answer.json()) as { message_id: string };
    await done();
    const { events } = await readFeed(on.desk.keep, on.desk.seal, own.id, { after: 0, limit: 10, protection: false });
    expect(JSON.parse(events.at(-1)?.body ?? '')).toMatchObject({
      type: 'message.failed',
      data: { message_id, reason: 'conflict' },
    });
    expect(await transcriptOf(on.desk.keep, on.desk.seal, id)).toHaveLength(1);
  });

  it('suggests what only people decide: it stands in the history and nothing else happens', async () => {
    await on.hook(opened('c_0ther'));
    await say(own, 'case.merge_suggested', { seq: 1, other_case_id: 'c_0ther' });
    await say(own, 'case.erase_requested', { seq: 2 });
    await say(own, 'appointment.proposed', { seq: 3, starts_at: '2026-12-01T09:00:00Z', place: 'Canary street 5' });
    await done();
    expect(await status()).toBe('new');
    const history = (await json(await on.api('GET', `/cases/${id}`))).history.map(({ actor, action, detail }) => [actor, action, detail]);
    expect(history.slice(1)).toEqual([
      ['Elsewhere', 'merge.suggested', 'c_0ther'],
      ['Elsewhere', 'erase.requested', ''],
      ['Elsewhere', 'appointment.proposed', ''],
    ]);
    expect((await notesOf(on.desk.keep, on.desk.seal, id)).map((note) => note.text)).toEqual(['2026-12-01T09:00:00Z · Canary street 5']);
    expect(on.lines.join('')).not.toContain('Canary');
  });
});

describe('an event', () => {
  it('sent a hundred times at once has one effect', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => say(own, 'message.send', { text: 'once' }, { webhook: 'evt_same' })),
    );
    const statuses = answers.map((answer) => answer.status);
    expect([statuses.filter((one) => one === 202).length, statuses.filter((one) => one === 200).length]).toEqual([1, 99]);
    await done();
    expect(await transcriptOf(on.desk.keep, on.desk.seal, id)).toHaveLength(1);
    expect(await on.desk.keep.selectFrom('outbox').selectAll().execute()).toHaveLength(1);
  });

  it('that comes again is a duplicate', async () => {
    await say(own, 'case.claimed', {}, { webhook: 'evt_again' });
    const answer = await say(own, 'case.claimed', {}, { webhook: 'evt_again' });
    expect([answer.status, await answer.json()]).toEqual([200, { duplicate: true }]);
  });

  it('with a number that is not above the last is stale', async () => {
    await say(own, 'case.claimed', { seq: 5 });
    for (const seq of [5, 4]) {
      const answer = await say(own, 'case.status_changed', { seq, status: 'new' });
      expect([answer.status, await answer.json()]).toEqual([200, { applied: false, reason: 'stale' }]);
    }
    await done();
    expect(await status()).toBe('claimed');
  });

  it('of a type nobody knows is ignored', async () => {
    const answer = await say(own, 'case.danced', {});
    expect([answer.status, await answer.json(), await rows()]).toEqual([202, { applied: false, reason: 'unknown' }, []]);
  });

  it('that was taken before a kill is done at the next start, once', async () => {
    const text = JSON.stringify(event('message.send', { text: 'late' }));
    await transact(on.desk.keep, (tx) =>
      receive(tx, on.desk.seal, { endpoint: own.id, id: 'evt_kill', raw: text, caseId: id, at: on.clock.now, state: 'new' }),
    );
    expect(JSON.stringify(await rows())).not.toContain('late');
    // Killed again between the deed and the mark: the second time changes nothing.
    const taken = await undone(on.desk.keep, on.desk.seal, 10);
    await finishAll(on.desk);
    await on.desk.keep.deleteFrom('received').execute();
    await transact(on.desk.keep, (tx) =>
      receive(tx, on.desk.seal, { ...taken[0], endpoint: own.id, id: 'evt_kill', raw: text, at: 1, caseId: id, state: 'new' }),
    );
    await finishAll(on.desk);
    expect(await transcriptOf(on.desk.keep, on.desk.seal, id)).toHaveLength(1);
  });
});

describe('a partner', () => {
  it('reaches a request from the Yes on and no longer after the No', async () => {
    expect(await code(await say(partner, 'case.erase_requested', { seq: 1 }))).toEqual([404, 'not_found']);
    await on.hook(yes(2));
    expect((await say(partner, 'case.erase_requested', { seq: 1 })).status).toBe(202);
    await on.hook(yes(3, false));
    expect(await code(await say(partner, 'case.erase_requested', { seq: 2 }))).toEqual([409, 'no_consent']);
  });

  it('cannot point to a request it does not know', async () => {
    await on.hook(yes(2));
    await on.hook(opened('c_0ther'));
    expect(await code(await say(partner, 'case.merge_suggested', { other_case_id: 'c_0ther' }))).toEqual([404, 'not_found']);
  });

  it('may send only what an administrator allowed', async () => {
    const quiet = await register(on, { organisation: 'unhcr', accepts: ['case.claimed'] });
    await on.hook(yes(2));
    for (const [type, data] of [
      ['message.send', { text: 'x' }],
      ['case.closed', { reason: 'done' }],
    ] as const)
      expect(await code(await say(quiet, type, data))).toEqual([403, 'forbidden']);
    expect((await say(quiet, 'case.claimed')).status).toBe(202);
  });
});

describe('nobody writes to a person', () => {
  it('who took it back, or whose request is closed', async () => {
    await on.hook(yes(2));
    await on.hook(told('case.withdrawn', id, 3));
    for (const who of [own, partner]) expect(await code(await say(who, 'message.send', { text: 'x' }))).toEqual([409, 'no_consent']);
    await on.hook(opened('c_done'));
    await on.api('POST', '/cases/c_done/close', { reason: 'done' });
    expect(await code(await say(own, 'message.send', { case_id: 'c_done', text: 'x' }))).toEqual([409, 'closed']);
    expect(await rows()).toEqual([]);
  });

  it('whose request is for protection: it does not exist', async () => {
    await on.hook(opened('c_shield', { kind: 'protection' }));
    const shielded = await register(on, { accepts: [...insideTypes], protection: true });
    for (const type of insideTypes) {
      const data = { case_id: 'c_shield', text: 'x', reason: 'done', status: 'new', other_case_id: id, starts_at: '2026-12-01T09:00:00Z' };
      const wanted = {
        'message.send': ['text'],
        'case.closed': ['reason'],
        'case.status_changed': ['status'],
        'case.merge_suggested': ['other_case_id'],
        'appointment.proposed': ['starts_at'],
      } as Record<string, string[]>;
      const own = Object.fromEntries(Object.entries(data).filter(([key]) => key === 'case_id' || wanted[type]?.includes(key)));
      expect([type, ...(await code(await say(shielded, type, own)))]).toEqual([type, 404, 'not_found']);
    }
  });
});

describe('the door stays shut', () => {
  it.for<[string, How]>([
    ["for another endpoint's secret", { secret: 'partner' }],
    ['for a secret nobody has', { secret: `whsec_${Buffer.alloc(32, 99).toString('base64')}` }],
    ['six minutes late', { late: -360_000 }],
    ['six minutes early', { late: 360_000 }],
    ['for no signature', { headers: { 'webhook-signature': '' } }],
    ['for another id', { headers: { 'webhook-id': 'evt_other' } }],
    ['for an id with dots', { webhook: 'a.b' }],
  ])('%s', async ([, how]) => {
    const secret = how.secret === 'partner' ? partner.secret : how.secret;
    const answer = await say(own, 'case.claimed', {}, { ...how, ...(secret && { secret }) });
    expect(await code(answer)).toEqual([401, 'unauthorized']);
    expect([await rows(), await status()]).toEqual([[], 'new']);
  });

  it('for an endpoint that does not exist, with the very same words', async () => {
    const known = await (await say(own, 'case.claimed', {}, { late: 360_000 })).text();
    expect(await (await say({ id: 'e_nobody', secret: own.secret }, 'case.claimed')).text()).toBe(known);
  });

  it('for one that was turned off', async () => {
    await setState(on.desk.keep, own.id, 'disabled');
    expect(await code(await say(own, 'case.claimed'))).toEqual([403, 'forbidden']);
  });

  it.for<[string, string, number, How?]>([
    ['no JSON', 'Canary', 422],
    ['half an event', '{"type":"case.claimed","data":{"Canary":1}}', 422],
    ['a list', '["Canary"]', 422],
    ['nothing', '', 422],
    ['JSON nested thirty thousand deep', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, 422],
    ['a megabyte', JSON.stringify({ Canary: 'x'.repeat(1_000_000) }), 413],
    ['a megabyte of brackets', '['.repeat(1_000_000), 413],
    ['another content type', '{"Canary":1}', 422, { headers: { 'content-type': 'text/plain' } }],
    ['a form', 'Canary=1', 422, { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['a compressed body', '{"Canary":1}', 400, { headers: { 'content-encoding': 'gzip' } }],
  ])('for %s, without repeating it', async ([, body, wanted, how]) => {
    const answer = await raw(own, body, how);
    const text = await answer.text();
    expect(answer.status).toBe(wanted);
    expect(text).not.toContain('Canary');
    expect(text.length).toBeLessThan(300);
    expect(await rows()).toEqual([]);
  });

  it.for<[string, string, object]>([
    ['a text over a thousand', 'message.send', { text: 'x'.repeat(1001) }],
    ['an empty text', 'message.send', { text: ' ' }],
    ['a reason that says eligible', 'case.closed', { reason: 'eligible' }],
    ['a status of nobody', 'case.status_changed', { status: 'erased' }],
    ['a day that is none', 'appointment.proposed', { starts_at: 'soon' }],
    ['no number', 'case.claimed', { seq: 0 }],
    ['a field nobody knows', 'case.claimed', { name: 'Canary' }],
    ['another version', 'case.claimed', {}],
  ])('for %s', async ([what, type, data]) => {
    const body = { ...event(type, data), ...(what === 'another version' && { version: 2 }) };
    const answer = await raw(own, JSON.stringify(body));
    expect(await answer.clone().text()).not.toContain('Canary');
    expect(await code(answer)).toEqual([422, 'invalid']);
  });
});

describe('a secret', () => {
  it('of the public library opens the door, also while it is being replaced', async () => {
    const found = await findEndpoint(on.desk.keep, on.desk.seal, own.id);
    if (found === null) throw new Error('no endpoint');
    const fresh = await transact(on.desk.keep, (tx) => rotateSecret(tx, on.desk.seal, found, on.clock.now));
    const at = new Date(on.clock.now);
    const by = (secret: string, webhook: string, seq: number) => {
      const body = JSON.stringify(event('case.erase_requested', { seq }));
      const headers = {
        'webhook-id': webhook,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign(webhook, at, body),
      };
      return fetch(`${on.base}/hooks/in/${own.id}`, { method: 'POST', body, headers: { ...headers, 'content-type': 'application/json' } });
    };
    expect([(await by(fresh, 'evt_a', 1)).status, (await by(own.secret, 'evt_b', 2)).status]).toEqual([202, 202]);
    on.clock.now += 24 * 3_600_000;
    const later = (secret: string, seq: number) => say({ id: own.id, secret }, 'case.erase_requested', { seq });
    expect([(await later(own.secret, 3)).status, (await later(fresh, 4)).status]).toEqual([202, 202]);
    on.clock.now += 24 * 3_600_000;
    expect([(await later(own.secret, 5)).status, (await later(fresh, 6)).status]).toEqual([401, 202]);
  });
});
