// The receiver that docs/integrating.md gives away, run as it is against the real courier.
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Event, makeReceiver } from '../../docs/examples/receiver.ts';
import { chosenTypes, insideTypes } from '../../src/handoff/outside.ts';
import { opened, said, startDesk, type TestDesk, told } from '../support/desk.ts';
import { courierOn, register } from '../support/outside.ts';

let on: TestDesk;
beforeEach(async () => {
  on = await startDesk();
});
afterEach(() => on.stop());

const id = 'c_8f31';

it('has each event once and in order, whatever is lost on the way', async () => {
  const applied: Event[] = [];
  const book = { seen: new Set<string>(), last: new Map<string, number>(), apply: (event: Event) => void applied.push(event) };
  // A free port first: the secret is made with the address.
  const place = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => place.once('listening', resolve));
  const { port } = place.address() as AddressInfo;
  await new Promise((resolve) => place.close(resolve));
  const endpoint = await register(on, { url: `http://127.0.0.1:${port}/` });
  const server = makeReceiver(endpoint.secret, book, () => on.clock.now).listen(port, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));

  await on.hook(opened(id));
  await on.api('POST', `/cases/${id}/claim`);
  for (let seq = 2; seq < 12; seq += 1) await on.hook(said(id, seq, 'words'));
  const by = courierOn(on);
  await by.round();
  // Its answers were lost: everything comes again.
  await on.desk.keep.updateTable('deliveries').set({ state: 'waiting', due_at: 0 }).execute();
  await by.round();
  await on.hook(told('case.erased', id, 12));
  await by.round();
  expect(applied.map((event) => event.data.seq)).toEqual(applied.map((_, at) => at + 1));
  expect([applied[0]?.type, applied.at(-1)?.type]).toEqual(['case.opened', 'case.erased']);
  const answers = await on.desk.keep.selectFrom('deliveries').select('status').where('endpoint', '=', endpoint.id).execute();
  expect(answers).toEqual([{ status: 202 }]);

  const foreign = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    body: '{}',
    headers: { 'webhook-id': 'x', 'webhook-timestamp': '1', 'webhook-signature': 'v1,x' },
  });
  expect(foreign.status).toBe(401);
  await by.stop();
  server.closeAllConnections();
  server.close();
});

it('is about forty lines, and the guide names every event in both directions', () => {
  const code = readFileSync('docs/examples/receiver.ts', 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  expect(code.length).toBeLessThanOrEqual(40);
  const guide = readFileSync('docs/integrating.md', 'utf8');
  for (const type of [...chosenTypes, 'endpoint.test', 'case.erased', ...insideTypes]) expect(guide).toContain(`\`${type}\``);
});
