// An event between bot and desk that was answered 422 for ever kept every later event of the same
// request in the outbox: a person's cry for help could wait behind an event nobody would ever take.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startDeliver } from '../../src/handoff/deliver.ts';
import { makeLog } from '../../src/log.ts';
import { openKeep } from '../../src/store/keep.ts';
import { asideCount, enqueue, oldestAge, takeUpAgain } from '../../src/store/outbox.ts';
import { until } from '../support/product.ts';
import { testSeals } from '../support/seals.ts';

it('an event that is refused for ever is set aside, said aloud, and blocks no later one', async () => {
  const got: string[] = [];
  let refusing = true;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const { type } = JSON.parse(Buffer.concat(chunks).toString());
      const refused = refusing && type === 'followup.answered';
      if (!refused) got.push(type);
      response.writeHead(refused ? 422 : 202).end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const keep = await openKeep(':memory:');
  const seal = await testSeals(Buffer.alloc(32, 1));
  const clock = { now: 1_000_000 };
  const lines: string[] = [];
  const log = makeLog(
    (line) => lines.push(line),
    () => new Date(clock.now),
  );
  const secrets = [`whsec_${Buffer.alloc(32, 9).toString('base64')}`];
  const deliver = startDeliver({ keep, seal, urls: { cases: url, messages: url }, secrets, log, now: () => clock.now });
  onTestFinished(async () => {
    await deliver.stop();
    await keep.destroy();
    server.close();
  });
  await enqueue(keep, seal, 'cases', { type: 'followup.answered', data: { case_id: 'c_1', seq: 2 } }, clock.now);
  await enqueue(keep, seal, 'cases', { type: 'message.received', data: { case_id: 'c_1', seq: 3 } }, clock.now);
  const minutes = async (holds: () => boolean) =>
    until(async () => {
      clock.now += 80_000;
      deliver.wake();
      return holds();
    }, 'the events have gone on');

  await minutes(() => got.length > 0);
  expect(got).toEqual(['message.received']);
  expect(await asideCount(keep)).toBe(1);
  expect(await oldestAge(keep, clock.now)).toBe(0);
  expect(lines.map((line) => JSON.parse(line)).at(-1)).toMatchObject({ level: 'error', caseId: 'c_1', status: 422, count: 10 });

  // Once the other side has learned it, the operator posts it again.
  refusing = false;
  expect(await takeUpAgain(keep, clock.now)).toBe(1);
  await minutes(() => got.length > 1);
  expect([got, await asideCount(keep)]).toEqual([['message.received', 'followup.answered'], 0]);
});
