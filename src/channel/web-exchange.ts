// One message of a person on the web and everything it is answered with: what page and JSON share. A
// closed page cannot be reached, so what is sent while no request of the person is under way is handed
// back as "kept", and comes again when they open the page.
import { randomBytes } from 'node:crypto';
import type { Log } from '../log.ts';
import type { Body, Channel, Health, Message, Receive } from './channel.ts';

/** What the page shows again: bounded, sealed and short-lived. */
export type Entry =
  | { from: 'us'; id: string; text: string; lang: string; dir: 'ltr' | 'rtl'; choices: Message['choices'] }
  | { from: 'them'; id: string; text: string };
export type Transcript = { entries: Entry[] };

export type WebOptions = {
  transcripts: {
    load(key: string): Promise<Transcript | undefined>;
    save(key: string, value: Transcript): Promise<void>;
    forget(key: string): Promise<void>;
  };
  /** Whether there is anything of this person: a session or an open request. */
  knows(person: string): Promise<boolean>;
  /** Forgets the session of somebody who leaves. */
  leave(person: string): Promise<void>;
  /** Keyed hash, hex. */
  hash(text: string): string;
  /** A text of `chat.json`. */
  text(lang: string, key: string): string;
  direction(lang: string): 'ltr' | 'rtl';
  languages: string[];
  publicUrl: string;
  now(): number;
  log: Log;
};

/** What the two faces of the channel share. */
export type Web = WebOptions & {
  /** One message of a person and everything it was answered with. Rejects when it could not be handled. */
  exchange(person: string, id: string, body: Body, language?: string, said?: string): Promise<{ messages: Message[]; entries: Entry[] }>;
  /** False when too many new conversations begin at one address. */
  mayBegin(address: string): boolean;
};

const mostEntries = 60;
const mostCharacters = 40_000;
/** Wide enough for a shelter behind one address. */
const beginsPerHour = 300;

export const newPerson = (): string => `w_${randomBytes(32).toString('base64url')}`;
export const isPerson = (text: unknown): text is string => typeof text === 'string' && /^w_[A-Za-z0-9_-]{43}$/.test(text);
export const newId = (): string => randomBytes(12).toString('base64url');

export function makeExchange(options: WebOptions): { channel: Channel; web: Web } {
  let receive: Receive = async () => {};
  let health: Health = { state: 'off' };
  /** Messages for the request under way, per person. */
  const collecting = new Map<string, Message[]>();
  const chains = new Map<string, Promise<unknown>>();

  const inOrder = <T>(person: string, work: () => Promise<T>): Promise<T> => {
    const mine = (chains.get(person) ?? Promise.resolve()).then(work, work);
    const tail = mine
      .catch(() => undefined)
      .finally(() => {
        if (chains.get(person) === tail) chains.delete(person);
      });
    chains.set(person, tail);
    return mine;
  };

  const web: Web = {
    ...options,
    mayBegin: makeBegins(options),
    exchange: (person, id, body, language, said) =>
      inOrder(person, async () => {
        const messages: Message[] = [];
        collecting.set(person, messages);
        let failure: unknown;
        try {
          const hint = language === undefined ? {} : { language };
          await receive({ channel: 'web', person, id, sentAt: options.now(), body, ...hint });
        } catch (error) {
          failure = error ?? new Error('not handled');
        } finally {
          collecting.delete(person);
        }
        const pressed = body.kind === 'choice' ? `${body.stamp}.${body.code}` : undefined;
        const entries = await remember(options, person, id, messages, { said, pressed });
        if (failure !== undefined) throw failure;
        return { messages, entries };
      }),
  };

  const channel: Channel = {
    name: 'web',
    capabilities: { choices: 'buttons', maxText: 4096 },
    async start(given) {
      receive = given;
      health = { state: 'ready' };
    },
    async send(person, message) {
      const messages = collecting.get(person);
      if (messages === undefined) return { kept: true };
      messages.push(message);
      return { sent: true };
    },
    health: () => health,
    async stop() {
      health = { state: 'off' };
    },
  };
  return { channel, web };
}

/** Adds what was said to the transcript; a repeated message stands there once. */
async function remember(
  options: WebOptions,
  person: string,
  id: string,
  messages: Message[],
  { said, pressed }: { said: string | undefined; pressed: string | undefined },
): Promise<Entry[]> {
  const key = options.hash(person);
  const entries = (await options.transcripts.load(key))?.entries ?? [];
  const lock = messages.find((message) => message.lock !== undefined)?.lock;
  const question = entries.at(-1);
  const label = question?.from === 'us' ? question.choices.find((choice) => choice.id === pressed)?.label : undefined;
  const marks = messages.some((message) => message.replaces);
  const theirs = lock ?? said ?? (marks ? undefined : label);
  if (theirs !== undefined && !entries.some((one) => one.id === id)) entries.push({ from: 'them', id, text: theirs });
  for (const { id: number, text, language, direction, choices, replaces } of messages) {
    if (entries.some((one) => one.from === 'us' && one.id === number)) continue;
    const entry: Entry = { from: 'us', id: number, text, lang: language, dir: direction, choices };
    if (replaces && entries.at(-1)?.from === 'us') entries.pop();
    entries.push(entry);
  }
  // Buttons of earlier questions are dead; they need no place.
  const kept = entries.slice(-mostEntries).map((one, i, all) => (one.from === 'us' && i < all.length - 1 ? { ...one, choices: [] } : one));
  while (kept.length > 1 && kept.reduce((sum, one) => sum + one.text.length, 0) > mostCharacters) kept.shift();
  if (kept.length > 0) await options.transcripts.save(key, { entries: kept });
  return kept;
}

function makeBegins({ hash, now }: WebOptions): (address: string) => boolean {
  const counts = new Map<string, { left: number; at: number }>();
  return (address) => {
    const key = hash(`address ${address}`);
    const time = now();
    const known = counts.get(key) ?? { left: beginsPerHour, at: time };
    const left = Math.min(beginsPerHour, known.left + (Math.max(0, time - known.at) / 3_600_000) * beginsPerHour);
    counts.delete(key);
    counts.set(key, { left: left >= 1 ? left - 1 : left, at: time });
    const oldest = counts.keys().next();
    if (counts.size > 10_000 && !oldest.done) counts.delete(oldest.value);
    return left >= 1;
  };
}

/** The first of our languages that the browser asks for. */
export function hinted(languages: string[], header: string | undefined): string | undefined {
  const asked = (header ?? '').split(',').map((part) => part.trim().split(/[-;]/)[0]?.toLowerCase());
  return asked.find((lang) => lang !== undefined && languages.includes(lang));
}
