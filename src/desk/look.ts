// Opening a request. Whoever looks at one leaves a line in the log, in the same transaction in which
// it is read; whoever may not see it learns nothing, not even that it exists.
import type { Actor, Case, Content } from '../case/case.ts';
import { sees } from '../case/queue.ts';
import { type AuditRow, appendAudit, historyOf } from '../store/audit.ts';
import { findCase, findContent } from '../store/cases.ts';
import { type Endpoint, endpointNames } from '../store/endpoints.ts';
import type { Keep, Tx } from '../store/keep.ts';
import { partnerByCode } from '../store/partners.ts';
import { type Account, listAccounts } from '../store/people.ts';
import { samePhone } from '../store/phone.ts';
import { transact } from '../store/transact.ts';
import { type Note, notesOf, type Said, transcriptOf } from '../store/transcript.ts';
import { sharedWith } from './announce.ts';
import type { Desk } from './desk.ts';
import { actorFor } from './outside-acts.ts';

export type Whole = {
  case: Case;
  /** Null once purged. */
  content: Content | null;
  messages: Said[];
  /** Those this reader may see. */
  notes: Note[];
  history: AuditRow[];
  accounts: Account[];
  /** Account ids to names. */
  names: Map<string, string>;
  /** Requests with the same telephone number, as far as this reader may know of them: possibly the same person. */
  same: Case[];
  /** Whose link the person came by, where they left that in what they sent. */
  partner: string | null;
  /** The newest line of the log when this was read. */
  seq: number;
};

/** A request as an outside endpoint may see it: shared with it by the person, or of its own organisation. */
export async function openShared(desk: Desk, id: string, endpoint: Endpoint): Promise<Whole | null> {
  const own = endpoint.organisation === 'own';
  const kase = await findCase(desk.keep, id);
  const content = own ? null : await findContent(desk.keep, desk.seal, id);
  if (kase === null || (!own && (content === null || !sharedWith(content).includes(endpoint.organisation)))) return null;
  const roles = own && endpoint.protection ? (['caseworker', 'protection'] as const) : (['caseworker'] as const);
  return openWhole(desk, id, { ...actorFor(endpoint), roles });
}

/** Names of accounts and of outside systems, which act under their own. */
export const namesOf = async (db: Keep | Tx): Promise<Map<string, string>> =>
  new Map([...(await listAccounts(db)).map((one): [string, string] => [one.id, one.name]), ...(await endpointNames(db))]);

/** A restricted note is for whoever wrote it and for protection staff. */
const readable = (actor: Actor) => (note: Note) => !note.restricted || note.author === actor.id || actor.roles.includes('protection');

export function openWhole(desk: Desk, id: string, actor: Actor): Promise<Whole | null> {
  return transact(desk.keep, async (tx) => {
    const kase = await findCase(tx, id);
    if (kase === null || !sees(actor, kase)) return null;
    await appendAudit(tx, desk.auditKey, { actor: actor.id, action: 'case.read', subject: id, detail: '' }, desk.now().getTime());
    const accounts = await listAccounts(tx);
    const { seq } = await tx.selectFrom('audit').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirstOrThrow();
    const content = await findContent(tx, desk.seal, id);
    return {
      case: kase,
      content,
      partner: content?.link === undefined ? null : ((await partnerByCode(tx, content.link))?.name ?? null),
      messages: await transcriptOf(tx, desk.seal, id),
      notes: (await notesOf(tx, desk.seal, id)).filter(readable(actor)),
      history: await historyOf(tx, id),
      accounts,
      names: await namesOf(tx),
      same: (await samePhone(tx, id)).filter((one) => sees(actor, one)),
      seq,
    };
  });
}
