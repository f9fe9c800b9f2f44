// Opening a request. Whoever looks at one leaves a line in the log, in the same transaction in which
// it is read; whoever may not see it learns nothing, not even that it exists.
import type { Actor, Case, Content } from '../case/case.ts';
import { mayRead } from '../case/queue.ts';
import { type AuditRow, appendAudit, historyOf } from '../store/audit.ts';
import { findCase, findContent } from '../store/cases.ts';
import { listAccounts } from '../store/people.ts';
import { transact } from '../store/transact.ts';
import { type Note, notesOf, type Said, transcriptOf } from '../store/transcript.ts';
import type { Desk } from './desk.ts';

export type Whole = {
  case: Case;
  /** Null once purged. */
  content: Content | null;
  messages: Said[];
  notes: Note[];
  history: AuditRow[];
  /** Account ids to names. */
  names: Map<string, string>;
};

export function openWhole(desk: Desk, id: string, actor: Actor): Promise<Whole | null> {
  return transact(desk.keep, async (tx) => {
    const kase = await findCase(tx, id);
    if (kase === null || !mayRead(actor, kase.kind)) return null;
    await appendAudit(tx, desk.auditKey, { actor: actor.id, action: 'case.read', subject: id, detail: '' }, desk.now().getTime());
    return {
      case: kase,
      content: await findContent(tx, desk.seal, id),
      messages: await transcriptOf(tx, desk.seal, id),
      notes: await notesOf(tx, desk.seal, id),
      history: await historyOf(tx, id),
      names: new Map((await listAccounts(tx)).map((account) => [account.id, account.name])),
    };
  });
}
