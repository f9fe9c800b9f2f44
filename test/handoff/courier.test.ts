// What an outage on the other side may cost: time, and nothing else. The clock is the test's.
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replay } from '../../src/desk/api-events.ts';
import { rotateSecret, setState } from '../../src/store/endpoints.ts';
import { transact } from '../../src/store/transact.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';
import { courierOn, endpointNow, events, registered, states } from '../support/outside.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

let on: TestDesk;
let end: (() => Promise<unknown>)[];
beforeEach(async () => {
  on = await startDesk();
  end = [];
});
afterEach(async () => {
  for (const one of end.reverse()) await one();
  await on.stop();
});

async function outside(wished = {}) {
  const made = await registered(on, wished);
  end.push(made.receiver.stop);
  return made;
}
function courier(limits?: { connectMs: number; totalMs: number }) {
  const made = courierOn(on, limits);
  end.push(made.stop);
  return made;
}

describe('an event', () => {
  it('arrives signed, in the order of its request, and is kept to be sent again', async () => {
    const { id, receiver } = await outside();
    await events(on, id, 6, 2);
    await courier().round();
    const [first] = receiver.effects;
    expect([receiver.state.refused, receiver.effects.length]).toEqual([0, 6]);
    expect(receiver.order(String(first?.caseId))).toEqual([1, 2, 3]);
    expect(await states(on, id)).toEqual({ delivered: 6 });
  });

  it('fits for the public library of the standard, with either secret while one is being replaced', async () => {
    on.clock.now = Date.now();
    const { id, secret, receiver } = await outside();
    const found = await endpointNow(on, id);
    const fresh = await transact(on.desk.keep, (tx) => rotateSecret(tx, on.desk.seal, found, on.clock.now));
    const seen: [string, Record<string, string>][] = [];
    receiver.state.behave = (request, response) => {
      seen.push([JSON.stringify(receiver.effects.at(-1)?.body), request.headers as Record<string, string>]);
      response.writeHead(200).end();
    };
    await events(on, id, 1);
    await courier().round();
    const [[body, headers] = ['', {}]] = seen;
    for (const one of [fresh, secret]) expect(new Webhook(one).verify(body, headers)).toMatchObject({ type: 'case.updated' });
    const other = `whsec_${Buffer.alloc(32, 77).toString('base64')}`;
    expect(() => new Webhook(other).verify(body, headers)).toThrow();
    expect(() => new Webhook(fresh).verify(`${body} `, headers)).toThrow();
  });

  it('of an urgent request goes before everything that waits', async () => {
    const { id, receiver } = await outside();
    receiver.state.behave = 503;
    await events(on, id, 10, 10);
    const by = courier();
    await by.pass(6 * minute, 5 * second);
    expect((await endpointNow(on, id)).asleep).toBe(true);
    await events(on, id, 11, 11, true);
    receiver.state.behave = 202;
    await by.pass(2 * minute, 5 * second, () => receiver.effects.length > 0);
    expect(receiver.effects[0]?.seq).toBe(1);
    expect(await states(on, id)).toEqual({ delivered: 21 });
  });
});

describe('a receiver that is down for an hour', () => {
  it.for([1, 500])('has all of %i events within two minutes of its return, in order and each once', async (count) => {
    const { id, receiver } = await outside();
    const by = courier();
    receiver.state.behave = 503;
    await events(on, id, count, Math.ceil(count / 10));
    await by.pass(hour, 10 * second);
    expect(receiver.effects).toEqual([]);
    expect(receiver.state.requests).toBeLessThan(80);
    const asleep = await endpointNow(on, id);
    expect([asleep.asleep, asleep.state]).toEqual([true, 'on']);
    // Back, and of one event in nine the first answer is lost: the same id comes again.
    const lost = new Set<string>();
    receiver.state.behave = (request, response) => {
      const event = String(request.headers['webhook-id']);
      if (receiver.effects.length % 9 !== 0 || lost.has(event)) return void response.writeHead(202).end();
      lost.add(event);
      request.socket.destroy();
    };
    const took = await by.pass(2 * minute, 5 * second, async () => (await states(on, id))['waiting'] === undefined);
    expect(took).toBeLessThan(2 * minute);
    if (count > 1) expect(lost.size).toBeGreaterThan(10);
    expect(await states(on, id)).toEqual({ delivered: count });
    expect(receiver.effects).toHaveLength(count);
    for (const caseId of new Set(receiver.effects.map((one) => one.caseId))) {
      const order = receiver.order(caseId);
      expect(order).toEqual(order.map((_, at) => at + 1));
    }
  });
});

