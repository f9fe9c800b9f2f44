// What the desk says to a person: `/hooks/messages`. It is answered only when the message is with the
// channel or safely kept, so the desk's own outbox does the waiting and repeating.
import type { Channel, ChannelName } from '../channel/channel.ts';
import { type DeskEvent, deskEvent } from '../handoff/contract.ts';
import { verify } from '../handoff/sign.ts';
import { type Address, addressByCase, closeAddress } from '../store/addresses.ts';
import { eraseConsentsOf } from '../store/consents.ts';
import { eraseAtBot } from '../store/erase.ts';
import { beginShowing, keepMessage, notShown } from '../store/kept.ts';
import { dropQueued, firstTime } from '../store/outbox.ts';
import { transact } from '../store/transact.ts';
import { contactLines } from '../text/values.ts';
import { report, type Shown, show } from './caseworker.ts';
import type { Person } from './perform.ts';
import type { Replies } from './reply.ts';
import type { World } from './world.ts';

export type HookAnswer = { status: 200 | 202 | 401 | 422 | 503; body?: object };

const duplicate: HookAnswer = { status: 200, body: { duplicate: true } };

type Bot = { world: World; replies: Replies; channels: Map<ChannelName, Channel>; secrets: string[] };

/** `headers` and `raw` as they came. */
export async function fromDesk(bot: Bot, headers: Record<string, string | string[] | undefined>, raw: Buffer): Promise<HookAnswer> {
  const { world } = bot;
  const id = verify(bot.secrets, headers, raw, world.now());
  if (id === null) return { status: 401 };
  let parsed: unknown;
  try {
    parsed = JSON.parse(raw.toString('utf8'));
  } catch {
    return { status: 422 };
  }
  const event = deskEvent.safeParse(parsed);
  if (!event.success) return { status: 422 };
  const seen = () => world.keep.selectFrom('handled').select('id').where('id', '=', id).executeTakeFirst();
  if ((await seen()) !== undefined) return duplicate;
  const address = await addressByCase(world.keep, world.seal, event.data.data.case_id);
  if (address === undefined) return tooLate(world, id);
  const ends = event.data.type === 'case.closed' || event.data.type === 'case.erased';
  if (address.chat === null && !ends) return tooLate(world, id);
  const person: Person = { channel: address.channel as ChannelName, chat: address.chat ?? '', key: address.person };
  // Once more in turn: the same event may have come several times at once.
  return world.lock(person.key, async () => ((await seen()) === undefined ? act(bot, id, event.data, person, address) : duplicate));
}

async function act(bot: Bot, id: string, event: DeskEvent, person: Person, address: Address): Promise<HookAnswer> {
  const { world, replies, channels } = bot;
  const channel = channels.get(person.channel);
  if (event.type === 'consent.ask') {
    if (channel === undefined) return { status: 503 };
    if (world.content.flow.share === undefined) return { status: 422 };
    const { organisation, name } = event.data;
    const question = { id: `q_${id.slice(4, 28)}`, organisation, name };
    return say(bot, id, channel, person, address, { id: question.id, share: question });
  }
  if (event.type === 'message.send') {
    if (channel === undefined) return { status: 503 };
    const text = 'text' in event.data ? event.data.text : notice(world, address, event.data.notice);
    if (text === null) return { status: 422 };
    return say(bot, id, channel, person, address, { id: event.data.message_id, text });
  }
  const text = notice(world, address, event.type === 'case.closed' ? 'closed' : 'erased');
  // They are told first: afterwards nobody knows any more whom to tell. Not before something can be written, or a
  // full disk would have it said again and again. Without the key there is no address: the row goes all the same.
  await transact(world.keep, (tx) => beginShowing(tx, id, world.now()));
  if (channel !== undefined && text !== null && person.chat !== '') {
    const { catalog } = world.content;
    const { language } = address;
    await replies.send(person.key, channel, person.chat, [
      { id: `m_${id.slice(4, 16)}`, text, language, direction: catalog.direction(language), choices: [] },
    ]);
  }
  await (event.type === 'case.closed' ? close(world, id, address) : erase(world, id, address));
  return { status: 202 };
}

async function close(world: World, id: string, { case_id }: Address): Promise<void> {
  await transact(world.keep, async (tx) => {
    await firstTime(tx, id, world.now());
    await closeAddress(tx, case_id);
    await eraseConsentsOf(tx, case_id, '');
    await dropQueued(tx, case_id, 'cases');
  });
}

/** Noted as handled only with the rows, so that a kill in between repeats it. */
async function erase(world: World, id: string, { case_id, person }: Address): Promise<void> {
  const now = world.now();
  await transact(world.keep, async (tx) => {
    await eraseAtBot(tx, world.seal, case_id, now, person);
    await firstTime(tx, id, now);
  });
  await world.sessions.forget(person);
  await world.seal.personGone('bot', case_id);
}

/** A text of ours in the person's language; only those that exist can be asked for. */
function notice(world: World, address: Address, key: string): string | null {
  const { catalog, packOf } = world.content;
  const { language, country } = address;
  if (!/^[a-z-]+$/.test(key) || !catalog.has(language, 'common', `message.${key}`)) return null;
  const contacts = contactLines(packOf(country), catalog, language, world.mode);
  return catalog.text(language, 'common', `message.${key}`, { contacts });
}

async function say(bot: Bot, id: string, channel: Channel, person: Person, address: Address, shown: Shown): Promise<HookAnswer> {
  const { world, replies } = bot;
  const stored = await world.sessions.load(person.key);
  const { outcome, again } = await show(world, channel, replies, person, stored, address, shown);
  const now = world.now();
  if ('later' in outcome) return { status: 503 };
  await transact(world.keep, async (tx) => {
    if (!(await firstTime(tx, id, now))) return;
    const text = 'text' in shown ? shown.text : JSON.stringify(shown.share);
    if ('kept' in outcome) {
      await keepMessage(tx, world.seal, address.case_id, shown.id, text, now);
      await notShown(tx, shown.id);
    }
    // A question is answered or it is not; only words are reported as delivered.
    else if ('share' in shown) return;
    else if ('sent' in outcome) await report(world, tx, address.case_id, shown.id, { again });
    else await report(world, tx, address.case_id, shown.id, 'gone' in outcome ? 'blocked_by_user' : 'channel_down');
  });
  world.wake();
  return { status: 202 };
}

/** Nobody to write to any more: the person withdrew or erased, which the desk hears by itself. */
async function tooLate(world: World, id: string): Promise<HookAnswer> {
  await transact(world.keep, (tx) => firstTime(tx, id, world.now()));
  return { status: 202 };
}
