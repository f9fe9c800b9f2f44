// Turns the engine's effects into rows, all of one step in one transaction. Every id comes from the
// conversation, so a step repeated after a crash finds its rows already there and changes nothing.
import type { ChannelName } from '../channel/channel.ts';
import type { Effect } from '../flow/effect.ts';
import type { Known } from '../flow/session.ts';
import type { Opened } from '../handoff/contract.ts';
import { type Address, closeAddress, nextSeq, openAddress } from '../store/addresses.ts';
import { consentById, consentOpened, eraseConsent, eraseConsentsOf, recordConsent } from '../store/consents.ts';
import type { Tx } from '../store/keep.ts';
import { enqueue, firstTime } from '../store/outbox.ts';
import type { Share } from '../store/sessions.ts';
import { transact } from '../store/transact.ts';
import { eraseOwnCase } from './erase.ts';
import { consentId, tell, wordsOf } from './tell.ts';
import { type Request, refOf, type World } from './world.ts';

export type Person = {
  channel: ChannelName;
  /** The channel's address. */
  chat: string;
  /** Blind index of both. */
  key: string;
};

export type Given = {
  person: Person;
  conversation: string;
  messageId: string;
  address: Address | undefined;
  /** Whether a request was open when they were last answered; it may have been closed since. */
  hadRequest: boolean;
  lang: string;
  country: string | null;
  /** The person's words, where an effect may use them. */
  said: string | undefined;
  phone: string | undefined;
  /** Whom the desk asked to pass the request on to. */
  share: Share | undefined;
};

/** What opens or ends a request, and so changes what a repetition of the same step would find. */
const turns = (effect: Effect, { address }: Given): boolean =>
  effect.do === 'open-case' || (address !== undefined && (effect.do === 'withdraw' || effect.do === 'forget'));
/** `turn`: a request was opened or ended. `gone`: everything was erased, the session too. */
type Mark = 'turn' | 'gone';
const markOf = (world: World, mark: Mark, person: Person, messageId: string) => `${mark}:${world.index(mark, person.key, messageId)}`;

