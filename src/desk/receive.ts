// The door for the bot's signed events. The signature is checked over the raw bytes before anything
// reads them; noting the event and doing it are one transaction, so it counts once however often it
// comes. Nothing of it is ever echoed.
import express, { type Router } from 'express';
import { z } from 'zod';
import { type CaseEvent, caseEvent } from '../handoff/contract.ts';
import { verify } from '../handoff/sign.ts';
import { type ProblemCode, problem } from '../http/problem.ts';
import { firstTime } from '../store/outbox.ts';
import { transact } from '../store/transact.ts';
import type { Desk } from './desk.ts';
import { type Applied, applyEvent, Unfit } from './from-bot.ts';

/** Bytes of one event; the longest text a person can send fits easily. */
const limit = '64kb';

function read(body: Buffer): CaseEvent | null {
  try {
    const given: unknown = JSON.parse(body.toString('utf8'));
    return z.safeParse(caseEvent, given).data ?? null;
  } catch {
    return null;
  }
}

async function once(desk: Desk, id: string, event: CaseEvent, now: number): Promise<Applied | 'duplicate' | 'unfit'> {
  try {
    return await transact(desk.keep, async (tx) => {
      if (!(await firstTime(tx, `cases:${id}`, now))) return 'duplicate';
      return applyEvent(desk, tx, event, now);
    });
  } catch (error) {
    if (error instanceof Unfit) return 'unfit';
    throw error;
  }
}

type Answer = { problem: ProblemCode } | { status: 200 | 202; body: object };

/** `headers` and `body` as they came. */
export async function fromBot(desk: Desk, headers: Record<string, string | string[] | undefined>, body: Buffer): Promise<Answer> {
  const now = desk.now().getTime();
  const id = verify(desk.secrets, headers, body, now);
  if (id === null) return { problem: 'unauthorized' };
  const event = read(body);
  if (event === null) return { problem: 'invalid' };
  const result = await once(desk, id, event, now);
  desk.wake();
  const caseId = event.data.case_id;
  desk.log.info('desk.event', { caseId, code: event.type, state: result });
  if (result === 'unfit') return { problem: 'invalid' };
  if (result === 'duplicate') return { status: 200, body: { duplicate: true } };
  if (result === 'stale') return { status: 200, body: { applied: false, reason: 'stale' } };
  if (event.type === 'message.received' && event.data.urgent) desk.log.warn('desk.urgent', { caseId });
  return { status: 202, body: { applied: true } };
}

/** `POST /cases`, to be mounted at `/hooks`. */
export function makeHooksIn(desk: Desk): Router {
  const router = express.Router();
  router.post('/cases', express.raw({ type: () => true, limit, inflate: false }), async (request, response) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const answer = await fromBot(desk, request.headers, body);
    if ('problem' in answer) return problem(response, answer.problem);
    response.status(answer.status).json(answer.body);
  });
  return router;
}
