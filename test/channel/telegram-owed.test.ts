// Answers that Telegram would not take yet: nobody else waits for them, and a kill in between loses none.
import { expect, test } from 'vitest';
import { makeReceive } from '../../src/conversation/receive.ts';
import { makeReplies } from '../../src/conversation/reply.ts';
import { makeWorld } from '../support/talk.ts';
import { allConfirmed, api, eventually, heard, launch, make, message, person, serve } from '../support/telegram.ts';

function makeStore() {
  const store: { now: Record<string, string>; down: boolean } = { now: {}, down: false };
  return {
    store,
    owed: {
      load: async () => store.now,
      async save(owed: Record<string, string>) {
        if (store.down) throw new Error('down');
        store.now = owed;
      },
    },
  };
}

test('under a limit of 30 seconds for one person the others are answered, and after a kill that one is too', async () => {
  const { world } = await makeWorld();
  const { store, owed } = makeStore();
  const zohra = person();
  const badi = person('Badi-canary');
  api.fault('sendMessage', { answer: 429, retryAfter: 30 }, { chat: zohra.id, times: Number.POSITIVE_INFINITY });
  const first = make({ owed });
  const before = makeReplies(world.log);
  await first.start(makeReceive(world, first, before));
  zohra.starts();
  badi.starts();
  await badi.waitFor((screen) => screen.length > 1, 'an answer to the other');
  await allConfirmed();
  expect(Object.keys(store.now)).toEqual([String(zohra.id)]);
  expect(zohra.screen()).toHaveLength(1);
  before.stop();
  await first.stop();

  api.clearFaults();
  const second = make({ owed });
  await second.start(makeReceive(world, second, makeReplies(world.log)));
  await zohra.waitFor((screen) => screen.length > 1, 'the answer that was owed');
  expect(zohra.last()?.text).toBe(badi.last()?.text);
  expect(badi.screen()).toHaveLength(2);
  zohra.says('English');
  await allConfirmed();
  await eventually(() => store.now).toEqual({});
});

test('whoever is owed an answer is told nothing that they were answered before', async () => {
  const { world } = await makeWorld();
  const { store, owed } = makeStore();
  const zohra = person();
  store.now = { [zohra.id]: 'u1', 123: 'u2' };
  const channel = make({ owed });
  await channel.start(makeReceive(world, channel, makeReplies(world.log)));
  zohra.starts();
  await allConfirmed();
  expect(zohra.screen()).toHaveLength(2);
  expect(await world.sessions.load(world.index('person', 'telegram', '123'))).toBeUndefined();
});

test('nothing is confirmed while it cannot be kept who is owed an answer', async () => {
  const { store, owed } = makeStore();
  const zohra = person();
  api.fault('sendMessage', { answer: 429, retryAfter: 30 }, { times: Number.POSITIVE_INFINITY });
  store.down = true;
  const id = zohra.says('hi');
  await launch(({ person: to }, self) => self.send(to, message('hello', { id: 'same' })), { owed });
  await api.waitFor(() => api.deliveries(id) >= 2, 'it to come again');
  expect(api.pending()).toEqual([id]);
  store.down = false;
  await allConfirmed();
  expect(heard).toHaveLength(1);
});

test('with a webhook the message itself waits for its answer, and is handled once', async () => {
  const zohra = person();
  const { url, host } = await serve();
  const channel = host(make({ webhook: { url, secret: 'x' }, pace: { answerWithinMs: 30 } }));
  const say = () => channel.send(String(zohra.id), message('hello', { id: 'same' }));
  await channel.start(async (incoming) => {
    heard.push(incoming);
    await say();
  });
  api.fault('sendMessage', { answer: 429, retryAfter: 30 });
  const id = zohra.says('hi');
  await api.waitFor(() => api.deliveries(id) >= 2, 'it to come again');
  expect(api.pending()).toEqual([id]);
  expect(await say()).toEqual({ sent: true });
  await allConfirmed();
  expect([heard.length, zohra.screen().length]).toEqual([1, 2]);
});
