// A caseworker's words on the person's phone: shown at once where the channel can reach them, else when
// they open the page again; and the report to the desk that they were.
import type { Body, Channel } from '../channel/channel.ts';
import { begin, step } from '../flow/step.ts';
import { stampOf } from '../flow/understand.ts';
import { type Address, nextSeq } from '../store/addresses.ts';
import type { Tx } from '../store/keep.ts';
import { beginShowing, dropKept, isQuestion, keptFor } from '../store/kept.ts';
import { enqueue } from '../store/outbox.ts';
import type { Begun, Share, Stored } from '../store/sessions.ts';
import { transact } from '../store/transact.ts';
import { fullBucket } from './bucket.ts';
import type { Person } from './perform.ts';
import type { Replies } from './reply.ts';
import { screen } from './screen.ts';
import { factsFor, type World } from './world.ts';

/** Words of a caseworker, or a question of theirs that has a screen of its own. */
export type Shown = { id: string; text: string } | { id: string; share: Share };

/** Shows it and leads to where the next words answer it. `again`: it may have been shown before. */
export async function show(
  world: World,
  channel: Channel,
  replies: Replies,
  person: Person,
  stored: Stored | undefined,
  address: Address,
  shown: Shown,
) {
  const { catalog, flow } = world.content;
  const facts = await factsFor(world, address, stored?.session.lang ?? address.language);
  const { begun: _, ...known }: Stored = stored ?? {
    session: begin(flow, address.language, Number.parseInt(world.index('conversation', shown.id).slice(0, 6), 16)),
    conversation: world.index('conversation', person.key, shown.id),
    handled: '',
    pending: [],
    bucket: fullBucket(world.now()),
  };
  const share = 'share' in shown ? shown.share : known.share;
  const at = 'share' in shown ? flow.share : undefined;
  const again = !(await transact(world.keep, (tx) => beginShowing(tx, shown.id, world.now())));
  const stepped = step(flow, known.session, { kind: 'message', ...(at === undefined ? {} : { at }) }, facts);
  const pending = stepped.effects.filter((one) => one.do === 'say' || one.do === 'ask');
  const from = catalog.text(stepped.session.lang, 'common', 'message.from');
  const lead = 'text' in shown ? fitting(from, shown.text, channel.capabilities.maxText) : [];
  const messages = screen(world, channel, stepped.session, pending, facts, address, undefined, lead, share);
  const begun: Begun = { session: stepped.session, pending, ...(share === undefined ? {} : { share }) };
  // Noted before they are shown: killed in between, an answer to them is not taken for something else.
  await world.sessions.save(person.key, { ...known, begun });
  const outcome = await replies.sendNow(person.key, channel, person.chat, messages);
  const next: Stored = { ...known, ...begun };
  if (!('kept' in outcome) && !('later' in outcome)) await world.sessions.save(person.key, next);
  else if (stored === undefined) await world.sessions.forget(person.key);
  else await world.sessions.save(person.key, known);
  return { outcome, next, again };
}

/** Whoever answers may have seen words whose showing was cut short, unless they use a button of the question before. */
export function resumed(stored: Stored | undefined, body: Body): Stored | undefined {
  if (stored?.begun === undefined) return stored;
  const { begun, ...known } = stored;
  return body.kind === 'choice' && body.stamp !== stampOf(begun.session) ? known : { ...known, ...begun };
}

const fitting = (from: string, text: string, most: number): string[] =>
  from.length + 1 + text.length <= most ? [`${from}\n${text}`] : [from, text];

/** The person opened the page again: what was kept is shown now and reported as delivered. */
export async function flushKept(world: World, channel: Channel, replies: Replies, person: Person, stored: Stored, address: Address) {
  let current = stored;
  for (const { messageId, text } of await keptFor(world.keep, world.seal, address.case_id)) {
    const question = isQuestion(messageId);
    const shown: Shown = question ? { id: messageId, share: JSON.parse(text) as Share } : { id: messageId, text };
    const { outcome, next, again } = await show(world, channel, replies, person, current, address, shown);
    if (!('sent' in outcome)) return;
    current = next;
    await transact(world.keep, async (tx) => {
      await dropKept(tx, messageId);
      if (!question) await report(world, tx, address.case_id, messageId, { again });
    });
    world.wake();
  }
}

type Ending = 'blocked_by_user' | 'channel_down' | 'expired' | { again: boolean };

/** `again`: a kill or a fault came between showing and noting it, so it may stand there twice. */
export async function report(world: World, tx: Tx, caseId: string, messageId: string, ending: Ending): Promise<void> {
  const seq = await nextSeq(tx, caseId);
  if (seq === null) return;
  const ids = { case_id: caseId, seq, message_id: messageId };
  const event =
    typeof ending === 'object'
      ? { type: 'message.delivered', data: { ...ids, possible_repeat: ending.again } }
      : { type: 'message.failed', data: { ...ids, reason: ending } };
  await enqueue(tx, world.seal, 'cases', event, world.now());
}
