// What each method does to the chats, with Telegram's own refusals. The payload has passed its schema;
// what is refused here can happen to a correct bot, save the few cases noted as violations.
import type { Chat, Chats, Stored } from './chats.ts';
import type { Delivery } from './deliver.ts';
import type { Queue } from './queue.ts';
import { badRequest, fail, ok, type Reply } from './reply.ts';
import type { Method, Payload } from './schemas.ts';

export type Callback = { person: number; update: number; answers: number };
export type Words = { commands?: unknown; description?: string; short?: string };

export type World = {
  bot: { id: number; username: string };
  chats: Chats;
  queue: Queue;
  delivery: Delivery;
  callbacks: Map<string, Callback>;
  /** What the bot set for each language; '' for everybody. */
  words: Map<string, Words>;
  violate(what: string): void;
  /** Tells the chat's members that the bot is out of it. */
  leave(chat: Chat): void;
};

type Effects = { [M in Exclude<Method, 'getUpdates'>]: (world: World, payload: Payload<M>) => Reply };

/** The chat, or why the bot may not write there. */
function writable({ chats, violate }: World, id: number): Chat | Reply {
  const chat = chats.find(id);
  if (!chat) {
    violate('wrote to a chat that does not exist');
    return badRequest('chat not found');
  }
  if (chat.movedTo !== undefined)
    return fail(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: chat.movedTo });
  if (chat.type === 'private' && !chat.messages.some(({ from }) => from === 'person')) {
    violate('wrote to somebody who never wrote');
    return fail(403, "Forbidden: bot can't initiate conversation with a user");
  }
  if (chat.open) return chat;
  return fail(
    403,
    chat.type === 'private' ? 'Forbidden: bot was blocked by the user' : `Forbidden: bot is not a member of the ${chat.type} chat`,
  );
}

const isReply = (value: Chat | Reply): value is Reply => 'status' in value;

function edit(world: World, ids: { chat_id: number; message_id: number }, change: (stored: Stored) => Stored): Reply {
  const chat = writable(world, ids.chat_id);
  if (isReply(chat)) return chat;
  const at = chat.messages.findIndex(({ id }) => id === ids.message_id);
  const stored = chat.messages[at];
  if (!stored) return badRequest('message to edit not found');
  if (stored.from !== 'bot') return badRequest("message can't be edited");
  const changed = change(stored);
  if (changed.text === stored.text && JSON.stringify(changed.markup) === JSON.stringify(stored.markup))
    return badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
  chat.messages[at] = changed;
  world.chats.note(chat, changed);
  return ok({ ...world.chats.asMessage(chat, changed), edit_date: world.chats.seconds() });
}

/** No rows and no keyboard are the same to Telegram. */
const rows = (markup: Stored['markup']) => (markup && markup.inline_keyboard.length > 0 ? markup : undefined);

function learn({ words }: World, language: string | undefined, news: Words): Reply {
  words.set(language ?? '', { ...words.get(language ?? ''), ...news });
  return ok(true);
}

export const effects: Effects = {
  getMe: ({ bot }) =>
    ok({
      ...bot,
      is_bot: true,
      first_name: 'Bot',
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
    }),
  sendMessage(world, { chat_id, text, reply_markup }) {
    const chat = writable(world, chat_id);
    return isReply(chat) ? chat : ok(world.chats.asMessage(chat, world.chats.add(chat, 'bot', text, rows(reply_markup))));
  },
  editMessageText: (world, { text, reply_markup, ...ids }) =>
    edit(world, ids, (stored) => ({ ...stored, text, markup: rows(reply_markup) })),
  editMessageReplyMarkup: (world, { reply_markup, ...ids }) => edit(world, ids, (stored) => ({ ...stored, markup: rows(reply_markup) })),
  answerCallbackQuery({ callbacks, queue, violate }, { callback_query_id: id }) {
    const callback = callbacks.get(id);
    if (!callback) violate('answered a tap that never was');
    // Once for each time the tap was delivered: a bot that was killed cannot know that it answered.
    else if (callback.answers >= queue.deliveries(callback.update)) violate('answered a tap twice');
    else {
      callback.answers += 1;
      return ok(true);
    }
    return badRequest('query is too old and response timeout expired or query ID is invalid');
  },
  sendChatAction(world, { chat_id }) {
    const chat = writable(world, chat_id);
    if (isReply(chat)) return chat;
    chat.typing += 1;
    chat.version += 1;
    return ok(true);
  },
  setMyCommands: (world, { commands, language_code }) => learn(world, language_code, { commands }),
  setMyDescription: (world, { description, language_code }) => learn(world, language_code, { description }),
  setMyShortDescription: (world, { short_description: short, language_code }) => learn(world, language_code, { short }),
  leaveChat(world, { chat_id }) {
    const chat = writable(world, chat_id);
    if (isReply(chat)) return chat;
    if (chat.type === 'private') {
      world.violate('left a private chat');
      return badRequest("chat can't be left");
    }
    world.leave(chat);
    return ok(true);
  },
  setWebhook({ queue, delivery, violate }, hook) {
    if (/^http:/.test(hook.url) && !/^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(hook.url)) {
      violate('a webhook without TLS beyond this machine');
      return badRequest('bad webhook: An HTTPS URL must be provided for webhook');
    }
    queue.setWebhook(true);
    delivery.set(hook);
    return ok(true);
  },
  getWebhookInfo: ({ delivery }) => ok(delivery.info()),
  deleteWebhook({ queue, delivery }) {
    queue.setWebhook(false);
    delivery.set(null);
    return ok(true);
  },
};
