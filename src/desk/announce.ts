// The one place where a change of a request becomes known: its line in the audit log and, in the same
// transaction, an event for every endpoint that may hear of it. An outside one may only from the
// moment the person agreed to share with it, and no protection request ever leaves the organisation.
import type { Case, Content, Done, Entry } from '../case/case.ts';
import { isOpen, levelOf } from '../case/case.ts';
import type { Facts, OutsideType } from '../handoff/outside.ts';
import { appendAudit } from '../store/audit.ts';
import { findContent } from '../store/cases.ts';
import { dropDeliveries, putDelivery } from '../store/deliveries.ts';
import { type Endpoint, listEndpoints } from '../store/endpoints.ts';
import type { Tx } from '../store/keep.ts';
import { findTold, whoWasTold } from '../store/told.ts';
import type { Desk } from './desk.ts';
import { answerWords, iso, shownAnswers } from './words.ts';

export type Change = { before: Case | null; case: Case; entry: Entry };
/** What the audit line does not hold. */
export type More = { messageId?: string; organisation?: string; agreed?: boolean };
type Said = { type: OutsideType; with?: Record<string, unknown> };

/** Not an endpoint: what the holder of `DESK_API_TOKEN` fetches. */
export const deskFeed = 'desk';

const main: Record<string, OutsideType> = {
  'case.opened': 'case.opened',
  'case.claimed': 'case.claimed',
  'case.closed': 'case.closed',
  'case.withdrawn': 'case.withdrawn',
  'case.erased': 'case.erased',
  'message.received': 'message.received',
  'message.urgent': 'message.received',
  'message.delivered': 'message.delivered',
  'message.failed': 'message.failed',
  'followup.answered': 'case.updated',
};
const endings: OutsideType[] = ['case.closed', 'case.withdrawn', 'case.erased'];

/** What a change is called outside; nothing for what stays in the house: notes, looks, queued words. */
function eventsOf({ before, case: kase, entry }: Change, more: More = {}): Said[] {
  const said: Said[] = [];
  const type = entry.action === 'consent.answered' ? (more.agreed ? 'consent.granted' : 'consent.revoked') : main[entry.action];
  if (type?.startsWith('message.')) {
    const urgent = type === 'message.received' && { urgent: entry.action === 'message.urgent' };
    said.push({ type, with: { message_id: more.messageId, ...urgent, ...(type === 'message.failed' && { reason: entry.detail }) } });
  } else if (type?.startsWith('consent.')) said.push({ type, with: { organisation: more.organisation } });
  else if (type !== undefined) said.push({ type, ...(type === 'case.closed' && { with: { reason: kase.closedReason } }) });
  if (before === null || said.some((one) => endings.includes(one.type))) return said;
  if (levelOf(before) !== levelOf(kase)) said.push({ type: 'case.priority_changed' });
  if (before.status !== kase.status && type !== 'case.claimed')
    said.push({ type: kase.status === 'transferred' ? 'case.transferred' : 'case.status_changed' });
  return said;
}

/** The answers that count: the last one of each organisation. */
export const sharedWith = (content: Content): string[] =>
  [...new Map(content.shares.map((share) => [share.organisation, share.agreed]))].flatMap(([organisation, agreed]) =>
    agreed ? [organisation] : [],
  );

/** Writes the audit line and the events of one change. */
export async function record(
  desk: Desk,
  tx: Tx,
  change: Change | (Done & { before: Case | null }),
  now: number,
  more: More = {},
): Promise<void> {
  await appendAudit(tx, desk.auditKey, change.entry, now);
  const said = eventsOf(change, more);
  if (said.some((one) => one.type === 'case.erased')) return tellErased(desk, tx, change.case, now);
  if (said.some((one) => one.type === 'case.withdrawn')) await dropDeliveries(tx, change.case.id);
  if (said.length === 0) return;
  const content = await findContent(tx, desk.seal, change.case.id);
  if (desk.apiToken !== undefined) for (const one of said) await tell(desk, tx, feedOf(desk), one, change.case, content, now, true);
  for (const endpoint of await listEndpoints(tx, desk.seal)) {
    const before = await standing(tx, endpoint, change.case, content, said);
    if (before === null) continue;
    for (const one of said)
      if (wants(endpoint, one.type, before.after)) await tell(desk, tx, endpoint, one, change.case, content, now, before.after);
  }
}

/** Somebody was erased: the line in the log, and news to whoever was ever told of them, whatever they wished for. */
export async function recordErased(desk: Pick<Desk, 'seal' | 'auditKey'>, tx: Tx, kase: Case, entry: Entry, now: number): Promise<void> {
  await appendAudit(tx, desk.auditKey, entry, now);
  await tellErased(desk, tx, kase, now);
}

async function tellErased({ seal }: Pick<Desk, 'seal'>, tx: Tx, { id, kind }: Case, now: number): Promise<void> {
  await dropDeliveries(tx, id);
  const posted = new Set((await listEndpoints(tx, seal)).flatMap((one) => (one.url === null ? [] : [one.id])));
  const letter = { type: 'case.erased', caseId: id, kind, urgent: false, standing: false };
  for (const endpoint of await whoWasTold(tx, id))
    await putDelivery(tx, seal, { ...letter, endpoint, fetched: !posted.has(endpoint), data: (seq) => ({ case_id: id, seq }) }, now);
}

