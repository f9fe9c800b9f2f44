// What the library hears, handed on one by one: what came while nobody was listening first, then the
// rest, each with the person it is from. Runs in the child process.
import type { Chat, Client, Message } from 'whatsapp-web.js';
import { isPrivate, type LibraryCall, type Reading, readCall, readEdit, readMessage, unreadable } from './whatsapp-read.ts';
import { readUnread, readUnreadOf, type Within } from './whatsapp-unread.ts';
import type { Said } from './whatsapp-wire.ts';

const debounceMs = 1_500;
const againMs = 10_000;
/** Enough for a day; the oldest are looked up again. */
const mostKnown = 20_000;

type Who = Pick<Said, 'person' | 'also'>;

type Given = {
  client: Client;
  /** Bounds a call of the library; `quickly` one that somebody's message waits for. */
  within: Within;
  quickly: Within;
  /** How long an id whose other one was not known is not asked about again, in ms. */
  lookAgain: number;
  pass(said: Said[]): void;
  trouble(error: unknown): void;
};

export function makeHearing({ client, within, quickly, lookAgain, pass, trouble }: Given) {
  const known = new Map<string, { who: Who; until: number }>();
  const looks = new Map<string, NodeJS.Timeout>();
  let tail: Promise<void> = Promise.resolve();
  let heardAt = performance.now();

  function inOrder(work: () => Promise<Reading[]>): void {
    tail = tail
      .then(async () => {
        const list: Said[] = [];
        for (const reading of await work()) list.push({ ...reading, ...(await whoIs(reading.chat)) });
        if (list.length > 0) pass(list);
      })
      .catch(trouble);
  }

  /** One person may write under a number and later under an id without one, or the other way round: the latter where WhatsApp knows it. */
  async function whoIs(chat: string): Promise<Who> {
    const before = known.get(chat);
    if (before !== undefined && before.until > performance.now()) return before.who;
    const [found] = await quickly(client.getContactLidAndPhone([chat])).catch(() => []);
    const person = found?.lid || chat;
    const also = [found?.pn, chat].find((id) => id && id !== person);
    const who = { person, ...(also === undefined ? {} : { also }) };
    const [oldest] = known.keys();
    if (known.size >= mostKnown && oldest !== undefined) known.delete(oldest);
    known.set(chat, { who, until: also === undefined ? performance.now() + lookAgain : Number.POSITIVE_INFINITY });
    return who;
  }

  function relay(reading: Reading | null): void {
    if (reading === null) return;
    heardAt = performance.now();
    inOrder(async () => [reading]);
  }

  client.on('message', (message: Message) => relay(readMessage(message)));
  client.on('message_ciphertext_failed', (message: Message) => relay(unreadable(message)));
  client.on('message_edit', (message: Message) => relay(readEdit(message)));
  client.on('call', (call: LibraryCall) => relay(readCall(call)));
  // Messages that come without an event still count as unread.
  client.on('unread_count', (chat: Chat | undefined) => {
    const id = chat?.id._serialized;
    if (chat === undefined || id === undefined || !isPrivate(id)) return;
    clearTimeout(looks.get(id));
    looks.delete(id);
    if (!(chat.unreadCount > 0)) return;
    const look = async () => {
      const now = await within(client.getChatById(id));
      return readUnreadOf(now, within);
    };
    looks.set(
      id,
      setTimeout(() => {
        looks.delete(id);
        inOrder(look);
      }, debounceMs),
    );
  });

  function catchUp(): void {
    inOrder(async () => {
      try {
        return await readUnread(client, within);
      } catch (error) {
        clearTimeout(looks.get('all'));
        looks.set('all', setTimeout(catchUp, againMs));
        throw error;
      }
    });
  }

  return {
    /** To be called at each `ready`: the library tells only what comes from then on. */
    catchUp,
    /** How long nobody has written, in ms. */
    quietFor: () => performance.now() - heardAt,
  };
}
