// What has to hold whatever was killed, failed, lost or sent twice. `brokenIn` may be asked after every
// fault; `essenceOf` is all that a story leaves, without times and numbers of screens, so that a story with
// faults can be laid beside the same one without.
import { levels, openStatuses } from '../../src/case/case.ts';
import type { World } from '../../src/conversation/world.ts';
import type { Stores } from '../../src/start/stores.ts';
import { verifyAudit } from '../../src/store/audit.ts';
import { findContent } from '../../src/store/cases.ts';
import { ledger } from '../../src/store/erase.ts';
import { transcriptOf } from '../../src/store/transcript.ts';
import type { Effect } from './elsewhere.ts';
import type { Sandbox } from './sandbox.ts';
import type { Someone } from './someone.ts';

const auditKey = Buffer.alloc(32, 7);
type Looked = Pick<Stores, 'keep' | 'seal' | 'auditKey'>;

/**
 * Consents of its own kind, one request, the log unbroken, nothing in the open, nothing of whoever was erased.
 * `midway`: rows that the next start or hour has still to take away are no fault yet; their key is gone.
 */
export const brokenIn = (box: Sandbox, canaries: readonly string[], midway = false): Promise<string[]> =>
  box.look(async ({ world: { keep, seal } }) => {
    const open = [...box.dump(), ...box.logged].join('\n');
    const found = await brokenOn({ keep, seal, auditKey }, box.elsewhere.effects, midway);
    return [...found, ...canaries.filter((one) => open.includes(one)).map((one) => `I6 ${one} stands in the open`)];
  });

/** On any stores; what stands in the open is looked for by whoever has the files. */
export async function brokenOn({ keep, seal, auditKey: key }: Looked, effects: readonly Effect[], midway = false): Promise<string[]> {
  const found: string[] = [];
  const consents = await keep.selectFrom('consents').selectAll().execute();
  const addresses = await keep.selectFrom('addresses').selectAll().execute();
  const cases = await keep.selectFrom('cases').selectAll().execute();

  for (const { case_id, kind } of addresses)
    if (!consents.some((one) => one.case_id === case_id && one.kind === kind)) found.push(`I3 ${case_id} has no consent of its kind`);
  for (const { id, kind, status, level, set_level, place } of cases) {
    const content = await findContent(keep, seal, id);
    if (content !== null && content.consent.kind !== kind) found.push(`I3 ${id} came with another consent`);
    if (place !== levels.findIndex((one) => one === (set_level ?? level)) + (openStatuses.some((one) => one === status) ? 0 : 3))
      found.push(`I2 ${id} stands at another place of the queue than its level and state say`);
  }
  for (const [person, theirs] of Map.groupBy(addresses, (one) => one.person))
    if (theirs.length > 1) found.push(`I2 ${person} has ${theirs.length} open requests`);
  for (const [id, some] of Map.groupBy(effects, (one) => `${one.type} ${one.caseId} ${one.seq}`))
    if (some.length > 1) found.push(`I2 ${id} had ${some.length} effects elsewhere`);
  if (!(await verifyAudit(keep, key)).ok) found.push('I5 the log does not fit');
  for (const side of ['bot', 'desk'] as const)
    for await (const rows of ledger(seal, side))
      for (const { case_id: id } of rows) {
        if ((await seal.lacking(side, [id])).length === 0) found.push(`I7 ${id} has a key on the side of the ${side}`);
        if (midway) continue;
        const left =
          side === 'bot'
            ? [...addresses.filter((one) => one.case_id === id), ...consents.filter((one) => one.case_id === id)]
            : await keep.selectFrom('messages').select('id').where('case_id', '=', id).execute();
        if (left.length > 0) found.push(`I7 ${id} is erased and has rows on the side of the ${side}`);
      }
  return found;
}

const sorted = <T>(rows: T[]): T[] => rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

export const essenceOf = (box: Sandbox, people: readonly Someone[]) => box.look(({ world }) => essence(box, world, people));

/** The case system elsewhere has another id in every world. */
const whoOf = (id: string | null) => (id?.startsWith('e_') ? 'elsewhere' : id);

async function essence(box: Sandbox, { keep, seal, sessions, index }: World, people: readonly Someone[]) {
  const consents = await keep.selectFrom('consents').select(['id', 'field', 'kind', 'language', 'hash', 'case_id']).execute();
  const addresses = await keep
    .selectFrom('addresses')
    .select(['case_id', 'ref', 'person', 'kind', 'channel', 'language', 'country', 'seq'])
    .execute();
  const cases = await keep
    .selectFrom('cases')
    .select(['id', 'ref', 'kind', 'status', 'version', 'level', 'reasons', 'claimed_by', 'closed_reason'])
    .execute();
  const said = await Promise.all(
    cases.map(async ({ id }) => {
      const content = await findContent(keep, seal, id);
      const words = await transcriptOf(keep, seal, id);
      return {
        id,
        answers: content?.answers,
        words: sorted(words.map(({ direction, state, reason, text }) => ({ direction, state, reason, text }))),
      };
    }),
  );
  const audit = await keep.selectFrom('audit').select(['actor', 'action', 'subject', 'detail']).execute();
  const known = await Promise.all(
    people.map(async ({ channel, name }) => {
      const stored = await sessions.load(index('person', channel, name));
      if (stored === undefined) return { name };
      // A caseworker's words that were shown twice count two steps.
      const { seq: _, asked: __, ...session } = stored.session;
      return { name, session, pending: stored.pending, phone: stored.phone };
    }),
  );
  const left = await keep.selectFrom('outbox').select(['target', 'case_id']).execute();
  const kept = await keep.selectFrom('kept').select('message_id').execute();
  const heard = Map.groupBy(box.elsewhere.effects, (one) => one.caseId);
  const repeated = await keep.selectFrom('messages').select('id').where('possible_repeat', '=', 1).execute();
  const all = {
    consents: sorted(consents),
    addresses: sorted(addresses),
    cases: sorted(cases.map((one) => ({ ...one, claimed_by: whoOf(one.claimed_by) }))),
    said: sorted(said),
    // An erasure that a kill interrupted is finished by the keeper, and says so.
    audit: sorted(
      audit.map((one) => (one.action === 'case.erased' ? { ...one, actor: '', detail: '' } : { ...one, actor: whoOf(one.actor) })),
    ),
    known,
    left,
    kept,
    heard: sorted([...heard].map(([id, some]) => [id, some.map((one) => one.type)])),
  };
  return { all, repeated: repeated.length };
}
