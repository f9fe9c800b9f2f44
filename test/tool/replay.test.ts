// The operator's way to send events again while the service runs.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { again } from '../../src/tool/replay.ts';
import { startDesk, type TestDesk } from '../support/desk.ts';
import { courierOn, events, registered, states } from '../support/outside.ts';

let on: TestDesk;
beforeEach(async () => {
  on = await startDesk();
});
afterEach(() => on.stop());

it('sends what was given up, some, or all of a time, under the same ids', async () => {
  const { id, receiver } = await registered(on);
  const by = courierOn(on);
  await events(on, id, 3);
  await by.round();
  const [first] = receiver.effects;
  await on.desk.keep.updateTable('deliveries').set({ state: 'dead' }).where('seq', '=', 3).execute();
  expect(await again(on.desk, ['--endpoint', id])).toEqual({ replayed: 1 });
  expect(await again(on.desk, ['--endpoint', id, '--event', first?.id ?? ''])).toEqual({ replayed: 1 });
  await by.round();
  expect(await again(on.desk, ['--endpoint', id, '--since', '2026-11-22'])).toEqual({ replayed: 3 });
  await by.round();
  expect([receiver.state.requests, receiver.effects.length]).toEqual([8, 3]);
  expect(await states(on, id)).toEqual({ delivered: 3 });
  const log = await on.desk.keep.selectFrom('audit').select(['actor', 'detail']).where('action', '=', 'endpoint.replayed').execute();
  expect(log).toEqual(['1', '1', '3'].map((detail) => ({ actor: 'operator', detail })));
  await by.stop();
  await receiver.stop();
});

it.for([
  [],
  ['--endpoint', 'e_nobody'],
  ['--since', 'x'],
  ['--endpoint', 'e', '--since', 'x'],
  ['--own', '--endpoint', 'e'],
  ['--what'],
])('says what is wrong with %j', async (args) => {
  expect(await again(on.desk, args)).toMatchObject({ findings: [expect.stringContaining('--endpoint')] });
});
