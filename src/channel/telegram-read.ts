// Telegram's updates, read into what the conversation knows. Every part is looked at before it is
// used: an update of a shape nobody foresaw must neither stop the loop nor come again for ever.
import type { Body, Incoming } from './channel.ts';

/** The message of ours that holds the buttons on screen. Without `text` its words are not known any more. */
export type Prompt = { messageId: number; text?: string };

export type Reading = {
  update_id: number;
  /** Updates of one chat stay in order. */
  chat: string;
  incoming?: Incoming;
  /** Every tap is acknowledged, else the button spins for a minute. */
  tap?: string;
  prompt?: Prompt;
  group?: { id: number; gone: boolean };
};

type Loose = Record<string, unknown>;
const record = (value: unknown): Loose | undefined => (typeof value === 'object' && value !== null ? (value as Loose) : undefined);
const whole = (value: unknown): number | undefined => (typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined);
const words = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const maxText = 4096;

/** Content a person can send that is not text, in the order of looking: an animation is a document too. */
const kinds: [string, (Body & { kind: 'unsupported' })['what']][] = [
  ['animation', 'other'],
  ['photo', 'photo'],
  ['document', 'document'],
  ['voice', 'voice'],
  ['audio', 'voice'],
  ['venue', 'location'],
  ['location', 'location'],
  ['contact', 'contact'],
];

/** Notes of the app itself in a private chat: the person said nothing. */
const service = [
  'pinned_message',
  'message_auto_delete_timer_changed',
  'write_access_allowed',
  'chat_background_set',
  'connected_website',
  'proximity_alert_triggered',
  'boost_added',
];

/** One update, or nothing if it has no id and so cannot even be confirmed. */
export function readUpdate(raw: unknown, now: () => number): Reading | undefined {
  const update = record(raw);
  const id = whole(update?.['update_id']);
  if (update === undefined || id === undefined) return undefined;
  const nothing: Reading = { update_id: id, chat: `u${id}` };
  const tap = record(update['callback_query']);
  if (tap) return readTap(nothing, tap, now);
  const edited = record(update['edited_message']);
  const message = record(update['message']) ?? edited ?? record(update['my_chat_member']);
  const chat = record(message?.['chat']);
  const chatId = whole(chat?.['id']);
  if (message === undefined || chatId === undefined) return nothing;
  const reading = { ...nothing, chat: String(chatId) };
  const status = words(record(message['new_chat_member'])?.['status']);
  const member = update['my_chat_member'] !== undefined;
  if (isGroup(chat)) {
    // A group that became a supergroup lives on under another id.
    return {
      ...reading,
      group: { id: whole(message['migrate_to_chat_id']) ?? chatId, gone: member && (status === 'left' || status === 'kicked') },
    };
  }
  const from = record(message['from']);
  if (chat?.['type'] !== 'private' || from?.['is_bot'] === true) return reading;
  const body = member ? membership(status) : edited ? editing(edited) : said(message);
  return body ? { ...reading, incoming: incoming(id, chatId, from, message['date'], body, now) } : reading;
}

function readTap(nothing: Reading, tap: Loose, now: () => number): Reading {
  const from = record(tap['from']);
  const message = record(tap['message']);
  const chat = record(message?.['chat']);
  const chatId = whole(chat?.['id']) ?? whole(from?.['id']);
  const callback = words(tap['id']);
  const reading: Reading = { ...nothing, ...(callback === undefined ? {} : { tap: callback }) };
  if (chatId === undefined) return reading;
  reading.chat = String(chatId);
  if (isGroup(chat)) return { ...reading, group: { id: chatId, gone: false } };
  if (from?.['is_bot'] === true) return reading;
  const messageId = whole(message?.['message_id']);
  const text = words(message?.['text']);
  if (messageId !== undefined) reading.prompt = { messageId, ...(text === undefined ? {} : { text }) };
  const [, stamp = '', code = ''] = /^([^.]+)\.(.+)$/s.exec(words(tap['data']) ?? '') ?? [];
  // A tap carries no time of its own, only that of the message it was on.
  return { ...reading, incoming: incoming(nothing.update_id, chatId, from, undefined, { kind: 'choice', stamp, code }, now) };
}

const isGroup = (chat: Loose | undefined) => ['group', 'supergroup', 'channel'].includes(words(chat?.['type']) ?? '');

function incoming(id: number, chat: number, from: Loose | undefined, date: unknown, body: Body, now: () => number): Incoming {
  const seconds = whole(date);
  const language = words(from?.['language_code']);
  return {
    channel: 'telegram',
    person: String(chat),
    id: `u${id}`,
    sentAt: seconds === undefined ? now() : seconds * 1_000,
    body,
    ...(language ? { language } : {}),
  };
}

function membership(status: string | undefined): Body | undefined {
  if (status === 'kicked') return { kind: 'left' };
  return status === 'member' ? { kind: 'came-back' } : undefined;
}

/** A live location is edited every few seconds by the app; the person changed nothing. */
const editing = (message: Loose): Body | undefined => (message['location'] === undefined ? { kind: 'edited' } : undefined);

function said(message: Loose): Body | undefined {
  const text = words(message['text']);
  if (text !== undefined) return saidInWords(text);
  const caption = words(message['caption']);
  const under = caption === undefined ? {} : { caption: cut(caption) };
  const kind = kinds.find(([key]) => message[key] !== undefined);
  if (kind) return { kind: 'unsupported', what: kind[1], ...under };
  return service.some((key) => message[key] !== undefined) ? undefined : { kind: 'unsupported', what: 'other', ...under };
}

function saidInWords(text: string): Body {
  const command = /^\/([\p{L}\p{N}_]+)(?:@\w+)?(?:\s+(\S[\s\S]*))?\s*$/u.exec(text);
  if (!command) return { kind: 'text', text: cut(text) };
  const [, name = '', rest = ''] = command;
  if (name.toLowerCase() !== 'start') return { kind: 'text', text: cut(rest ? `${name} ${rest}` : name) };
  const link = /^[A-Za-z0-9_-]{1,64}$/.exec(rest.trim())?.[0];
  return link ? { kind: 'start', link } : { kind: 'start' };
}

/** At most what Telegram allows, and never half a character at the end. */
function cut(text: string): string {
  if (text.length <= maxText) return text;
  const last = text.charCodeAt(maxText - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? maxText - 1 : maxText);
}
