import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startDeliver } from '../../src/handoff/deliver.ts';
import { verify } from '../../src/handoff/sign.ts';
import { makeLog } from '../../src/log.ts';
import { dropQueued, enqueue, lease, stuckEvents } from '../../src/store/outbox.ts';
import { emptyKeep } from '../support/keeps.ts';
import { until } from '../support/product.ts';
import { testSeals } from '../support/seals.ts';

const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const seal = await testSeals(Buffer.alloc(32, 1));

async function receiver(answer: (count: number, type: string) => number) {
  const got: { id: string; type: string; seq: number; caseId: string }[] = [];
  let count = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const id = verify([secret], request.headers, body, Date.now());
      const event = JSON.parse(body.toString());
      count += 1;
      const status = id === null ? 401 : answer(count, event.type);
      if (status < 300) got.push({ id: id ?? '', type: event.type, seq: event.data.seq, caseId: event.data.case_id });
      response.writeHead(status).end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { got, url: `http://127.0.0.1:${port}/hooks/cases`, count: () => count };
}

async function outbox(url: string) {
  const keep = await emptyKeep();
  // Time runs a hundred times faster, so that the waits of the schedule are short here.
  const began = Date.now();
  const lines: string[] = [];
  const log = makeLog(
    (line) => lines.push(line),
    () => new Date(),
  );
  const deliver = startDeliver({ keep, seal, urls: { cases: url, messages: url }, secrets: [secret], log, now: () => Date.now() });
  onTestFinished(async () => {
    await deliver.stop();
    await keep.destroy();
  });
  const put = (caseId: string, type: string, seq: number) =>
    enqueue(keep, seal, 'cases', { type, data: { case_id: caseId, seq } }, began + seq);
  return { keep, deliver, put, lines };
}

