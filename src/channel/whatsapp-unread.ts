// What came while nobody was listening. The library raises no event for it, but WhatsApp counts it as
// unread until we say "seen", so unread chats are the queue that survives a kill.
import type { Chat, Client, Message } from 'whatsapp-web.js';
import { isPrivate, type Reading, readMessage, unreadable } from './whatsapp-read.ts';

/** Rejects when a call of the library takes too long. */
export type Within = <T>(call: Promise<T>) => Promise<T>;

/** Everything unread of every person, oldest first. */
export async function readUnread(client: Client, within: Within): Promise<Reading[]> {
  const all: Reading[] = [];
  for (const chat of await within(client.getChats())) all.push(...(await readUnreadOf(chat, within)));
  return all.sort((a, b) => a.sentAt - b.sentAt);
}

export async function readUnreadOf(chat: Chat, within: Within): Promise<Reading[]> {
  const { unreadCount } = chat;
  if (!(unreadCount > 0) || !isPrivate(chat.id._serialized)) return [];
  // Without a limit: with one, the library turns messages of the same second round.
  let loaded = await within(chat.fetchMessages({ fromMe: false }));
  if (loaded.length < unreadCount) {
    await within(chat.fetchMessages({ fromMe: false, limit: unreadCount }));
    loaded = await within(chat.fetchMessages({ fromMe: false }));
  }
  return loaded
    .sort((a, b) => a.timestamp - b.timestamp)
    .slice(-unreadCount)
    .flatMap((message: Message) => (String(message.type) === 'ciphertext' ? unreadable(message) : readMessage(message)) ?? []);
}
