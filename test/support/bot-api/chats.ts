// What people have on screen, and what the server remembers of it. Buttons exist only as long as they
// are shown; what was shown once is kept apart, for old buttons tapped again.

export type Button = { text: string; callback_data: string };
export type Markup = { inline_keyboard: Button[][] } | undefined;
export type Stored = { id: number; from: 'bot' | 'person'; date: number; text: string; markup: Markup };
/** One message as a test sees it. */
export type Shown = { id: number; from: 'bot' | 'person'; text: string; buttons: string[][] };

export type Chat = {
  id: number;
  type: 'private' | 'group' | 'supergroup' | 'channel';
  name: string;
  /** Whether the bot may write here. */
  open: boolean;
  movedTo: number | undefined;
  messages: Stored[];
  /** Every button ever shown, by its data. */
  ever: Map<string, number>;
  typing: number;
  /** Raised whenever something changes on screen. */
  version: number;
};

export function makeChats(bot: { id: number; username: string }, now: () => number) {
  const chats = new Map<number, Chat>();
  const seconds = () => Math.floor(now() / 1_000);
  let nextMessage = 100;

  return {
    seconds,
    find: (id: number) => chats.get(id),
    open(id: number, type: Chat['type'], name: string): Chat {
      const chat: Chat = { id, type, name, open: true, movedTo: undefined, messages: [], ever: new Map(), typing: 0, version: 0 };
      chats.set(id, chat);
      return chat;
    },
    add(chat: Chat, from: 'bot' | 'person', text: string, markup?: Markup, at = seconds()): Stored {
      nextMessage += 1;
      const stored: Stored = { id: nextMessage, from, date: at, text, markup };
      chat.messages.push(stored);
      note(chat, stored);
      return stored;
    },
    note,
    /** As Telegram would write it in an update or an answer. */
    asMessage: (chat: Chat, stored: Stored) => ({
      message_id: stored.id,
      from: { id: bot.id, is_bot: true, first_name: 'Bot', username: bot.username },
      chat: asChat(chat),
      date: stored.date,
      text: stored.text,
      ...(stored.markup ? { reply_markup: stored.markup } : {}),
    }),
  };

  function note(chat: Chat, stored: Stored): void {
    chat.version += 1;
    for (const button of stored.markup?.inline_keyboard.flat() ?? []) chat.ever.set(button.callback_data, stored.id);
  }
}

export type Chats = ReturnType<typeof makeChats>;

export const asChat = ({ id, type, name }: Chat) => ({ id, type, ...(type === 'private' ? { first_name: name } : { title: name }) });

export const screenOf = (chat: Chat): Shown[] =>
  chat.messages.map(({ id, from, text, markup }) => ({
    id,
    from,
    text,
    buttons: (markup?.inline_keyboard ?? []).map((row) => row.map((button) => button.text)),
  }));
