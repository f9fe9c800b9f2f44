// Telegram brings what people write instead of being asked for it: who may, when it is confirmed, and
// that nothing is lost or done twice when it comes again, here or to another process.
import { describe, expect, test } from 'vitest';
import type { Incoming } from '../../src/channel/channel.ts';
import type { TelegramOptions } from '../../src/channel/telegram-options.ts';
import { makeReceive } from '../../src/conversation/receive.ts';
import { makeReplies } from '../../src/conversation/reply.ts';
import { makeWorld } from '../support/talk.ts';
import { allConfirmed, api, eventsOf, eventually, heard, launch, make, message, person, said, serve, waits } from '../support/telegram.ts';

const secret = 'a-secret_of-this-test';
const header = 'x-telegram-bot-api-secret-token';
const chat = { id: 70_000_001, type: 'private' };
const update = (id: number, text = 'canary') => ({ update_id: id, message: { message_id: id, chat, from: chat, date: 1, text } });

/** A started channel behind a server of its own. */
async function brought(then: (incoming: Incoming) => Promise<unknown> = async () => {}, options: Partial<TelegramOptions> = {}) {
  const { url, host } = await serve();
  const channel = host(make({ webhook: { url, secret }, ...options }));
  await channel.start(async (incoming) => {
    heard.push(incoming);
    await then(incoming);
  });
  const post = (body: string, token: string | null = secret) =>
    fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...(token === null ? {} : { [header]: token }) }, body });
  return { channel, url, host, post };
}

describe('whoever posts to the webhook', () => {
  test.for([
    ['no secret', null],
    ['an empty one', ''],
    ['another one', 'a-secret_of-this-tesT'],
    ['a longer one', `${secret}x`],
    ['one of other bytes', 'ÿ'.repeat(21)],
  ] as const)('with %s is told 401, and nothing comes of it', async ([, token]) => {
    const { post } = await brought();
    const answer = await post(JSON.stringify(update(1)), token);
    expect([answer.status, await answer.json()]).toMatchObject([401, { error: { code: 'unauthorized' } }]);
    expect(heard).toEqual([]);
  });

  test('with a body beyond every message is told 413, and one that is no JSON 400', async () => {
    const { post } = await brought();
    expect((await post(JSON.stringify(update(1, 'x'.repeat(1_100_000))))).status).toBe(413);
    expect((await post('{"update_id":')).status).toBe(400);
    expect((await post('"words"')).status).toBe(400);
    expect(heard).toEqual([]);
  });

  test('with something that is no update is thanked, so that it never comes again', async () => {
    const { post } = await brought();
    for (const body of [{}, [], { update_id: 'x' }, { update_id: 3, hologram: 1 }])
      expect((await post(JSON.stringify(body))).status).toBe(200);
    expect(heard).toEqual([]);
  });

  test('before the channel is started is told to come again', async () => {
    const { url, host } = await serve();
    host(make({ webhook: { url, secret } }));
    expect((await fetch(url, { method: 'POST', headers: { [header]: secret }, body: '{}' })).status).toBe(503);
  });

  test('finds nothing there while the bot asks for updates itself', async () => {
    const { url, host } = await serve();
    host(make());
    expect((await fetch(url, { method: 'POST', headers: { [header]: secret }, body: '{}' })).status).toBe(404);
  });
});

