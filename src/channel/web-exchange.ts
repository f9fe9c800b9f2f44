// One message of a person on the web and everything it is answered with: what page and JSON share. A
// closed page cannot be reached, so what is sent while no request of the person is under way is handed
// back as "kept", and comes again when they open the page.
import { randomBytes } from 'node:crypto';
import { makeBucket } from '../http/bucket.ts';
import type { Log } from '../log.ts';
import { capabilities } from './capabilities.ts';
import type { Body, Channel, Health, Message, Receive, SendResult } from './channel.ts';
import { type Done, type Entry, type Transcript, withAnswers } from './web-transcript.ts';

export type WebOptions = {
  transcripts: {
    load(key: string): Promise<Transcript | undefined>;
    save(key: string, value: Transcript): Promise<void>;
    forget(key: string): Promise<void>;
  };
  /** Whether there is anything of this person, a session or an open request; `stopped`: they ended it. */
  knows(person: string): Promise<boolean | 'stopped'>;
  /** Whether these words are a cry for help: they are kept nowhere. */
  crisis(text: string): boolean;
  /** Forgets the session of somebody who leaves. */
  leave(person: string): Promise<void>;
  /** What one person does, one after the other, whichever process gets it. */
  inOrder<T>(person: string, work: () => Promise<T>): Promise<T>;
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
  /** False when too many new conversations begin at one address, or at all. */
  mayBegin(address: string): boolean;
};

/** Wide enough for a shelter behind one address. */
const beginsPerHour = 300;
/** And for everybody together: what fills a disk is not people. */
const allBeginsPerHour = 6_000;

export const newPerson = (): string => `w_${randomBytes(32).toString('base64url')}`;
export const isPerson = (text: unknown): text is string => typeof text === 'string' && /^w_[A-Za-z0-9_-]{43}$/.test(text);
export const newId = (): string => randomBytes(12).toString('base64url');

export function makeExchange(options: WebOptions): { channel: Channel; web: Web } {
  let receive: Receive = async () => {};
  let health: Health = { state: 'off' };
  /** What is said in the request under way, per person. */
  const collecting = new Map<string, (message: Message) => Promise<SendResult>>();
  const exchange = async (person: string, body: Body, done: Done, language?: string) => {
    const key = options.hash(person);
    const { transcripts } = options;
    const shown = await transcripts.load(key);
    const known = await options.knows(person);
    // A page that only looks must not begin anew what the person has just ended.
    if (!known && shown?.farewell && body.kind === 'open') return { messages: [], entries: shown.entries };
    // What was talked of before a session was forgotten is forgotten with it.
    const before = known ? (shown?.entries ?? []) : [];
    const messages: Message[] = [];
    let failure: unknown;
    const failed = (error: unknown) => {
      failure ??= error ?? new Error('not handled');
    };
    collecting.set(person, async (message) => {
      // Said is what the page can show again; what could not be noted is not taken for delivered.
      try {
        await transcripts.save(key, { entries: withAnswers(before, done, [...messages, message]) });
      } catch (error) {
        failed(error);
        return { kept: true };
      }
      messages.push(message);
      return { sent: true };
    });
    const hint = language === undefined ? {} : { language };
    await receive({ channel: 'web', person, id: done.id, sentAt: options.now(), body, ...hint }).catch(failed);
    collecting.delete(person);
    if (failure !== undefined) throw failure;
    const now = await options.knows(person);
    if (now === 'stopped' && known !== 'stopped') {
      // They were just told that the answers are deleted.
      const entries = withAnswers([], { id: done.id }, messages);
      await transcripts.save(key, { entries });
      return { messages, entries };
    }
    if (now) return { messages, entries: messages.length === 0 ? before : withAnswers(before, done, messages) };
    // Erased by their own word: only what they are told about that stays on screen.
    const entries = withAnswers([], { id: done.id }, messages);
    await transcripts.save(key, { entries, farewell: true });
    return { messages, entries };
  };

  const mayBegin = makeBucket(beginsPerHour, 3_600_000 / beginsPerHour);
  const mayAnyBegin = makeBucket(allBeginsPerHour, 3_600_000 / allBeginsPerHour);
  const web: Web = {
    ...options,
    mayBegin: (address) => mayBegin(options.hash(`address ${address}`), options.now()) && mayAnyBegin('', options.now()),
    exchange: (person, id, body, language, said) => {
      const pressed = body.kind === 'choice' ? `${body.stamp}.${body.code}` : undefined;
      const shown = said !== undefined && options.crisis(said) ? 'SOS' : said;
      return options.inOrder(person, () => exchange(person, body, { id, said: shown, pressed }, language));
    },
    leave: (person) =>
      options.inOrder(person, async () => {
        await options.leave(person);
        await options.transcripts.forget(options.hash(person));
      }),
  };

  const channel: Channel = {
    name: 'web',
    capabilities: capabilities.web,
    async start(given) {
      receive = given;
      health = { state: 'ready' };
    },
    async send(person, message) {
      return (await collecting.get(person)?.(message)) ?? { kept: true };
    },
    health: () => health,
    async stop() {
      health = { state: 'off' };
    },
  };
  return { channel, web };
}

/** The first of our languages that the browser asks for. */
export function hinted(languages: string[], header: string | undefined): string | undefined {
  const asked = (header ?? '').split(',').map((part) => part.trim().split(/[-;]/)[0]?.toLowerCase());
  return asked.find((lang) => lang !== undefined && languages.includes(lang));
}
