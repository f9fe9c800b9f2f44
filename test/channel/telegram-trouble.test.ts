// When Telegram is slow, strict or gone: what becomes of a message, and what the operator is told.
import { describe, expect, test } from 'vitest';
import { mayCarryToken } from '../../src/channel/telegram-fetch.ts';
import { allConfirmed, api, eventsOf, eventually, known, launch, make, message, person, said, waits } from '../support/telegram.ts';

describe('when Telegram says no', () => {
  test('a limit of a second or two is waited out, and the words arrive', async () => {
    const { channel, zohra, to } = await known();
    api.fault('sendMessage', { answer: 429, retryAfter: 2 });
    expect(await channel.send(to, message('patience'))).toEqual({ sent: true });
    expect(waits).toEqual([2_000]);
    expect(zohra.last()?.text).toBe('patience');
  });

  test('a longer limit is told at once, and only once is waited in place', async () => {
    const { channel, to } = await known();
    const long = api.fault('sendMessage', { answer: 429, retryAfter: 30 });
    expect(await channel.send(to, message('later'))).toEqual({ later: 30_000 });
    api.fault('sendMessage', { answer: 429, retryAfter: 1 }, { times: 2 });
    expect(await channel.send(to, message('later'))).toEqual({ later: 3_000 });
    expect([long.hits, waits]).toEqual([1, [1_000]]);
  });

  test('one person’s limit delays nobody else', async () => {
    const { channel, zohra, to } = await known();
    const badi = person();
    badi.says('hi');
    await allConfirmed();
    api.fault('sendMessage', { answer: 429, retryAfter: 30 }, { chat: zohra.id, times: Number.POSITIVE_INFINITY });
    expect(await Promise.all([channel.send(to, message('a')), channel.send(String(badi.id), message('b'))])).toEqual([
      { later: 30_000 },
      { sent: true },
    ]);
  });

  test('a person who blocked the bot is gone', async () => {
    const { channel, zohra, to } = await known();
    zohra.blocks();
    await allConfirmed();
    expect(await channel.send(to, message('?'))).toEqual({ gone: true });
  });

  test('a refused message is a defect of ours: its number is told, its words are not', async () => {
    const { channel, to } = await known();
    api.fault('sendMessage', { answer: 400, description: 'Bad Request: canary of 7000001' });
    expect(await channel.send(to, message('canary'))).toEqual({ refused: '400' });
    expect(await channel.send('nobody', message('canary'))).toEqual({ refused: 'address' });
    expect(eventsOf('telegram.refused')).toHaveLength(2);
  });

  test('server errors, pages instead of answers and cut lines mean later', async () => {
    const { channel, zohra, to } = await known();
    for (const fault of [{ answer: 500 }, { answer: 401 }, { page: 502 }, { drop: 'before' }] as const) {
      api.fault('sendMessage', fault);
      expect(await channel.send(to, message('x'))).toEqual({ later: 3_000 });
    }
    expect(zohra.screen()).toHaveLength(1);
    api.fault('sendMessage', { drop: 'after' });
    const once = message('perhaps twice');
    expect(await channel.send(to, once)).toEqual({ later: 3_000 });
    expect(await channel.send(to, once)).toEqual({ sent: true });
    expect(zohra.screen()).toHaveLength(3);
  });

  test('a slow Telegram holds nobody up, and the words are not sent twice for it', async () => {
    const gate = Promise.withResolvers<void>();
    const channel = await launch(async () => {}, { pace: { patienceMs: 20 } });
    const zohra = person();
    zohra.says('hi');
    await allConfirmed();
    api.fault('sendMessage', { slow: gate.promise });
    const slow = message('slow');
    expect(await channel.send(String(zohra.id), slow)).toEqual({ later: 3_000 });
    expect(await channel.send(String(zohra.id), slow)).toEqual({ later: 3_000 });
    gate.resolve();
    await eventually(() => channel.send(String(zohra.id), slow)).toEqual({ sent: true });
    expect(zohra.screen().filter(({ text }) => text === 'slow')).toHaveLength(1);
  });
});

