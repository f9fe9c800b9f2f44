// Order and confirmation without a browser: each person in order, persons side by side, "seen" only when
// nothing of that person waits, and a mark that keeps a kill from answering the same words again.
import { describe, expect, it } from 'vitest';
import { type Mark, makeInbox } from '../../src/channel/whatsapp-inbox.ts';
import { makeSender } from '../../src/channel/whatsapp-send.ts';
import type { Outcome, Said } from '../../src/channel/whatsapp-wire.ts';
import { says } from '../support/whatsapp/channel.ts';

const said = (person: string, id: string, sentAt = 1_000): Said => ({
  person,
  chat: `${person}-chat`,
  id,
  sentAt,
  body: { kind: 'text', text: id },
});
const pause = (ms = 1) => new Promise<void>((go) => setTimeout(go, ms));

function makeBox(marks = new Map<string, Mark>()) {
  const handled: string[] = [];
  const late: string[] = [];
  const events: string[] = [];
  const state = { seen: true, owes: false, ticks: 0, prompted: 0, handle: async (_: Said) => {} };
  const inbox = makeInbox({
    async receive(one, isLate) {
      await state.handle(one);
      handled.push(one.id);
      if (isLate) late.push(one.id);
      events.push(one.id);
    },
    async seen(chat) {
      events.push(`seen ${chat}`);
      return state.seen;
    },
    owes: () => state.owes,
    forgive: () => {
      state.owes = false;
    },
    again: () => events.push('again'),
    marks: {
      load: async (person) => marks.get(person),
      save: async (person, mark) => void marks.set(person, structuredClone(mark)),
      forget: async (person) => void marks.delete(person),
    },
    hash: (text) => text,
    tick: () => ++state.ticks,
    promptedAt: () => state.prompted,
    isOutage: (error) => error instanceof TypeError,
    setAside: ({ id }) => events.push(`aside ${id}`),
    /** Long waits are short here, yet long enough for the work at hand. */
    wait: (ms) => pause(ms === 2_000 ? 100 : 1),
  });
  const until = async (holds: () => boolean) => {
    for (let at = 0; at < 5_000 && !holds(); at += 1) await pause();
    expect(holds()).toBe(true);
  };
  return { inbox, state, handled, late, events, marks, until };
}