/** Whether this very message has done that before, and its answer may not have gone out. */
export async function hasMark(world: World, mark: Mark, person: Person, messageId: string): Promise<boolean> {
  const id = markOf(world, mark, person, messageId);
  return (await world.keep.selectFrom('handled').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
}

const lasting = new Set<Effect['do']>(['record-consent', 'erase-consent', 'open-case', 'deliver', 'alert', 'tell', 'withdraw', 'forget']);

/** Whether a step asks for anything that must not be lost. */
const needsStore = (effects: Effect[]): boolean => effects.some((effect) => lasting.has(effect.do));

/** Also tells the request opened by this step, if one was. */
export async function perform(world: World, effects: Effect[], given: Given): Promise<{ opened?: Request }> {
  for (const effect of effects) if (effect.do === 'count') world.count(effect.step);
  if (!needsStore(effects)) return {};
  const marked = (tx: Tx, mark: Mark) => firstTime(tx, markOf(world, mark, given.person, given.messageId), world.now());
  const turning = effects.filter((effect) => turns(effect, given));
  // Before the key goes: whatever a kill leaves of it is finished at the next start, and nothing of the person is known then.
  // Of somebody who never agreed to anything not even that is written.
  const known = given.address !== undefined || given.hadRequest;
  if (known && effects.some((effect) => effect.do === 'forget')) await transact(world.keep, (tx) => marked(tx, 'gone'));
  const requests = await transact(world.keep, async (tx) => {
    const opened: Request[] = [];
    if (turning.length > 0) await marked(tx, 'turn');
    for (const effect of effects) {
      const request = await one(world, tx, effect, given);
      if (request !== null) opened.push(request);
    }
    return opened;
  });
  world.wake();
  const [opened] = requests;
  return opened === undefined ? {} : { opened };
}

async function one(world: World, tx: Tx, effect: Effect, given: Given): Promise<Request | null> {
  const now = world.now();
  switch (effect.do) {
    case 'say':
    case 'ask':
    case 'mark':
    case 'notice':
    case 'count':
      return null;
    case 'record-consent':
      await recordConsent(tx, {
        id: consentId(world, given, effect.field),
        conversation: given.conversation,
        field: effect.field,
        kind: effect.kind,
        version: effect.version,
        language: effect.lang,
        hash: wordsOf(world, given, effect.field, effect.lang) ?? effect.text,
        at: now,
        case_id: null,
      });
      return null;
    case 'erase-consent':
      await eraseConsent(tx, consentId(world, given, effect.field));
      return null;
    case 'open-case':
      return openCase(world, tx, effect, given);
    case 'deliver':
      await deliver(world, tx, given, false);
      return null;
    case 'alert':
      await deliver(world, tx, given, true);
      return null;
    case 'tell':
      await tell(world, tx, effect, given);
      return null;
    case 'withdraw':
      await leave(world, tx, given, 'case.withdrawn');
      return null;
    case 'forget':
      await leave(world, tx, given, 'case.erased');
      await eraseConsentsOf(tx, null, given.conversation);
      return null;
  }
}

async function openCase(world: World, tx: Tx, effect: Extract<Effect, { do: 'open-case' }>, given: Given): Promise<Request> {
  const { person } = given;
  const hash = world.index('case', given.conversation, effect.consent);
  const caseId = `c_${hash.slice(0, 20)}`;
  const ref = refOf(hash);
  const consent = await consentById(tx, consentId(world, given, effect.consent));
  if (consent === undefined || consent.kind !== effect.kind) throw new Error('a case without its consent');
  const field = world.content.flow.fields[effect.consent];
  const now = world.now();
  const data: Opened = {
    case_id: caseId,
    ref,
    seq: 1,
    kind: effect.kind,
    channel: person.channel,
    language: given.lang,
    country: given.country,
    consent: {
      kind: effect.kind,
      field: effect.consent,
      version: consent.version,
      language: consent.language,
      hash: consent.hash,
      at: new Date(consent.at).toISOString(),
      covers: field?.type === 'choice' ? (field.covers ?? []) : [],
    },
    answers: withPhone(world, effect.values, given.phone),
    ...(effect.reason === 'asked-for-person' ? { reason: effect.reason } : {}),
    ...(effect.partner === undefined ? {} : { link: effect.partner }),
  };
  const address: Address = {
    case_id: caseId,
    ref,
    person: person.key,
    kind: effect.kind,
    channel: person.channel,
    language: given.lang,
    country: given.country,
    opened_at: now,
    seq: 1,
  };
  await openAddress(tx, world.seal, address, person.chat);
  await consentOpened(tx, consent.id, caseId);
  await enqueue(tx, world.seal, 'cases', { type: 'case.opened', data }, now);
  return { ref, kind: effect.kind, country: given.country };
}

/** The country has a place of its own in the event; the engine only knows that a number was given. */
function withPhone(world: World, values: Known, phone: string | undefined): Known {
  const { fields } = world.content.flow;
  const kept = Object.entries(values).filter(([item]) => item !== 'welcome/country');
  return Object.fromEntries(
    kept.map(([item, value]) => [item, fields[item]?.type === 'phone' && value === 'given' ? (phone ?? null) : value]),
  );
}

/** The person's words to the open case, once however often they arrive. */
async function deliver(world: World, tx: Tx, given: Given, urgent: boolean): Promise<void> {
  const { address, said } = given;
  if (address === undefined || said === undefined) return;
  const now = world.now();
  const messageId = `m_${world.index('message', given.conversation, given.messageId).slice(0, 24)}`;
  if (!(await firstTime(tx, `in:${messageId}`, now))) return;
  const seq = await nextSeq(tx, address.case_id);
  if (seq === null) return;
  const data = { case_id: address.case_id, seq, message_id: messageId, text: said.slice(0, 4096), language: given.lang, urgent };
  await enqueue(tx, world.seal, 'cases', { type: 'message.received', data }, now);
}

/** Withdrawing or erasing wins over everything still queued for the desk. */
async function leave(world: World, tx: Tx, given: Given, type: 'case.withdrawn' | 'case.erased'): Promise<void> {
  const caseId = given.address?.case_id;
  if (caseId === undefined) return;
  if (type === 'case.erased') return eraseOwnCase(world, tx, caseId, given.person.key);
  const seq = await nextSeq(tx, caseId);
  if (seq === null) return;
  await closeAddress(tx, caseId);
  await eraseConsentsOf(tx, caseId, given.conversation);
  await enqueue(tx, world.seal, 'cases', { type, data: { case_id: caseId, seq } }, world.now());
}
