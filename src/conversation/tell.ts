// What a consent that opens no case tells the open request: whether it may be passed on to the
// organisation a caseworker named, and answers given after a return. With no request open nobody hears it.
import type { Effect } from '../flow/effect.ts';
import { nextSeq } from '../store/addresses.ts';
import { consentOpened } from '../store/consents.ts';
import type { Tx } from '../store/keep.ts';
import { enqueue, firstTime } from '../store/outbox.ts';
import { consentHash } from '../text/consent.ts';
import type { Given } from './perform.ts';
import type { World } from './world.ts';

/** Each organisation is asked about anew, also within one conversation. */
export const consentId = (world: World, given: Given, field: string) =>
  `k_${world.index('consent', given.conversation, field, ...(isShared(world, given, field) ? [given.share?.id ?? ''] : [])).slice(0, 24)}`;

/** The consent a caseworker asked for: it names the organisation, so its words differ from request to request. */
function isShared({ content: { flow } }: World, { share }: Given, field: string): boolean {
  return share !== undefined && Object.values(flow.steps).some((step) => step.tell?.event === 'share' && step.tell.consent === field);
}

/** Hash of the words with the organisation in them; null for every other consent, whose hash is the engine's. */
export function wordsOf(world: World, given: Given, field: string, lang: string): string | null {
  if (!isShared(world, given, field)) return null;
  const { flow, catalog, values } = world.content;
  return consentHash(flow, catalog, lang, field, { ...values(lang), organisation: given.share?.name ?? '' });
}

/** What a consent without a case tells the open request, once. With no request open nobody hears it, and nothing is kept. */
export async function tell(world: World, tx: Tx, effect: Extract<Effect, { do: 'tell' }>, given: Given): Promise<void> {
  const { address, share } = given;
  if (address === undefined || (effect.event === 'share' && share === undefined)) return;
  const { case_id } = address;
  const now = world.now();
  const once = effect.event === 'share' ? share?.id : world.index('tell', given.conversation, given.messageId);
  if (!(await firstTime(tx, `tell:${case_id}:${once}`, now))) return;
  const seq = await nextSeq(tx, case_id);
  if (seq === null) return;
  if (effect.agreed) await consentOpened(tx, consentId(world, given, effect.consent), case_id);
  if (effect.event === 'follow-up') {
    const data = { case_id, seq, answers: effect.values };
    await enqueue(tx, world.seal, 'cases', { type: 'followup.answered', data }, now);
    return;
  }
  const hash = wordsOf(world, given, effect.consent, effect.lang) ?? effect.text;
  const data = {
    case_id,
    seq,
    organisation: share?.organisation,
    agreed: effect.agreed,
    version: effect.version,
    language: effect.lang,
    hash,
  };
  await enqueue(tx, world.seal, 'cases', { type: 'consent.answered', data }, now);
}