describe('what people write to a bot with a webhook', () => {
  test('is confirmed only when it was handled, and comes again when that failed', async () => {
    const zohra = person();
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    let failures = 1;
    const { channel } = await brought(async () => {
      await held;
      failures -= 1;
      if (failures >= 0) throw new Error('down');
    });
    const id = zohra.says('keep me');
    await eventually(said).toEqual(['keep me']);
    expect(api.pending()).toEqual([id]);
    release();
    await allConfirmed();
    expect(said()).toEqual(['keep me', 'keep me']);
    expect(heard[0]?.id).toBe(heard[1]?.id);
    expect(channel.health().state).toBe('ready');
  });

  test('is heard in order for each person, and people side by side', async () => {
    const people = [person(), person(), person()];
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    await brought(async ({ body }) => (body.kind === 'text' && body.text === 'first' ? held : undefined));
    people[0]?.says('first');
    people[0]?.says('second');
    for (const other of people.slice(1)) other.says('meanwhile');
    await eventually(said).toEqual(['first', 'meanwhile', 'meanwhile']);
    release();
    await allConfirmed();
    expect(said().at(-1)).toBe('second');
    expect(api.webhook().most).toBeGreaterThanOrEqual(3);
  });

  test('is set aside after three failures, so that their next words are read; while our stores are down it never is', async () => {
    const zohra = person();
    let outages = 5;
    await brought(
      async ({ body }) => {
        if (body.kind !== 'text' || body.text === 'next') return;
        outages -= 1;
        throw new Error(outages >= 0 ? 'outage' : 'poison');
      },
      { isOutage: (error) => error instanceof Error && error.message === 'outage' },
    );
    zohra.says('poison');
    zohra.says('next');
    await allConfirmed();
    expect(said()).toEqual([...Array.from({ length: 8 }, () => 'poison'), 'next']);
    expect(eventsOf('telegram.set-aside')).toHaveLength(1);
  });

  test('and takes us longer than Telegram waits is done once, and confirmed at the next delivery', async () => {
    const zohra = person();
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    await brought(() => held, { pace: { answerWithinMs: 30 } });
    const id = zohra.says('slow');
    await api.waitFor(() => api.deliveries(id) >= 2, 'a second delivery');
    release();
    await allConfirmed();
    expect(said()).toEqual(['slow']);
  });

  test('while the bot stops is finished and answered, and what comes then waits for the next start', async () => {
    const zohra = person();
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const first = await brought(async ({ person: to }) => {
      await held;
      await first.channel.send(to, message('heard'));
    });
    zohra.says('in hand');
    await eventually(said).toEqual(['in hand']);
    const stopped = first.channel.stop();
    const waiting = person().says('for later');
    release();
    await stopped;
    await api.waitFor(() => api.pending().length === 1, 'the one in hand to be confirmed');
    expect(api.pending()).toEqual([waiting]);
    expect(zohra.last()?.text).toBe('heard');
    const second = first.host(make({ webhook: { url: first.url, secret } }));
    await second.start(async (incoming) => void heard.push(incoming));
    await allConfirmed();
    expect(said()).toEqual(['in hand', 'for later']);
  });

  test('a tap is acknowledged once for each delivery', async () => {
    const zohra = person();
    zohra.says('hi');
    const { channel } = await brought();
    await allConfirmed();
    await channel.send(String(zohra.id), message('?', { choices: [{ id: '1.a', label: 'A', kind: 'answer' }] }));
    zohra.taps('A');
    await allConfirmed();
    await api.waitFor(() => api.unansweredTaps() === 0, 'the tap to be acknowledged');
  });

  test('two processes that get the same update make one step of it', async () => {
    const { world } = await makeWorld();
    const replies = makeReplies(world.log);
    const two = [await serve(), await serve()];
    for (const { url, host } of two) {
      const channel = host(make({ webhook: { url, secret } }));
      await channel.start(makeReceive(world, channel, replies));
    }
    const zohra = person();
    zohra.starts();
    await allConfirmed();
    const twice = update(900_000_001, 'English');
    const of = { id: zohra.id, type: 'private' };
    const body = JSON.stringify({ ...twice, message: { ...twice.message, date: Math.ceil(Date.now() / 1_000) + 1, chat: of, from: of } });
    const answers = await Promise.all(
      [...two, ...two].map(({ url }) => fetch(url, { method: 'POST', headers: { [header]: secret }, body })),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const session = await world.sessions.load(world.index('person', 'telegram', String(zohra.id)));
    expect(session?.session.answers).toEqual({});
    expect(session?.handled.length).toBe(12);
    const shown = zohra.screen().filter(({ text }) => text.includes('Which country'));
    expect(new Set(shown.map(({ text }) => text)).size).toBe(1);
  });
});

describe('the webhook itself', () => {
  const calls = () => api.calls.map(({ method }) => method).filter((method) => /Webhook/.test(method));
  function remembered() {
    const kept = new Map<string, string>();
    return (what: string) => ({ get: async () => kept.get(what), set: async (hash: string) => void kept.set(what, hash) });
  }

  test('is set with secret, connections and kinds of update, and again only when one of them changed', async () => {
    const cache = remembered();
    const { channel, url, host } = await brought(undefined, { cache });
    expect(api.webhook()).toMatchObject({ url, secret, max_connections: 100 });
    expect(api.webhook().allowed_updates).toEqual(['message', 'edited_message', 'callback_query', 'my_chat_member']);
    await channel.stop();
    const again = async (webhook: { url: string; secret: string }) => {
      const next = host(make({ webhook, cache }));
      await next.start(async () => {});
      await next.stop();
    };
    await again({ url, secret });
    expect(calls().filter((method) => method === 'setWebhook')).toHaveLength(1);
    await again({ url, secret: 'another-secret' });
    expect(api.webhook().secret).toBe('another-secret');
    await again({ url: url.replace('127.0.0.1', 'localhost'), secret: 'another-secret' });
    expect(calls().filter((method) => method === 'setWebhook')).toHaveLength(3);
  });

  test('is set all the same while what was set last cannot be read', async () => {
    const broken = () => ({ get: () => Promise.reject(new Error('down')), set: () => Promise.reject(new Error('down')) });
    const { channel } = await brought(undefined, { cache: broken });
    expect([channel.health().state, calls().slice(0, 2)]).toEqual(['ready', ['getWebhookInfo', 'setWebhook']]);
  });

  test('is taken away when the bot asks for updates again, and what waits is kept', async () => {
    const { channel } = await brought();
    await channel.stop();
    person().says('waited');
    await launch();
    await allConfirmed();
    expect(said()).toEqual(['waited']);
    expect(api.webhook().url).toBe('');
  });

  test('that Telegram refuses, or that another program took, is told to the operator', async () => {
    api.fault('setWebhook', { answer: 400, description: 'Bad Request: bad webhook: HTTPS url must be provided' });
    const { channel } = await brought();
    expect(eventsOf('channel.state').map((line) => JSON.parse(line).state)).toContain('down');
    await eventually(channel.health).toEqual({ state: 'ready' });
    await launch();
    await eventually(channel.health).toEqual({ state: 'ready', reason: expect.stringContaining('Another program') });
    expect(waits).toEqual(expect.arrayContaining([3_000, 60_000]));
  });

  test('of a refused token stops the channel and says so', async () => {
    const { channel } = await brought(undefined, { token: '700000001:TEST_TOKEN_THAT_WAS_REVOKED' });
    expect(channel.health()).toEqual({ state: 'down', reason: expect.stringContaining('TELEGRAM_BOT_TOKEN') });
  });
});
