// One message, from arrival to reply, in a fixed order: lock, load, handled already?, step, rows, save,
// send. A kill between any two leaves a state from which the same message, coming again, is answered.
import type { Body, Channel, Incoming, Receive } from '../channel/channel.ts';
import type { Effect } from '../flow/effect.ts';
import { type Position, position } from '../flow/position.ts';
import type { Facts, Input, Partner, Session } from '../flow/session.ts';
import { begin, step } from '../flow/step.ts';
import { asksForHelp, type Reply, type Understood, understand } from '../flow/understand.ts';
import { codeIn } from '../link/code.ts';
import { codeOf } from '../log.ts';
import type { Address } from '../store/addresses.ts';
import { handledBefore, idLength, noteHandled, type Stored } from '../store/sessions.ts';
import { label } from '../text/labels.ts';
import { fullBucket, take } from './bucket.ts';
import { flushKept, resumed } from './caseworker.ts';
import { requestOf, storedOf } from './known.ts';
import { hasMark, type Person, perform } from './perform.ts';
import type { Replies } from './reply.ts';
import { screen } from './screen.ts';
import { factsFor, isDraft, type World } from './world.ts';

const mostText = 4096;

/** Bidirectional overrides could make a caseworker read something else than was written. */
const clean = (text: string) => text.replace(/[\u202a-\u202e\u2066-\u2069]/gu, '').slice(0, mostText);

export function makeReceive(world: World, channel: Channel, replies: Replies): Receive {
  /** Who has heard of the present outage: the platform repeats the message, we do not repeat the sentence. */
  const told = new Set<string>();
  return async (incoming) => {
    if (incoming.body.kind === 'left' || incoming.body.kind === 'came-back') return;
    const key = world.index('person', incoming.channel, incoming.person);
    const person: Person = { channel: incoming.channel, chat: incoming.person, key };
    try {
      await world.lock(key, (still) => handle(world, channel, replies, incoming, person, still));
      told.delete(key);
    } catch (error) {
      world.log.error('a message could not be handled', { code: codeOf(error), channel: incoming.channel, who: key.slice(0, 12) });
      if (!told.has(key)) await sayProblem(world, channel, incoming);
      if (told.size < 10_000) told.add(key);
      throw error;
    }
  };
}

async function handle(
  world: World,
  channel: Channel,
  replies: Replies,
  incoming: Incoming,
  person: Person,
  still: () => Promise<void>,
): Promise<void> {
  const { flow } = world.content;
  const stored = resumed(await storedOf(world, incoming, person), incoming.body);
  const id = world.index('message', incoming.id).slice(0, idLength);
  const before = stored && handledBefore(stored.handled, id);
  if (before === 'older' || (incoming.resend && before !== 'newest')) return;
  const { address, open } = await requestOf(world, incoming, person, stored);
  const asked = { ...(await factsFor(world, address, stored?.session.lang ?? '')), requestOpen: open };
  if (stored !== undefined && before === 'newest') {
    await replies.send(
      person.key,
      channel,
      person.chat,
      screen(world, channel, stored.session, stored.pending, asked, address, undefined, undefined, stored.share),
    );
    if (address !== undefined) await flushKept(world, channel, replies, person, stored, address);
    return;
  }

  if (stored !== undefined && incoming.body.kind === 'open' && incoming.body.quiet) {
    if (address !== undefined) await flushKept(world, channel, replies, person, stored, address);
    return;
  }

  const now = world.now();
  const known = stored ?? fresh(world, incoming, person, address, now);
  const rate = take(known.bucket, now);
  if (!rate.room && !urgent(world, incoming.body)) {
    const pending: Effect[] = rate.tell ? [{ do: 'notice', name: 'slow' }] : [];
    await world.sessions.save(person.key, { ...known, bucket: rate.bucket, handled: noteHandled(known.handled, id), pending });
    await replies.send(
      person.key,
      channel,
      person.chat,
      screen(world, channel, known.session, pending, asked, address, undefined, undefined, known.share),
    );
    return;
  }

  const here = position(flow, known.session, asked);
  const idle = stored === undefined || (here.step === null && known.session.done !== null);
  const partner = idle ? await sentBy(world, incoming.body) : null;
  // Killed before they could be told that everything is erased: nobody is left to be known, and it is said now.
  const erased = stored === undefined && (await hasMark(world, 'gone', person, incoming.id));
  const understood = erased ? deleted : inTime(incoming, meant(world, known.session, idle, incoming.body, partner, asked));
  const facts = { ...asked, draftLanguage: isDraft(world, languageAfter(known.session, here, understood.input)) };
  const stepped = step(flow, known.session, understood.input, facts, asked);
  const anew = known.session.done !== null && stepped.session.done === null;
  const conversation = anew ? world.index('conversation', person.key, incoming.id) : known.conversation;
  const phone = understood.phone ?? known.phone;
  const country = stepped.effects.some((one) => one.do === 'open-case') ? countryOf(here) : null;
  const given = {
    person,
    conversation,
    messageId: incoming.id,
    address,
    hadRequest: known.open ?? false,
    lang: stepped.session.lang,
    country,
    said: understood.said,
    phone,
    share: known.share,
  };
  await still();
  const { opened } = await perform(world, stepped.effects, given);

  const forgets = stepped.effects.some((one) => one.do === 'forget');
  const keepsPhone = phone !== undefined && stepped.session.answers['number'] !== undefined;
  const openNow =
    opened !== undefined || (address !== undefined && !stepped.effects.some((one) => one.do === 'withdraw' || one.do === 'forget'));
  const pending = stepped.effects.filter((one) => one.do === 'say' || one.do === 'ask' || one.do === 'mark' || one.do === 'notice');
  const next: Stored = {
    session: stepped.session,
    conversation,
    handled: noteHandled(known.handled, id),
    pending,
    bucket: rate.bucket,
    ...(openNow ? { open: true as const } : {}),
    ...(keepsPhone ? { phone } : {}),
    // Whom it names stays until the next question of the desk, since what was answered may have to be shown once more.
    ...(known.share !== undefined && openNow ? { share: known.share } : {}),
  };
  if (forgets) {
    await world.sessions.forget(person.key);
    if (address !== undefined) await world.seal.personGone('bot', address.case_id);
  } else await world.sessions.save(person.key, next);

  const factsNow = openNow === facts.requestOpen ? facts : { ...facts, requestOpen: openNow };
  const lock = chosenLabel(world, known.session, here, incoming.body, understood.input);
  const messages = screen(world, channel, stepped.session, pending, factsNow, opened ?? address, lock, undefined, known.share);
  await replies.send(person.key, channel, person.chat, messages);
  if (openNow && address !== undefined && !forgets) await flushKept(world, channel, replies, person, next, address);
}

