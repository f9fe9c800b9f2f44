// Opening a request. Whoever looks at one leaves a line in the log, in the same transaction in which
// it is read; whoever may not see it learns nothing, not even that it exists.
import type { Actor, Case, Content } from '../case/case.ts';
import { sees } from '../case/queue.ts';
import { type AuditRow, appendAudit, historyOf } from '../store/audit.ts';
import { findCase, findContent } from '../store/cases.ts';
import { type Account, listAccounts } from '../store/people.ts';
import { samePhone } from '../store/phone.ts';
import { type Note, notesOf, type Said, transcriptOf } from '../store/transcript.ts';
import type { Desk } from './desk.ts';

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
  /** The newest line of the log when this was read. */
  seq: number;
};

/** A restricted note is for whoever wrote it and for protection staff. */
const readable = (actor: Actor) => (note: Note) => !note.restricted || note.author === actor.id || actor.roles.includes('protection');

export function openWhole(desk: Desk, id: string, actor: Actor): Promise<Whole | null> {
  return desk.keep.transaction().execute(async (tx) => {
    const kase = await findCase(tx, id);
    if (kase === null || !sees(actor, kase)) return null;
    await appendAudit(tx, desk.auditKey, { actor: actor.id, action: 'case.read', subject: id, detail: '' }, desk.now().getTime());
    const accounts = await listAccounts(tx);
    const { seq } = await tx.selectFrom('audit').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirstOrThrow();
    return {
      case: kase,
      content: await findContent(tx, desk.seal, id),
      messages: await transcriptOf(tx, desk.seal, id),
      notes: (await notesOf(tx, desk.seal, id)).filter(readable(actor)),
      history: await historyOf(tx, id),
      accounts,
      names: new Map(accounts.map((account) => [account.id, account.name])),
      same: (await samePhone(tx, id)).filter((one) => sees(actor, one)),
      seq,
    };
  });
}