describe('an event for the desk', () => {
  it('arrives signed, and is then gone from the outbox', async () => {
    const desk = await receiver(() => 202);
    const { keep, deliver, put } = await outbox(desk.url);
    await put('c_1', 'case.opened', 1);
    deliver.wake();
    await until(async () => desk.got.length === 1, 'the event arrives');
    await until(async () => (await keep.selectFrom('outbox').selectAll().execute()).length === 0, 'the outbox is empty');
  });

  it('is posted again with the same id until the desk takes it', async () => {
    const desk = await receiver((count) => (count === 1 ? 503 : 202));
    const { deliver, put } = await outbox(desk.url);
    await put('c_1', 'case.opened', 1);
    deliver.wake();
    await until(async () => desk.got.length === 1, 'the event arrives at the second attempt');
    expect(desk.count()).toBe(2);
    expect(desk.got[0]?.id).toMatch(/^msg_[0-9a-f]{32}$/);
  });

  it('never overtakes an earlier one of the same case, while other cases go on', async () => {
    let broken = true;
    const desk = await receiver((_, type) => (type === 'case.opened' && broken ? 500 : 202));
    const { deliver, put } = await outbox(desk.url);
    await put('c_1', 'case.opened', 1);
    await put('c_1', 'message.received', 2);
    await put('c_2', 'case.withdrawn', 3);
    deliver.wake();
    await until(async () => desk.got.length === 1, 'the other case arrives');
    expect(desk.got[0]?.caseId).toBe('c_2');
    broken = false;
    await until(async () => desk.got.length === 3, 'all arrive');
    expect(desk.got.slice(1).map((one) => one.seq)).toEqual([1, 2]);
  });

  it('logs the case and the status of a failure, and nothing of its content', async () => {
    const desk = await receiver(() => 500);
    const { deliver, put, lines } = await outbox(desk.url);
    await put('c_1', 'case.opened', 1);
    deliver.wake();
    await until(async () => lines.length > 0, 'a line is logged');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ event: 'an event is not delivered yet', caseId: 'c_1', status: 500 });
  });

  it('is written once however often the step is repeated, and not at all after erasing', async () => {
    const keep = await emptyKeep();
    for (let i = 0; i < 3; i += 1) await enqueue(keep, seal, 'cases', { type: 'case.opened', data: { case_id: 'c_1', seq: 1 } }, 5);
    expect(await lease(keep, seal, 10, 1000, 9)).toHaveLength(1);
    await dropQueued(keep, 'c_1', 'cases');
    expect(await lease(keep, seal, 5000, 1000, 9)).toHaveLength(0);
    await keep.destroy();
  });

  it('that a killed process had leased is taken again after the lease', async () => {
    const keep = await emptyKeep();
    await enqueue(keep, seal, 'cases', { type: 'case.opened', data: { case_id: 'c_1', seq: 1 } }, 0);
    expect(await lease(keep, seal, 0, 1000, 9)).toHaveLength(1);
    expect(await lease(keep, seal, 999, 1000, 9)).toHaveLength(0);
    expect(await lease(keep, seal, 1000, 1000, 9)).toHaveLength(1);
    await keep.destroy();
  });

  it('waits for no clock: what was put off before the clock was set back a day is taken at once', async () => {
    const keep = await emptyKeep();
    const day = 86_400_000;
    await enqueue(keep, seal, 'cases', { type: 'case.opened', data: { case_id: 'c_1', seq: 1 } }, day);
    await enqueue(keep, seal, 'cases', { type: 'case.opened', data: { case_id: 'c_2', seq: 1 } }, day);
    expect(await lease(keep, seal, day, 30_000, 1)).toHaveLength(1);
    expect(await lease(keep, seal, 5, 30_000, 9)).toHaveLength(2);
    await keep.destroy();
  });

  it('that is damaged holds up no other case, is kept, and shows in the figures', async () => {
    const desk = await receiver(() => 202);
    const { keep, deliver, put, lines } = await outbox(desk.url);
    await put('c_1', 'case.opened', 1);
    await put('c_2', 'case.opened', 2);
    const row = await keep.selectFrom('outbox').selectAll().where('case_id', '=', 'c_1').executeTakeFirstOrThrow();
    await keep
      .updateTable('outbox')
      .set({ sealed: `${row.sealed.slice(0, -8)}AAAAAAA=`, attempts: 9 })
      .where('id', '=', row.id)
      .execute();
    deliver.wake();
    await until(async () => desk.got.length === 1, 'the other case arrives');
    expect(desk.got[0]?.caseId).toBe('c_2');
    await until(async () => (await stuckEvents(keep)) === 1, 'somebody should look');
    expect(lines.join('')).toContain('an event is damaged');
  });

  it('about somebody erased meanwhile goes nowhere', async () => {
    const own = await testSeals(Buffer.alloc(32, 1));
    const keep = await emptyKeep();
    const data = { case_id: 'c_1', seq: 1, text: 'words' };
    await enqueue(keep, own, 'cases', { type: 'message.received', data }, 0);
    await enqueue(keep, own, 'cases', { type: 'case.erased', data: { case_id: 'c_1', seq: 2 } }, 0);
    await own.erase('bot', 'c_1', 1);
    expect(await lease(keep, own, 5, 1000, 9)).toEqual([]);
    expect((await lease(keep, own, 5, 1000, 9)).map((one) => JSON.parse(one.body ?? '').type)).toEqual(['case.erased']);
    await keep.destroy();
  });

  it('two workers at once never take the same row', async () => {
    const keep = await emptyKeep();
    for (let i = 0; i < 20; i += 1) await enqueue(keep, seal, 'cases', { type: 'case.opened', data: { case_id: `c_${i}`, seq: 1 } }, 0);
    const taken = (await Promise.all(Array.from({ length: 10 }, () => lease(keep, seal, 0, 1000, 4)))).flat().map((one) => one.id);
    expect(taken).toHaveLength(20);
    expect(new Set(taken).size).toBe(20);
    await keep.destroy();
  });
});
