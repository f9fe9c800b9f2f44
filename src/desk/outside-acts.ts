// What an outside case system's events do here, after they were taken. They go the way of everything a
// colleague does: the same rules, the same history. What only people may decide becomes a line to read.
import { z } from 'zod';
import { type Actor, isOpen } from '../case/case.ts';
import * as queue from '../case/queue.ts';
import { isOfferedTo } from '../case/refer.ts';
import { type InsideEvent, insideEvent } from '../handoff/outside.ts';
import type { ProblemCode } from '../http/problem.ts';
import { codeOf } from '../log.ts';
import { findCase, findContent } from '../store/cases.ts';
import { type Endpoint, findEndpoint } from '../store/endpoints.ts';
import type { Tx } from '../store/keep.ts';
import { finish, forgetReceived, type Received, undone } from '../store/received.ts';
import { findTold } from '../store/told.ts';
import { transact } from '../store/transact.ts';
import { type Acted, claimCase, closeCase, type How, messageFor, outsideAct, type Refusal, releaseCase, replyTo } from './act.ts';
import { takeOverReferral, turnBackReferral } from './act-refer.ts';
import { sharedWith, tellUnsent } from './announce.ts';
import type { Desk } from './desk.ts';

const keptMs = 14 * 86_400_000;
const batch = 20;

/** An endpoint works as a colleague without protection would. */
export const actorFor = ({ id }: Pick<Endpoint, 'id'>): Actor => ({ id, by: 'staff', roles: ['caseworker'], bound: false });

/** Does whatever was taken and not done; also at start, for a kill may have come between. */
export async function finishAll(desk: Desk): Promise<void> {
  for (let tried = new Set<string>(); ; ) {
    const waiting = (await undone(desk.keep, desk.seal, batch)).filter((one) => !tried.has(`${one.endpoint} ${one.id}`));
    if (waiting.length === 0) return;
    for (const one of waiting) {
      tried = tried.add(`${one.endpoint} ${one.id}`);
      await finishOne(desk, one).catch((error) => desk.log.error('an outside event could not be done', { code: codeOf(error) }));
    }
  }
}

/** Ids need not be known for ever. */
export const forgetOutside = (desk: Pick<Desk, 'keep' | 'now'>): Promise<void> => forgetReceived(desk.keep, desk.now().getTime() - keptMs);

async function finishOne(desk: Desk, { endpoint: by, id, raw }: Received): Promise<void> {
  const endpoint = await findEndpoint(desk.keep, desk.seal, by);
  const event = z.safeParse(insideEvent, JSON.parse(raw)).data;
  if (endpoint === null || event === undefined) return void (await finish(desk.keep, by, id, 'refused'));
  const done = await act(desk, endpoint, event, { version: null, once: { key: id, body: raw } });
  await transact(desk.keep, async (tx) => {
    const first = await finish(tx, by, id, done.ok ? 'done' : 'refused');
    if (first && !done.ok && event.type === 'message.send') await unsent(desk, tx, endpoint, event.data.case_id, id, done.code);
  });
  desk.wake();
  const state = done.ok ? 'done' : done.code;
  desk.log.info('desk.outside', { caseId: event.data.case_id, code: event.type, state, path: `/desk/endpoints/${by}` });
}

/** Null: it may speak of this request; else why not. */
export async function seenBy(desk: Desk, tx: Tx, endpoint: Endpoint, caseId: string): Promise<ProblemCode | null> {
  const kase = await findCase(tx, caseId);
  if (kase === null || kase.kind === 'protection') return 'not_found';
  const own = endpoint.organisation === 'own';
  const told = own ? null : await findTold(tx, endpoint.id, caseId);
  const content = await findContent(tx, desk.seal, caseId);
  const named = own || (content === null ? told?.standing === true : sharedWith(content).includes(endpoint.organisation));
  if (!named) return told !== null && told.seqOut > 0 ? 'no_consent' : 'not_found';
  if (isOpen(kase.status)) return null;
  return kase.status === 'closed' ? 'closed' : 'no_consent';
}

/** Between taking words and sending them on, a rule or the person may have said no: the writer is told, unless the request is over. */
async function unsent(desk: Desk, tx: Tx, endpoint: Endpoint, caseId: string, id: string, reason: string): Promise<void> {
  const kase = await findCase(tx, caseId);
  if (kase === null || (await seenBy(desk, tx, endpoint, caseId)) !== null) return;
  const message = messageFor(desk, caseId, actorFor(endpoint), id);
  await tellUnsent(desk, tx, endpoint, kase, message, reason, desk.now().getTime());
}

/** Another organisation may take what a caseworker offered to it, or decline. */
async function offered({ keep, seal }: Desk, { organisation }: Endpoint, id: string): Promise<boolean> {
  return isOfferedTo(await findCase(keep, id), await findContent(keep, seal, id), organisation);
}

async function act(desk: Desk, endpoint: Endpoint, event: InsideEvent, how: How): Promise<Acted | Refusal> {
  const actor = actorFor(endpoint);
  const id = event.data.case_id;
  switch (event.type) {
    case 'case.claimed':
      return (await offered(desk, endpoint, id))
        ? takeOverReferral(desk, id, actor, endpoint.organisation, how)
        : claimCase(desk, id, actor, how);
    case 'case.status_changed': {
      const { status } = event.data;
      if (status === 'claimed') return claimCase(desk, id, actor, how);
      if (status === 'new' && (await offered(desk, endpoint, id))) return turnBackReferral(desk, id, actor, how);
      if (status === 'new') return releaseCase(desk, id, actor, how);
      return outsideAct(desk, id, actor, (kase, at) => queue.turn(kase, actor, status, at), null, how);
    }
    case 'case.closed':
      return closeCase(desk, id, actor, event.data.reason, how);
    case 'case.merge_suggested': {
      const other = event.data.other_case_id;
      return outsideAct(desk, id, actor, (kase) => queue.suggest(kase, actor, 'merge.suggested', other), null, how);
    }
    case 'case.erase_requested':
      return outsideAct(desk, id, actor, (kase) => queue.suggest(kase, actor, 'erase.requested', ''), null, how);
    case 'appointment.proposed': {
      const { starts_at, place } = event.data;
      const note = place === undefined ? starts_at : `${starts_at} · ${place}`;
      return outsideAct(desk, id, actor, (kase) => queue.suggest(kase, actor, 'appointment.proposed', ''), note, how);
    }
    case 'message.send':
      return replyTo(desk, id, actor, event.data.text, how);
  }
}
