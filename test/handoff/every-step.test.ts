// The store fails once, at its n-th statement, for every n of a whole small story: somebody asks, the
// case system is told, claims and writes. Afterwards everything has happened once and nothing by half.
import type { KyselyPlugin } from 'kysely';
import { expect, it } from 'vitest';
import { finishAll } from '../../src/desk/outside-acts.ts';
import { sign } from '../../src/handoff/sign.ts';
import { verifyAudit } from '../../src/store/audit.ts';
import { transcriptOf } from '../../src/store/transcript.ts';
import { opened, startDesk } from '../support/desk.ts';
import { courierOn, registered } from '../support/outside.ts';

const id = 'c_8f31';

/** Throws at the n-th statement and never again. */
function failingAt(n: number): KyselyPlugin & { failed(): boolean } {
  let count = 0;
  return {
    failed: () => count >= n,
    transformQuery({ node }) {
      count += 1;
      if (count === n) throw new Error('the disk is gone');
      return node;
    },
    transformResult: async ({ result }) => result,
  };
}

/** Whether there was an n-th statement at all. */
async function story(n: number): Promise<boolean> {
  const on = await startDesk();
  const { id: endpoint, secret, receiver } = await registered(on, { accepts: ['case.claimed', 'message.send'] });
  const fault = failingAt(n);
  const sound = on.desk.keep;
  on.desk.keep = sound.withPlugin(fault);
  const say = (webhook: string, type: string, seq: number, data = {}) => {
    const body = JSON.stringify({ type, timestamp: new Date(on.clock.now).toISOString(), version: 1, data: { case_id: id, seq, ...data } });
    const headers = { ...sign([secret], webhook, Buffer.from(body), on.clock.now), 'content-type': 'application/json' };
    return fetch(`${on.base}/hooks/in/${endpoint}`, { method: 'POST', body, headers });
  };
  const steps = [
    () => on.hook(opened(id)),
    () => say('evt_1', 'case.claimed', 1),
    () => say('evt_2', 'message.send', 2, { text: 'Bonjour' }),
    async () => {
      // The deed follows the answer, so what was taken may still be under way.
      await finishAll(on.desk).catch(() => {});
      return on.api('POST', `/cases/${id}/release`, undefined, { 'idempotency-key': 'r1' });
    },
  ];
  for (const step of steps) {
    // What is not acknowledged comes again, as every sender does it.
    let answer = await step();
    if (answer.status > 299) answer = await step();
    expect([n, answer.status]).toEqual([n, expect.toBeOneOf([200, 202])]);
  }
  for (let look = 0; look < 2; look += 1) await finishAll(on.desk).catch(() => {});
  const by = courierOn(on);
  for (let look = 0; look < 3; look += 1) {
    await by.round().catch(() => {});
    on.clock.now += 61_000;
  }
  const failed = fault.failed();
  expect([n, receiver.effects.map((one) => [one.seq, one.type])]).toEqual([
    n,
    [
      [1, 'case.opened'],
      [2, 'case.claimed'],
      [3, 'case.status_changed'],
    ],
  ]);
  const actions = await sound.selectFrom('audit').select('action').where('subject', '=', id).orderBy('seq').execute();
  // What was taken and then failed is done later, so only the order may differ.
  expect([n, actions.map((row) => row.action).sort()]).toEqual([n, ['case.claimed', 'case.opened', 'case.released', 'reply.queued']]);
  expect(await transcriptOf(sound, on.desk.seal, id)).toHaveLength(1);
  expect(await sound.selectFrom('outbox').selectAll().execute()).toHaveLength(1);
  expect((await verifyAudit(sound, on.desk.auditKey)).ok).toBe(true);
  await by.stop();
  await receiver.stop();
  await on.stop();
  return failed;
}

it('at every statement', async () => {
  let n = 1;
  while (await story(n)) n += 1;
  expect(n).toBeGreaterThan(50);
}, 120_000);
