// What strangers send to the doors of the product: too large, too deep, forged, and again and again.
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { sign } from '../../src/handoff/sign.ts';
import { webhookId } from '../../src/store/outbox.ts';
import { opened, startDesk, type TestDesk, token } from '../support/desk.ts';
import { makeTalk } from '../support/talk.ts';
import { toReceipt, walkTo } from '../support/ways.ts';
import { startWeb } from '../support/web.ts';

const deep = '['.repeat(500_000) + ']'.repeat(500_000);
const large = JSON.stringify({ text: 'x'.repeat(1_000_000) });

describe('a megabyte is refused unread', () => {
  let on: TestDesk;
  beforeEach(async () => {
    on = await startDesk();
  });
  afterEach(() => on.stop());

  it.for([
    ['/hooks/cases', {}],
    ['/api/v1/cases/c_8f31/reply', { authorization: `Bearer ${token}` }],
    ['/desk/sign-in', { 'content-type': 'application/x-www-form-urlencoded' }],
  ] as const)('at %s', async ([path, headers]) => {
    await on.signedIn('Amina', ['caseworker']);
    for (const body of [large, deep]) {
      const sent = { origin: on.base, 'content-type': 'application/json', ...headers };
      const { status } = await fetch(`${on.base}${path}`, { method: 'POST', headers: sent, body });
      expect(status).toBe(413);
    }
  });

  it('at the chat', async () => {
    const web = await startWeb();
    onTestFinished(() => web.stop());
    for (const body of [large, deep]) expect((await web.post(body)).status).toBe(413);
  });

  it('and what is small but deep is no valid event', async () => {
    const body = Buffer.from(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`);
    const headers = sign(on.desk.secrets, 'msg_deep', body, on.clock.now);
    expect((await fetch(`${on.base}/hooks/cases`, { method: 'POST', headers: { ...headers }, body })).status).toBe(422);
  });
});

describe('a forged request changes nothing', () => {
  const body = Buffer.from(JSON.stringify(opened('c_8f31')));
  const good = (at: number, secrets: string[]) => sign(secrets, webhookId('cases', 'c_8f31', 'case.opened', 1), body, at);
  it.for<[string, (at: number, own: string[]) => { headers: Record<string, string>; body: Buffer }]>([
    ['signed with another secret', (at) => ({ headers: good(at, [`whsec_${Buffer.alloc(32, 9).toString('base64')}`]), body })],
    ['with another body', (at, own) => ({ headers: good(at, own), body: Buffer.from(`${body.toString().replace('urgent', 'normal ')} `) })],
    ['six minutes old', (at, own) => ({ headers: good(at - 360_000, own), body })],
    ['six minutes ahead', (at, own) => ({ headers: good(at + 360_000, own), body })],
    ['under another id', (at, own) => ({ headers: { ...good(at, own), 'webhook-id': 'msg_other' }, body })],
    ['without a signature', (at, own) => ({ headers: { ...good(at, own), 'webhook-signature': '' }, body })],
  ])('%s', async ([, forge]) => {
    const on = await startDesk();
    onTestFinished(() => on.stop());
    const sent = forge(on.clock.now, on.desk.secrets);
    expect((await fetch(`${on.base}/hooks/cases`, { method: 'POST', ...sent })).status).toBe(401);
    expect(await on.desk.keep.selectFrom('cases').select('id').execute()).toEqual([]);
  });
});

describe('a hundred times the same at once', () => {
  it("a caseworker's words are shown once", async () => {
    const talk = await makeTalk();
    await walkTo(talk, toReceipt);
    const id = (await talk.events())[0]?.data.case_id;
    const shown = talk.seen.length;
    const send = () => talk.desk('message.send', { case_id: id, seq: 1, message_id: 'm_once01', text: 'Good morning' });
    const answers = await Promise.all(Array.from({ length: 100 }, send));
    expect(answers.filter((one) => one.status === 202)).toHaveLength(1);
    expect(talk.seen.slice(shown).filter((message) => message.text.includes('Good morning'))).toHaveLength(1);
  });
});

describe('who writes without end', () => {
  it('is told to wait once a minute, is read again afterwards, and a cry for help is read at any moment', async () => {
    const talk = await makeTalk();
    await talk.starts();
    for (let i = 0; i < 60; i += 1) await talk.arrives({ kind: 'text', text: `spam ${i}` });
    const slow = talk.world.content.catalog.text('en', 'common', 'notices.slow');
    expect(talk.seen.filter((message) => message.text.includes(slow))).toHaveLength(1);
    await talk.arrives({ kind: 'choice', stamp: '', code: '~sos' });
    expect(talk.answer()).not.toBe('');
    expect(talk.answer()).not.toContain(slow);
  });

  it('begins no conversations without end, from one address or from many', async () => {
    const web = await startWeb();
    onTestFinished(() => web.stop());
    let refused = 0;
    for (let i = 0; i < 301; i += 1) if ((await web.post({}, { 'x-forwarded-for': '192.0.2.1' })).status === 429) refused += 1;
    expect(refused).toBe(1);
    // A shelter next door is not shut out.
    expect((await web.post({}, { 'x-forwarded-for': '192.0.2.2' })).status).toBe(200);
  });
});