describe('a receiver that is down for four days', () => {
  it('raises three alerts, its events are given up after 76 hours and come again when asked for, under the same ids', async () => {
    const { id, receiver } = await outside();
    const by = courier();
    receiver.state.behave = (request) => void request.socket.destroy();
    await events(on, id, 12, 3);
    const known = (await on.desk.keep.selectFrom('deliveries').select('id').execute()).map((row) => row.id).sort();
    await by.pass(96 * hour, 12 * minute);
    expect(await states(on, id)).toEqual({ dead: 12 });
    expect(on.lines.filter((line) => line.includes('an endpoint takes nothing'))).toHaveLength(3);
    expect(on.lines.filter((line) => line.includes('events were given up')).length).toBeGreaterThan(0);
    const before = await on.desk.keep.selectFrom('deliveries').select(['status', 'code']).execute();
    expect(before.every((row) => row.status === null && ['reset', null].includes(row.code))).toBe(true);

    receiver.state.behave = 202;
    expect(await replay(on.desk, id, { dead: true }, 'operator')).toBe(12);
    await by.pass(2 * minute, 30 * second, async () => (await states(on, id))['delivered'] === 12);
    expect(await states(on, id)).toEqual({ delivered: 12 });
    // Some it had stored when its answer was lost: by their ids they have no second effect.
    expect(receiver.effects).toHaveLength(12);
    const after = (await on.desk.keep.selectFrom('deliveries').select('id').execute()).map((row) => row.id).sort();
    expect(after).toEqual(known);
  });

  it('is turned off after 120 hours, and those who should know are told', async () => {
    const { id, receiver } = await outside();
    const by = courier();
    receiver.state.behave = 500;
    for (let day = 0; day < 6; day += 1) {
      await events(on, id, 1);
      await by.pass(24 * hour, 40 * minute);
    }
    expect((await endpointNow(on, id)).state).toBe('disabled');
    expect(by.gone).toEqual([[id, 'failing']]);
  });
});

describe('one event that a receiver will not take', () => {
  it('holds up its own request and no other', async () => {
    const { id, receiver } = await outside();
    const by = courier();
    await events(on, id, 30, 10);
    const poison = (await on.desk.keep.selectFrom('deliveries').select(['id', 'case_id']).orderBy('pos').executeTakeFirstOrThrow()) ?? {};
    receiver.state.behave = (request, response) => response.writeHead(request.headers['webhook-id'] === poison.id ? 422 : 202).end();
    await by.pass(20 * minute, 5 * second);
    expect(await states(on, id)).toEqual({ delivered: 27, waiting: 3 });
    await events(on, id, 10, 10);
    await by.pass(3 * minute, 5 * second);
    expect(await states(on, id)).toEqual({ delivered: 36, waiting: 4 });
  });
});

describe('a receiver that asks for less', () => {
  it('with 429 and Retry-After is left alone for that long', async () => {
    const { id, receiver } = await outside();
    receiver.state.behave = (_, response) => response.writeHead(429, { 'retry-after': '1800' }).end();
    const by = courier();
    await events(on, id, 8, 8);
    await by.pass(29 * minute, 10 * second);
    const { requests } = receiver.state;
    expect(requests).toBeLessThan(6);
    receiver.state.behave = 202;
    await by.pass(3 * minute, 5 * second);
    expect(await states(on, id)).toEqual({ delivered: 8 });
  });

  it('with 410 is turned off at once', async () => {
    const { id, receiver } = await outside();
    receiver.state.behave = 410;
    const by = courier();
    await events(on, id, 2);
    await by.pass(hour, minute);
    expect([(await endpointNow(on, id)).state, receiver.state.requests, by.gone]).toEqual(['disabled', 1, [[id, 'gone']]]);
  });

  it('and was paused by an administrator hears nothing until it is turned on again', async () => {
    const { id, receiver } = await outside();
    const by = courier();
    await events(on, id, 3);
    await setState(on.desk.keep, id, 'paused');
    await by.pass(hour, minute);
    expect(receiver.state.requests).toBe(0);
    await setState(on.desk.keep, id, 'on');
    await by.round();
    expect(await states(on, id)).toEqual({ delivered: 3 });
  });
});

describe('an event that is damaged in the store', () => {
  it('is given up with a word about it and holds up nothing, nor does a clock that was set back', async () => {
    const { id, receiver } = await outside();
    await events(on, id, 4, 2);
    await on.desk.keep.updateTable('deliveries').set({ sealed: 'x.y' }).where('pos', '=', 1).execute();
    const far = on.clock.now + 300 * hour;
    await on.desk.keep.updateTable('deliveries').set({ due_at: far, locked_until: far }).where('pos', '=', 2).execute();
    await on.desk.keep.updateTable('endpoints').set({ hold_until: far, probe_at: far, asleep: 1 }).execute();
    await courier().round();
    expect(await states(on, id)).toEqual({ delivered: 3, dead: 1 });
    expect(receiver.effects).toHaveLength(3);
    expect(on.lines.join('')).toContain('an event is damaged and cannot be sent');
  });
});

describe('a kill between the answer and the mark', () => {
  it('repeats the event under its id after the lease, and a receiver that keeps ids has one effect', async () => {
    const { id, receiver } = await outside();
    await events(on, id, 2);
    const killed = courier();
    // As a killed process leaves it: posted, and still leased.
    await killed.round();
    await on.desk.keep
      .updateTable('deliveries')
      .set({ state: 'waiting', locked_until: on.clock.now + minute })
      .execute();
    const by = courier();
    await by.round();
    expect(receiver.state.requests).toBe(2);
    on.clock.now += minute;
    await by.round();
    expect([receiver.state.requests, receiver.effects.length]).toEqual([4, 2]);
  });
});