describe('the state of the channel', () => {
  test('a refused token stops the channel and says so', async () => {
    const channel = await launch(undefined, { token: '700000001:TEST_TOKEN_THAT_WAS_REVOKED' });
    expect(channel.health()).toEqual({ state: 'down', reason: expect.stringContaining('TELEGRAM_BOT_TOKEN') });
    expect(api.calls).toEqual([]);
  });

  test('a token revoked later stops it too, and words wait for the new one', async () => {
    const channel = await launch();
    const zohra = person();
    zohra.says('hi');
    await allConfirmed();
    api.revokeToken();
    await eventually(() => channel.health().state).toBe('down');
    expect(await channel.send(String(zohra.id), message('?'))).toEqual({ later: 3_000 });
  });

  test('of two programs with one token the first stops and says why', async () => {
    const first = await launch();
    await api.waitFor(api.polling);
    const second = await launch();
    await eventually(first.health).toEqual({ state: 'down', reason: expect.stringContaining('same token') });
    expect(second.health()).toEqual({ state: 'ready' });
    person().says('hello');
    await allConfirmed();
    expect(said()).toEqual(['hello']);
  });

  test('a webhook of an earlier set-up is taken away without losing what waits; one set later stops the channel', async () => {
    api.setWebhook();
    person().says('waited');
    const channel = await launch();
    await allConfirmed();
    expect(said()).toEqual(['waited']);
    api.setWebhook();
    await eventually(channel.health).toEqual({ state: 'down', reason: expect.stringContaining('webhook') });
  });

  test('an unreachable Telegram keeps nothing from starting, and is asked until it answers', async () => {
    api.fault('getMe', { drop: 'before' });
    api.fault('deleteWebhook', { answer: 502 });
    api.fault('getUpdates', { answer: 429, retryAfter: 40 });
    const channel = make();
    await channel.start(async () => {});
    await eventually(channel.health).toEqual({ state: 'ready' });
    await api.waitFor(api.polling);
    expect(waits).toEqual([3_000, 6_000, 40_000]);
    expect(eventsOf('channel.state').map((line) => JSON.parse(line).state)).toEqual(['starting', 'down', 'down', 'ready', 'down', 'ready']);
  });

  test('nobody at the other end is told as unreachable', async () => {
    await api.close();
    const channel = await launch();
    expect(channel.health()).toEqual({ state: 'down', reason: 'Telegram cannot be reached; trying again' });
  });

  test('a Telegram that does not answer at all holds up no start', async () => {
    const gate = Promise.withResolvers<void>();
    api.fault('getMe', { slow: gate.promise });
    const channel = await launch(undefined, { pace: { patienceMs: 10 } });
    expect(channel.health()).toEqual({ state: 'starting' });
    gate.resolve();
  });

  test('the token never travels unencrypted through the internet', async () => {
    for (const apiRoot of ['http://api.example.org', 'http://8.8.8.8', 'ftp://localhost', 'nonsense']) {
      const channel = await launch(undefined, { apiRoot });
      expect(channel.health()).toEqual({ state: 'down', reason: expect.stringContaining('https') });
    }
  });

  test('a server of the operator’s own network may be asked without encryption', () => {
    for (const root of [
      'https://api.telegram.org',
      'http://localhost:8081',
      'http://127.0.0.1',
      'http://[::1]:1',
      'http://[fd00::1]',
      'http://10.1.2.3',
      'http://192.168.1.1',
      'http://172.20.0.2',
      'http://bot-api:8081',
    ])
      expect([root, mayCarryToken(root)]).toEqual([root, true]);
    for (const root of ['http://172.32.0.1', 'http://127.0.0.1.example.org', 'http://[2001:db8::1]', 'http://1.127.0.1'])
      expect([root, mayCarryToken(root)]).toEqual([root, false]);
  });

  test('calls share their lines', async () => {
    const { channel, to } = await known();
    for (let count = 0; count < 20; count += 1) await channel.send(to, message('again'));
    expect(api.connections()).toBeLessThanOrEqual(3);
  });
});
