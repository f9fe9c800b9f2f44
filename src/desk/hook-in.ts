// The door for outside case systems, one address each. Nothing is read before its signature fits, one
// endpoint's secret opens no other's door, and what is taken is stored before it is acknowledged;
// the deed follows. A request an endpoint may not see does not exist for it.
import express, { type Router } from 'express';
import { z } from 'zod';
import { type InsideEvent, insideEvent, insideTypes } from '../handoff/outside.ts';
import { verify } from '../handoff/sign.ts';
import { type ProblemCode, problem } from '../http/problem.ts';
import { codeOf } from '../log.ts';
import { type Endpoint, findEndpoint, secretsNow } from '../store/endpoints.ts';
import type { Tx } from '../store/keep.ts';
import { receive } from '../store/received.ts';
import { heardSeq } from '../store/told.ts';
import { transact } from '../store/transact.ts';
import { messageFor } from './act.ts';
import type { Desk } from './desk.ts';
import { actorFor, finishAll, seenBy } from './outside-acts.ts';

const limit = '64kb';
const typed = z.object({ type: z.string().min(1).max(80) });

function read(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}

/** A refusal, with words where those of its code are not precise enough; or what is acknowledged. */
type Answer = { problem: ProblemCode; says?: string } | { status: 200 | 202; body: object };

/** `headers` and `body` as they came. What is taken is stored when this resolves, and not yet done. */
export async function fromOutside(
  desk: Desk,
  at: string,
  headers: Record<string, string | string[] | undefined>,
  body: Buffer,
): Promise<Answer> {
  const now = desk.now().getTime();
  const endpoint = await findEndpoint(desk.keep, desk.seal, at);
  // The same for an unknown one, so that nobody can find out which there are.
  const id = endpoint === null ? null : verify(secretsNow(endpoint, now), headers, body, now);
  if (endpoint === null || id === null) return { problem: 'unauthorized' };
  if (endpoint.state === 'disabled') return { problem: 'forbidden', says: 'This endpoint is turned off.' };
  if (!/^application\/json\s*(;|$)/i.test(String(headers['content-type'])))
    return { problem: 'invalid', says: 'The content type must be application/json.' };
  const given = read(body);
  const kind = typed.safeParse(given);
  if (!kind.success) return { problem: 'invalid' };
  if (!insideTypes.some((type) => type === kind.data.type)) return { status: 202, body: { applied: false, reason: 'unknown' } };
  const event = insideEvent.safeParse(given);
  return event.success ? take(desk, endpoint, id, event.data, body, now) : { problem: 'invalid' };
}

/** `POST /in/:endpoint`, to be mounted at `/hooks`. */
export function makeOutsideIn(desk: Desk): Router {
  const router = express.Router();
  router.post('/in/:endpoint', express.raw({ type: () => true, limit, inflate: false }), async (request, response) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const answer = await fromOutside(desk, String(request.params['endpoint']), request.headers, body);
    if ('problem' in answer) return problem(response, answer.problem, answer.says);
    response.status(answer.status).json(answer.body);
    // It was answered: a failure now is done again later, and must not cut the sender's connection.
    if (answer.status === 202)
      await finishAll(desk).catch((error) => desk.log.error('outside events could not be done', { code: codeOf(error) }));
  });
  return router;
}

type Taken = { refused: ProblemCode } | { taken: 'new' | 'duplicate' | 'stale' };

async function take(desk: Desk, endpoint: Endpoint, id: string, event: InsideEvent, body: Buffer, now: number): Promise<Answer> {
  const caseId = event.data.case_id;
  const result = await transact(desk.keep, async (tx): Promise<Taken> => {
    const known = await tx.selectFrom('received').select('id').where('endpoint', '=', endpoint.id).where('id', '=', id).executeTakeFirst();
    if (known !== undefined) return { taken: 'duplicate' };
    const refused = await refusal(desk, tx, endpoint, event);
    if (refused !== null) return { refused };
    const state = (await heardSeq(tx, endpoint.id, caseId, event.data.seq)) ? 'new' : 'stale';
    const first = await receive(tx, desk.seal, { endpoint: endpoint.id, id, caseId, raw: body.toString('utf8'), at: now, state });
    return { taken: first ? state : 'duplicate' };
  });
  const outcome = 'refused' in result ? result.refused : result.taken;
  desk.log.info('desk.outside', { caseId, code: event.type, state: outcome, path: `/desk/endpoints/${endpoint.id}` });
  if ('refused' in result) return { problem: result.refused };
  if (result.taken === 'duplicate') return { status: 200, body: { duplicate: true } };
  if (result.taken === 'stale') return { status: 200, body: { applied: false, reason: 'stale' } };
  const message = event.type === 'message.send' && { message_id: messageFor(desk, caseId, actorFor(endpoint), id) };
  return { status: 202, body: { applied: true, ...message } };
}

/** Why an event is not even taken. */
async function refusal(desk: Desk, tx: Tx, endpoint: Endpoint, event: InsideEvent): Promise<ProblemCode | null> {
  if (!endpoint.accepts.includes(event.type)) return 'forbidden';
  const seen = await seenBy(desk, tx, endpoint, event.data.case_id);
  if (seen !== null) return seen;
  if (event.type === 'case.merge_suggested') return seenBy(desk, tx, endpoint, event.data.other_case_id);
  return null;
}
