// Order, redelivery and stopping: what a person wrote is neither lost nor handled out of turn.
import { describe, expect, test } from 'vitest';
import { sleep } from '../../src/channel/telegram-calls.ts';
import { allConfirmed, api, choice, eventsOf, eventually, heard, launch, message, person, said, waits } from '../support/telegram.ts';

describe('order and loss', () => {
  test('people are answered side by side, each of them in order', async () => {
    const gate = Promise.withResolvers<void>();
    const amal = person();
    const badi = person();
    amal.says('a1');
    badi.says('b1');
    amal.says('a2');
    badi.says('b2');
    await launch(async ({ body }) => {
      if (body.kind === 'text' && body.text === 'a1') await gate.promise;
    });
    await eventually(said).toEqual(['a1', 'b1', 'b2']);
    expect(api.pending()).toHaveLength(4);
    gate.resolve();
    await allConfirmed();
    expect(said()).toEqual(['a1', 'b1', 'b2', 'a2']);
  });

  test('of two numbers sent while nobody was there only the first answers; the other came before its question', async () => {
    const zohra = person();
    const at = Math.floor(Date.now() / 1_000) - 60;
    zohra.says('1', { at });
    zohra.says('1', { at });
    await launch(async ({ person: to }, self) => {
      await self.send(to, message('Which?', { choices: [choice('1.a', 'A')] }));
    });
    await allConfirmed();
    zohra.says('1', { at: at + 120 });
    await allConfirmed();
    expect(heard.map(({ late }) => late)).toEqual([undefined, true, undefined]);
  });

  test('a long backlog is worked off in order, at most 32 at a time', async () => {
    const zohra = person();
    const sent = Array.from({ length: 70 }, (_, at) => String(at));
    for (const text of sent) zohra.says(text);
    await launch();
    await allConfirmed();
    expect(said()).toEqual(sent);
    for (const { payload } of api.calls.filter(({ method }) => method === 'getUpdates'))
      expect(payload).toMatchObject({ limit: 32, allowed_updates: ['message', 'edited_message', 'callback_query', 'my_chat_member'] });
  });

  test('words that could not be stored come again, and what the person wrote later waits behind them', async () => {
    const amal = person();
    const badi = person();
    const first = amal.says('a1');
    amal.says('a2');
    badi.says('b1');
    let failed = false;
    await launch(async ({ body }) => {
      if (body.kind !== 'text' || body.text !== 'a1' || failed) return;
      failed = true;
      throw new Error('canary in the error');
    });
    await allConfirmed();
    expect(said()).toEqual(['a1', 'b1', 'a1', 'a2']);
    expect(api.deliveries(first)).toBe(2);
    expect(waits).toEqual([3_000]);
    expect(heard[0]?.id).toBe(heard[2]?.id);
  });

  test('words that fail three times are set aside with a line in the log, and the chat goes on', async () => {
    const zohra = person();
    zohra.says('poison canary');
    zohra.says('next');
    await launch(async ({ body }) => {
      if (body.kind === 'text' && body.text !== 'next') throw Object.assign(new Error('canary'), { code: 'E_STEP' });
    });
    await allConfirmed();
    expect(said()).toEqual(['poison canary', 'poison canary', 'poison canary', 'next']);
    expect(eventsOf('telegram.set-aside')).toHaveLength(1);
    expect(JSON.parse(eventsOf('telegram.set-aside')[0] ?? '')).toMatchObject({ count: 3, code: 'Error:E_STEP', who: expect.any(String) });
  });

  test('while our own stores are down nobody’s words are set aside', async () => {
    const zohra = person();
    zohra.says('keep me');
    let left = 7;
    await launch(
      async () => {
        left -= 1;
        if (left >= 0) throw new Error('down');
      },
      { isOutage: () => true },
    );
    await allConfirmed();
    expect(said()).toHaveLength(8);
    expect(eventsOf('telegram.set-aside')).toEqual([]);
    expect(waits).toEqual([3_000, 6_000, 12_000, 24_000, 30_000, 30_000, 30_000]);
  });

  test('stopping in the middle finishes what was begun, answers it and confirms it', async () => {
    const gate = Promise.withResolvers<void>();
    const zohra = person();
    for (const text of ['1', '2', '3']) zohra.says(text);
    const channel = await launch(async ({ person: to, body }, self) => {
      await gate.promise;
      await self.send(to, message(`heard ${body.kind === 'text' ? body.text : ''}`));
    });
    await eventually(said).toEqual(['1']);
    const stopped = channel.stop();
    zohra.says('after');
    gate.resolve();
    await stopped;
    expect(api.pending()).toHaveLength(1);
    expect(
      zohra
        .screen()
        .filter(({ from }) => from === 'bot')
        .map(({ text }) => text),
    ).toEqual(['heard 1', 'heard 2', 'heard 3']);
    expect(channel.health()).toEqual({ state: 'off' });
    await launch();
    await allConfirmed();
    expect(said()).toEqual(['1', '2', '3', 'after']);
  });

  test('stopping does not wait for ever: a step that hangs comes again after the restart', async () => {
    const amal = person();
    const badi = person();
    amal.says('a1');
    badi.says('hangs');
    badi.says('b2');
    const channel = await launch(
      ({ body }) => (body.kind === 'text' && body.text === 'hangs' ? new Promise(() => {}) : Promise.resolve()),
      {
        pace: { stopWithinMs: 2_000 },
      },
    );
    await eventually(said).toEqual(['a1', 'hangs']);
    await channel.stop();
    await api.waitFor(() => api.pending().length === 2, 'the first message to be confirmed');
    await launch();
    await allConfirmed();
    expect(said()).toEqual(['a1', 'hangs', 'hangs', 'b2']);
  });

  test('an idle bot stops at once, in the middle of its long poll', async () => {
    const channel = await launch();
    await api.waitFor(api.polling);
    await channel.stop();
    expect(channel.health().state).toBe('off');
    expect(await channel.send('1', message('too late'))).toEqual({ later: 3_000 });
  });

  test('after an idle week ids start anywhere, and nobody is passed over', async () => {
    await launch();
    const zohra = person();
    zohra.says('before');
    await allConfirmed();
    api.jumpTo(1_000);
    zohra.says('after 1');
    zohra.says('after 2');
    await allConfirmed();
    expect(said()).toEqual(['before', 'after 1', 'after 2']);
  });

  test('a poll whose answer is lost on the way is asked again, and nothing is lost with it', async () => {
    api.fault('getUpdates', { drop: 'after' }, { times: 2 });
    const zohra = person();
    zohra.says('hello');
    const channel = await launch();
    await allConfirmed();
    expect(said()).toEqual(['hello']);
    expect(waits).toEqual([3_000, 6_000]);
    expect(channel.health()).toEqual({ state: 'ready' });
  });

  test('a channel that waits for Telegram to come back stops at once', async () => {
    const ending = new AbortController();
    const waiting = sleep(60_000, ending.signal);
    ending.abort();
    await Promise.all([waiting, sleep(60_000, ending.signal), sleep(1)]);
  });
});