/** To whom it is on offer: in the house everybody may know, outside only those themselves. */
function offeredTo(to: Reader, { referral }: Case, content: Content | null): { organisation?: string; to_office?: string } {
  const own = to.organisation === 'own';
  if (referral?.office != null) return own ? { to_office: referral.office } : {};
  const organisation = content?.referral?.organisation;
  return organisation !== undefined && (own || to.organisation === organisation) ? { organisation } : {};
}

type Reader = Pick<Endpoint, 'id' | 'organisation' | 'url' | 'payload' | 'language'>;
const feedOf = (desk: Desk): Reader => ({
  id: deskFeed,
  organisation: 'own',
  url: null,
  payload: 'thin',
  language: desk.languages[0] ?? 'en',
});

/** Whether an endpoint hears of this change, and whether it may hear of later ones. */
async function standing(tx: Tx, endpoint: Endpoint, kase: Case, content: Content | null, said: Said[]): Promise<{ after: boolean } | null> {
  if (endpoint.organisation === 'own') return kase.kind !== 'protection' || endpoint.protection ? { after: true } : null;
  if (kase.kind === 'protection') return null;
  const told = await findTold(tx, endpoint.id, kase.id);
  const named = content === null ? told?.standing === true : sharedWith(content).includes(endpoint.organisation);
  if (named) return { after: true };
  // The last thing it hears is that the person said no.
  const about = said.some((one) => one.type === 'consent.revoked' && one.with?.['organisation'] === endpoint.organisation);
  return about && told?.standing === true ? { after: false } : null;
}

function wants(endpoint: Endpoint, type: OutsideType, named: boolean): boolean {
  if (!named) return type === 'consent.revoked';
  if (endpoint.types.includes(type)) return true;
  // Whoever may write to the person hears what became of it.
  return endpoint.accepts.includes('message.send') && (type === 'message.delivered' || type === 'message.failed');
}

async function tell(
  desk: Desk,
  tx: Tx,
  to: Reader,
  one: Said,
  kase: Case,
  content: Content | null,
  now: number,
  after: boolean,
): Promise<void> {
  const { id, ref } = kase;
  const whole = one.type === 'consent.granted' || (one.type.startsWith('case.') && !endings.includes(one.type));
  // What other organisations the person agreed to is nobody's business outside.
  if (to.organisation !== 'own' && one.type.startsWith('consent.') && one.with?.['organisation'] !== to.organisation) return;
  const about = (seq: number) =>
    whole ? facts(desk, to, kase, content, seq) : one.type === 'case.withdrawn' ? { case_id: id, seq } : { case_id: id, ref, seq };
  await putDelivery(
    tx,
    desk.seal,
    {
      endpoint: to.id,
      fetched: to.url === null,
      type: one.type,
      caseId: id,
      kind: kase.kind,
      urgent: levelOf(kase) === 'urgent',
      standing: after,
      data: (seq) => ({ ...about(seq), ...one.with, ...(one.type === 'case.transferred' && offeredTo(to, kase, content)) }),
    },
    now,
  );
}

function facts(desk: Desk, to: Reader, kase: Case, content: Content | null, seq: number): Facts {
  const shared = content === null ? [] : sharedWith(content);
  const own = to.organisation === 'own';
  return {
    case_id: kase.id,
    ref: kase.ref,
    seq,
    kind: kase.kind,
    office: kase.office,
    language: kase.language,
    status: kase.status,
    priority: levelOf(kase),
    reasons: kase.reasons,
    consent: { contact: isOpen(kase.status), share: own ? shared : shared.filter((one) => one === to.organisation) },
    url: `${desk.publicUrl}/desk/cases/${kase.id}`,
    ...(!own &&
      to.payload === 'full' &&
      content !== null &&
      shared.includes(to.organisation) && { details: details(desk, to, kase, content) }),
  };
}

function details(desk: Desk, { language }: Reader, kase: Case, { answers, consent }: Content): Facts['details'] {
  const { kind, field, version, hash, at } = consent;
  const words = Object.entries(answers).map(([item, value]) => answerWords(desk, language, item, value));
  return {
    channel: kase.channel,
    country: kase.country,
    opened_at: iso(kase.openedAt),
    answers: shownAnswers(answers),
    words: words.map(({ title, value }) => ({ question: title, answer: value })),
    consent: { kind, field, version, language: consent.language, hash, at },
  };
}

/** To the endpoint that wrote: its words were taken and then could not be sent on. Nobody else asked. */
export async function tellUnsent(
  desk: Desk,
  tx: Tx,
  endpoint: Endpoint,
  kase: Case,
  messageId: string,
  reason: string,
  now: number,
): Promise<void> {
  const one: Said = { type: 'message.failed', with: { message_id: messageId, reason } };
  await tell(desk, tx, endpoint, one, kase, null, now, true);
}

/** An event about no request, to every endpoint of the own organisation that wants it. */
export async function announceAround(
  desk: Pick<Desk, 'seal'>,
  tx: Tx,
  type: 'audit.head' | 'endpoint.disabled',
  data: object,
  now: number,
): Promise<void> {
  for (const endpoint of await listEndpoints(tx, desk.seal))
    if (endpoint.types.includes(type)) await announceTo(desk, tx, endpoint, type, data, now);
}

/** An event about no request, to one endpoint. */
export async function announceTo(
  desk: Pick<Desk, 'seal'>,
  tx: Tx,
  endpoint: Endpoint,
  type: OutsideType,
  data: object,
  now: number,
): Promise<void> {
  const letter = { endpoint: endpoint.id, fetched: endpoint.url === null, type, caseId: '', kind: null, urgent: true, standing: true };
  await putDelivery(tx, desk.seal, { ...letter, data: (seq) => ({ seq, ...data }) }, now);
}