/** A person nobody knows: a session that begins, in the language of their open request if there is one. */
function fresh(world: World, incoming: Incoming, person: Person, address: Address | undefined, now: number): Stored {
  const { flow } = world.content;
  const conversation = world.index('conversation', person.key, incoming.id);
  const hint = incoming.language?.toLowerCase();
  const hinted = flow.languages.find((lang) => hint === lang || hint?.split('-')[0] === lang);
  const lang = address?.language ?? hinted ?? flow.languages[0] ?? 'en';
  // Stamps of an earlier run must not fit this one: each begins at a number of its own.
  const seq = Number.parseInt(conversation.slice(0, 6), 16);
  return { session: begin(flow, lang, seq), conversation, handled: '', pending: [], bucket: fullBucket(now) };
}

/** Whose link somebody begins with: it came with the start, or stands in the words the link had ready. */
async function sentBy(world: World, body: Body): Promise<Partner | null> {
  const code = body.kind === 'start' ? body.link : body.kind === 'text' ? codeIn(body.text) : undefined;
  return code === undefined || code === null ? null : world.partner(code);
}

function meant(world: World, session: Session, idle: boolean, body: Body, partner: Partner | null, facts: Facts): Understood {
  const { flow, words: vocabulary } = world.content;
  const start = { kind: 'start' as const, ...(partner === null ? {} : { partner }) };
  if (body.kind === 'start' && idle) {
    const at = body.link === undefined ? undefined : flow.links.find((ref) => ref.replace('/', '-') === body.link);
    return { input: at === undefined ? start : { ...start, at } };
  }
  const understood = understand(flow, session, replyOf(body), vocabulary, facts);
  if (!idle) return understood;
  // The first words are a greeting whatever they are, unless they ask for help, an end or erasure.
  return understood.input.kind === 'interrupt' ? understood : { input: start };
}

const deleted: Understood = { input: { kind: 'interrupt', name: 'delete' } };

/** A language just picked counts at once. */
const languageAfter = (session: Session, here: Position, input: Input): string =>
  here.step?.language && input.kind === 'answer' ? String(input.value) : session.lang;

/** A number sent before this question was asked answers nothing, whatever choice it would be now. */
function inTime(incoming: Incoming, understood: Understood): Understood {
  const answers = ['answer', 'toggle', 'page', 'change'].includes(understood.input.kind);
  return incoming.late === true && answers ? { input: { kind: 'stale' } } : understood;
}

function replyOf(body: Body): Reply {
  if (body.kind === 'text') return { kind: 'text', text: clean(body.text) };
  if (body.kind === 'choice') return { kind: 'choice', stamp: body.stamp, code: body.code };
  if (body.kind === 'unsupported') return { kind: 'media', ...(body.caption === undefined ? {} : { caption: clean(body.caption) }) };
  return body.kind === 'edited' ? { kind: 'edited' } : { kind: 'nothing' };
}

/** Urgent words are read however much was written before, also under a picture. */
function urgent({ content: { words } }: World, body: Body): boolean {
  if (body.kind === 'choice') return body.code === '~sos';
  const said = body.kind === 'text' ? body.text : body.kind === 'unsupported' ? (body.caption ?? '') : '';
  return asksForHelp(said, words);
}

const countryOf = (here: Position): string | null => {
  const country = here.known['welcome/country'];
  return typeof country === 'string' && country.length === 2 ? country : null;
};

/** The words of the button just used, to be shown in its place. */
function chosenLabel(world: World, session: Session, here: Position, body: Body, input: Input): string | undefined {
  if (body.kind !== 'choice' || here.step === null || input.kind !== 'answer') return undefined;
  const { flow, catalog } = world.content;
  const { step: asked } = here;
  const codes = body.code === '~done' ? session.marked : [body.code];
  return codes.map((code) => label(flow, catalog, session.lang, asked, code)).join(', ');
}

/** One honest sentence, in the language the platform hints at: nothing else is known for sure now. */
async function sayProblem(world: World, channel: Channel, incoming: Incoming): Promise<void> {
  const { catalog, flow } = world.content;
  const hint = incoming.language?.toLowerCase().split('-')[0];
  const language = flow.languages.find((lang) => lang === hint) ?? flow.languages[0] ?? 'en';
  const text = catalog.text(language, 'common', 'notices.problem');
  await channel.send(incoming.person, { id: `p_${incoming.id}`, text, language, direction: catalog.direction(language), choices: [] });
}