describe('messages of WhatsApp', () => {
  it('of one person are handled in order, and the chat is seen once, at the end', async () => {
    const box = makeBox();
    box.state.handle = () => pause(3);
    box.inbox.take([said('a', '1'), said('a', '2')]);
    box.inbox.take([said('a', '3')]);
    await box.until(() => box.events.includes('seen a-chat'));
    expect(box.events).toEqual(['1', '2', '3', 'seen a-chat']);
    expect(box.marks.size).toBe(0);
  });

  it('of others do not wait for a slow one', async () => {
    const box = makeBox();
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    box.state.handle = (one) => (one.person === 'a' ? held : Promise.resolve());
    box.inbox.take([said('a', '1'), said('b', '2')]);
    await box.until(() => box.events.includes('seen b-chat'));
    expect(box.handled).toEqual(['2']);
    release();
    await box.until(() => box.handled.includes('1'));
  });

  it('of very many people are all handled', async () => {
    const box = makeBox();
    box.inbox.take(Array.from({ length: 500 }, (_, at) => said(`p${at}`, `m${at}`)));
    await box.until(() => box.events.filter((event) => event.startsWith('seen')).length === 500);
    expect(new Set(box.handled).size).toBe(500);
  });

  it('told twice are handled once, and seen all the same', async () => {
    const box = makeBox();
    box.state.seen = false;
    box.inbox.take([said('a', '1'), said('a', '1')]);
    await box.until(() => box.events.length === 2);
    box.state.seen = true;
    box.inbox.take([said('a', '1')]);
    await box.until(() => box.events.length === 3);
    expect(box.events).toEqual(['1', 'seen a-chat', 'seen a-chat']);
  });

  it('handled before a kill are not handled after it, nor lost when they share a second', async () => {
    const before = makeBox();
    before.state.handle = (one) => (one.id === '3' ? new Promise(() => {}) : Promise.resolve());
    before.inbox.take([said('a', '1', 1_000), said('a', '2', 2_000), said('a', '3', 2_000)]);
    await before.until(() => before.marks.get('a')?.ids.includes('2') === true);
    const after = makeBox(before.marks);
    after.inbox.take([said('a', '1', 1_000), said('a', '2', 2_000), said('a', '3', 2_000)]);
    await after.until(() => after.events.includes('seen a-chat'));
    expect(after.handled).toEqual(['3']);
    expect(after.marks.size).toBe(0);
  });

  it('that cannot be handled come again three times; while our stores are down, as long as that lasts', async () => {
    const box = makeBox();
    let tries = 0;
    box.state.handle = async (one) => {
      tries += 1;
      if (one.id === 'poison') throw new Error('no');
      if (one.id === 'outage' && tries < 20) throw new TypeError('stores are down');
    };
    box.inbox.take([said('a', 'poison'), said('a', 'next')]);
    await box.until(() => box.events.includes('seen a-chat'));
    expect(box.events).toEqual(['aside poison', 'next', 'seen a-chat']);
    tries = 0;
    box.inbox.take([said('b', 'outage')]);
    await box.until(() => box.handled.includes('outage'));
    expect(tries).toBe(20);
  });

  it('that were here before our question was sent are told apart', async () => {
    const box = makeBox();
    box.state.handle = async () => {
      box.state.prompted = ++box.state.ticks;
    };
    box.inbox.take([said('a', '1'), said('a', '2')]);
    await box.until(() => box.events.includes('seen a-chat'));
    box.inbox.take([said('a', '3')]);
    await box.until(() => box.handled.length === 3);
    expect(box.late).toEqual(['2']);
  });

  it('whose answer cannot go out are not confirmed, and asked for again', async () => {
    const box = makeBox();
    box.state.owes = true;
    box.inbox.take([said('a', '1')]);
    await box.until(() => box.events.includes('again'));
    expect(box.events).toEqual(['1', 'again']);
    box.inbox.take([said('a', '1')]);
    await box.until(() => box.events.includes('seen a-chat'));
    expect(box.handled).toEqual(['1', '1']);
  });

  it('of somebody who sends more than we keep are not confirmed before the rest was fetched', async () => {
    const box = makeBox();
    box.inbox.take(Array.from({ length: 250 }, (_, at) => said('a', `m${at}`, at)));
    await box.until(() => box.events.includes('again'));
    expect(box.events.some((event) => event.startsWith('seen'))).toBe(false);
    box.inbox.take(Array.from({ length: 250 }, (_, at) => said('a', `m${at}`, at)));
    await box.until(() => box.events.includes('seen a-chat'));
    expect(box.handled.length).toBe(250);
  });

  it('in hand when it stops are finished, the others left for the next start', async () => {
    const box = makeBox();
    box.state.handle = () => pause(5);
    box.inbox.take([said('a', '1'), said('a', '2')]);
    await box.inbox.stop();
    expect(box.handled).toEqual(['1']);
    expect(box.marks.get('a')?.ids).toEqual(['1']);
    box.inbox.take([said('b', '3')]);
    expect(box.handled).toEqual(['1']);
  });
});

function makeOut(send: (text: string) => Promise<Outcome>) {
  const calls: string[] = [];
  const state = { ready: true, ticks: 0 };
  const sender = makeSender({
    ready: () => state.ready,
    chatOf: (person) => `${person}-chat`,
    typing: (chat) => calls.push(`typing ${chat}`),
    send(chat, text) {
      calls.push(`${chat}: ${text}`);
      return send(text);
    },
    tick: () => ++state.ticks,
    pace: { gap: [0, 0], typing: [0, 0], patience: 20, wait: () => pause() },
  });
  return { sender, calls, state };
}

describe('an answer on WhatsApp', () => {
  it('goes to the id the person wrote from, and typing is shown first', async () => {
    const out = makeOut(async () => 'sent');
    expect(await out.sender.send('a', says('hello'))).toEqual({ sent: true });
    expect(out.calls).toEqual(['typing a-chat', 'a-chat: hello']);
    expect(out.sender.promptedAt('a')).toBe(1);
  });

  it('that takes long goes on, and is not sent twice', async () => {
    const { promise: slow, resolve } = Promise.withResolvers<Outcome>();
    const out = makeOut(() => slow);
    expect(await out.sender.send('a', says('hello'))).toHaveProperty('later');
    expect(out.sender.owes('a')).toBe(true);
    resolve('sent');
    expect(await out.sender.send('a', says('hello'))).toEqual({ sent: true });
    expect(out.sender.owes('a')).toBe(false);
    expect(out.calls.length).toBe(2);
  });

  it('waits while WhatsApp is not ready', async () => {
    const out = makeOut(async () => 'sent');
    out.state.ready = false;
    expect(await out.sender.send('a', says('hello'))).toHaveProperty('later');
    expect(out.calls).toEqual([]);
  });

  it('that fails is tried once more and then refused', async () => {
    const out = makeOut(async () => 'failed');
    expect(await out.sender.send('a', says('hello'))).toEqual({ refused: 'failed' });
    expect(out.calls.filter((call) => call.startsWith('a-chat')).length).toBe(2);
    expect(out.sender.owes('a')).toBe(false);
  });
});
