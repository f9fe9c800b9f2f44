// Endpoints on a desk under test, and a courier on its clock that only moves when the test says so.
import { makeCourier } from '../../src/handoff/courier.ts';
import { chosenTypes } from '../../src/handoff/outside.ts';
import { makeSend } from '../../src/handoff/send.ts';
import { putDelivery } from '../../src/store/deliveries.ts';
import { addEndpoint, findEndpoint, type Wished } from '../../src/store/endpoints.ts';
import { listDeliveries } from '../../src/store/feed.ts';
import { transact } from '../../src/store/transact.ts';
import type { TestDesk } from './desk.ts';
import { startReceiver } from './receiver.ts';

const plain: Wished = {
  name: 'Elsewhere',
  organisation: 'own',
  url: null,
  types: [...chosenTypes],
  accepts: [],
  payload: 'thin',
  protection: false,
  language: 'en',
};

export const register = (on: TestDesk, wished: Partial<Wished> = {}) =>
  transact(on.desk.keep, (tx) => addEndpoint(tx, on.desk.seal, { ...plain, ...wished }, on.clock.now));

/** A receiver that is registered; `stop` it yourself. */
export async function registered(on: TestDesk, wished: Partial<Wished> = {}, tls?: { key: string; cert: string }) {
  const receiver = await startReceiver({ now: () => on.clock.now, ...(tls && { tls }) });
  const endpoint = await register(on, { url: receiver.url, ...wished });
  receiver.state.secrets = [endpoint.secret];
  return { ...endpoint, receiver };
}

export function courierOn(on: TestDesk, limits = { connectMs: 2_000, totalMs: 4_000 }) {
  const { keep, seal, log, addresses } = on.desk;
  const { send, close } = makeSend(addresses, () => on.clock.now, { limits });
  const gone: [string, string][] = [];
  const courier = makeCourier({
    keep,
    seal,
    log,
    send,
    now: () => on.clock.now,
    disabled: async (id, reason) => void gone.push([id, reason]),
  });
  return {
    ...courier,
    gone,
    /** Lets the clock go on in steps, with a look at every step. */
    async pass(ms: number, step: number, done: () => Promise<boolean> | boolean = () => false): Promise<number> {
      for (let passed = 0; passed < ms; passed += step) {
        await courier.round();
        if (await done()) return passed;
        on.clock.now += step;
      }
      await courier.round();
      return ms;
    },
    async stop() {
      await courier.stop();
      close();
    },
  };
}

/** Events as if things had happened: `count` of them, spread over requests. */
export async function events(on: TestDesk, endpoint: string, count: number, cases = 1, urgent = false): Promise<void> {
  await transact(on.desk.keep, async (tx) => {
    for (let at = 0; at < count; at += 1) {
      const caseId = `c_${endpoint.slice(2, 6)}${at % cases}`;
      const letter = { endpoint, fetched: false, type: 'case.updated', caseId, kind: 'return', urgent, standing: true };
      await putDelivery(tx, on.desk.seal, { ...letter, data: (seq) => ({ case_id: caseId, seq }) }, on.clock.now);
    }
  });
}

export const states = async (on: TestDesk, endpoint: string) => {
  const rows = await listDeliveries(on.desk.keep, endpoint, null, 10_000);
  return Object.fromEntries([...Map.groupBy(rows, (row) => row.state)].map(([state, some]) => [state, some.length]));
};
export const endpointNow = async (on: TestDesk, id: string) => {
  const found = await findEndpoint(on.desk.keep, on.desk.seal, id);
  if (found === null) throw new Error('no such endpoint');
  return found;
};
