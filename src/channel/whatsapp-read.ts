// The library's messages, read into what the conversation knows. Media is named by its kind and never
// fetched; groups, status, newsletters, our own and the app's messages are not for us.
import type { Body } from './channel.ts';

/** As much of a message of the library as is looked at. */
export type LibraryMessage = {
  id: { _serialized: string };
  type: string;
  from: string;
  body: string;
  timestamp: number;
  fromMe: boolean;
  isStatus?: boolean;
  /** Then `body` is the caption; without it, it can be a small picture. */
  hasMedia?: boolean;
};

export type Reading = { chat: string; id: string; sentAt: number; body: Body };

const maxText = 4096;

type What = (Body & { kind: 'unsupported' })['what'];

const words = new Set(['chat', 'buttons_response', 'list_response', 'template_button_reply']);

/** Kinds of content with a name of their own; whatever else somebody sends is `other`. */
const kinds: Record<string, What> = {
  image: 'photo',
  document: 'document',
  ptt: 'voice',
  audio: 'voice',
  location: 'location',
  live_location: 'location',
  vcard: 'contact',
  multi_vcard: 'contact',
};

/** Notes of the app and things that are no message. An album's pictures come one by one after it. */
const silent = new Set([
  ...['e2e_notification', 'gp2', 'group_notification', 'notification', 'notification_template', 'broadcast_notification'],
  ...['call_log', 'revoked', 'protocol', 'debug', 'reaction', 'album', 'pinned_message', 'poll_update', 'keep_in_chat'],
]);

/** A conversation with one person, whichever kind of id WhatsApp uses for them. */
export const isPrivate = (chat: string): boolean => /^[^@\s]+@(?:c\.us|lid)$/.test(chat);

/** Nothing where nobody said anything to us. */
export function readMessage(message: LibraryMessage): Reading | null {
  if (message.fromMe || message.isStatus === true || !isPrivate(message.from) || silent.has(message.type)) return null;
  // Not readable yet. If it never will be, `unreadable` says so; if it will, it comes as another type.
  if (message.type === 'ciphertext') return null;
  return reading(message, bodyOf(message));
}

/** A message that could not be decrypted: the person is asked to send it again. */
export function unreadable(message: LibraryMessage): Reading | null {
  if (message.fromMe || !isPrivate(message.from)) return null;
  const failed = reading(message, { kind: 'unsupported', what: 'other' });
  // Should it become readable after all, then it is a message of its own.
  return { ...failed, id: `${failed.id}:unreadable` };
}

/** An edited message changes nothing, but the person is told so. Drawing a link preview is no edit. */
export function readEdit(message: LibraryMessage & { latestEditSenderTimestampMs?: number | undefined }): Reading | null {
  const at = message.latestEditSenderTimestampMs;
  if (at === undefined || readMessage(message) === null) return null;
  return { ...reading(message, { kind: 'edited' }), id: `${message.id._serialized}:edit${at}`, sentAt: at };
}

export type LibraryCall = { id: string; from?: string | undefined; isGroup: boolean; fromMe: boolean };

/** WhatsApp's page tells no time of a call: 0, for whoever has a clock. */
export function readCall(call: LibraryCall): Reading | null {
  if (call.fromMe || call.isGroup || call.from === undefined || !isPrivate(call.from)) return null;
  return { chat: call.from, id: `call:${call.id}`, sentAt: 0, body: { kind: 'unsupported', what: 'call' } };
}

const reading = (message: LibraryMessage, body: Body): Reading => ({
  chat: message.from,
  id: message.id._serialized,
  sentAt: Number.isFinite(message.timestamp) ? message.timestamp * 1_000 : 0,
  body,
});

function bodyOf({ type, body, hasMedia }: LibraryMessage): Body {
  const said = typeof body === 'string' && body.trim() !== '';
  if (words.has(type)) return said ? { kind: 'text', text: cut(body) } : { kind: 'unsupported', what: 'other' };
  return { kind: 'unsupported', what: kinds[type] ?? 'other', ...(said && hasMedia === true ? { caption: cut(body) } : {}) };
}

/** Never half a character at the end. */
function cut(text: string): string {
  if (text.length <= maxText) return text;
  const last = text.charCodeAt(maxText - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? maxText - 1 : maxText);
}
