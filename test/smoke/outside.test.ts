// The whole product, killed again and again while it tells another case system and hears from it.
import { afterAll, describe, expect, it } from 'vitest';
import { chosenTypes, insideTypes } from '../../src/handoff/outside.ts';
import { sign } from '../../src/handoff/sign.ts';
import { addEndpoint } from '../../src/store/endpoints.ts';
import { webhookId } from '../../src/store/outbox.ts';
import { transact } from '../../src/store/transact.ts';
import { opened } from '../support/desk.ts';
import { dataFolder, type Product, startProduct, token, until } from '../support/product.ts';
import { startReceiver } from '../support/receiver.ts';
import { configOf, keyOf, mustOpen } from '../support/stores.ts';

const people = 30;
const kills = 8;
const secret = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

let product: Product | undefined;
const folder = dataFolder();
afterAll(async () => {
  await product?.end('SIGKILL');
  folder.remove();
});

describe('a server that is killed again and again', () => {
  it('loses no event in either direction, and none has a second effect', async () => {
    const receiver = await startReceiver({ now: Date.now });
    const stores = await mustOpen(configOf(folder.path));
    const wished = { name: 'Elsewhere', organisation: 'own', url: receiver.url, types: [...chosenTypes], accepts: [...insideTypes] };
    const endpoint = await transact(stores.keep, (tx) =>
      addEndpoint(tx, stores.seal, { ...wished, payload: 'thin', protection: false, language: 'en' }, Date.now()),
    );
    await stores.close();
    receiver.state.secrets = [endpoint.secret];
    // Of some events the first answer is lost.
    const lost = new Set<string>();
    receiver.state.behave = (request, response) => {
      const id = String(request.headers['webhook-id']);
      if (receiver.state.requests % 7 !== 0 || lost.has(id)) return void response.writeHead(202).end();
      lost.add(id);
      request.socket.destroy();
    };

    const settings = { SEAL_KEY: keyOf(1), HANDOFF_SECRET: secret, ENDPOINT_LOOPBACK: 'on' };
    product = await startProduct(folder.path, settings);
    let ready = Promise.resolve();
    /** Posts until it is acknowledged, the same id each time. */
    const post = async (path: string, by: string, id: string, event: object): Promise<void> => {
      const body = Buffer.from(JSON.stringify(event));
      for (;;) {
        await ready;
        try {
          const headers = { ...sign([by], id, body, Date.now()), 'content-type': 'application/json' };
          const answer = await fetch(`${product?.url}${path}`, { method: 'POST', body, headers, signal: AbortSignal.timeout(10_000) });
          if (answer.status === 200 || answer.status === 202) return;
          throw new Error(`status ${answer.status}`);
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    };
    const live = async (at: number) => {
      const caseId = `c_${String(at).padStart(4, '0')}`;
      await post('/hooks/cases', secret, webhookId('cases', caseId, 'case.opened', 1), opened(caseId, {}, Date.now()));
      const say = (type: string, seq: number, data: object) =>
        post(`/hooks/in/${endpoint.id}`, endpoint.secret, `evt_${caseId}_${seq}`, {
          type,
          timestamp: new Date().toISOString(),
          version: 1,
          data: { case_id: caseId, seq, ...data },
        });
      await say('case.claimed', 1, {});
      await say('appointment.proposed', 2, { starts_at: '2026-12-01T09:00:00Z' });
      await say('case.status_changed', 3, { status: 'waiting_person' });
      return caseId;
    };
    let open = true;
    const killer = async () => {
      for (let i = 0; i < kills && open; i += 1) {
        await new Promise((resolve) => setTimeout(resolve, 120 + ((i * 97) % 300)));
        ready = (async () => {
          await product?.end('SIGKILL');
          product = await startProduct(folder.path, settings);
        })();
        await ready;
      }
    };
    const killing = killer();
    const ids = await Promise.all(Array.from({ length: people }, (_, at) => live(at)));
    open = false;
    await killing;

    const get = async (path: string) =>
      (await fetch(`${product?.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })).json() as Promise<
        Record<string, unknown>
      >;
    // Beside them it hears the head of the log at every start.
    const about = () => receiver.effects.filter((one) => one.caseId !== undefined);
    await until(async () => about().length >= people * 3, 'every event has arrived', 90_000);
    for (const id of ids) {
      expect(receiver.effects.filter((one) => one.caseId === id).map((one) => [one.seq, one.type])).toEqual([
        [1, 'case.opened'],
        [2, 'case.claimed'],
        [3, 'case.status_changed'],
      ]);
      const kase = (await get(`/cases/${id}`)) as { status: string; notes: unknown[]; history: { action: string }[] };
      expect([kase.status, kase.notes.length]).toEqual(['waiting_person', 1]);
      expect(kase.history.map((row) => row.action)).toEqual(['case.opened', 'case.claimed', 'appointment.proposed', 'case.turn']);
    }
    await receiver.stop();
  });
});
