// People and groups as a test plays them: they write, tap what is on their screen, send files, block.
// A tap on a button that is not there is the test's own mistake and throws.
import { asChat, type Chat, type Shown, screenOf } from './chats.ts';
import type { World } from './methods.ts';

export type Person = {
  id: number;
  /** Each of these returns the id of the update it makes. */
  says(text: string, options?: { at?: number }): number;
  starts(code?: string): number;
  /** Content fields of a message, such as `samples.photo`. */
  sends(content: Record<string, unknown>): number;
  /** Edits the newest own message. */
  edits(text: string): number;
  /** Taps the newest button with this label that is on screen now. */
  taps(label: string): number;
  /** Taps a button of before, as a client does that has not caught up. */
  tapsStale(data: string): number;
  blocks(): number;
  unblocks(): number;
  screen(): Shown[];
  /** The newest message of the bot. */
  last(): Shown | undefined;
  /** How often the bot showed that it is typing. */
  typing(): number;
  /** Resolves once the screen fits; `what` names it should it never. */
  waitFor(fits: (screen: Shown[]) => boolean, what?: string): Promise<Shown[]>;
};

export type Group = {
  id: number;
  adds(): number;
  says(text: string): number;
  /** Becomes a supergroup under this id. */
  upgrades(to: number): number;
  hasBot(): boolean;
  screen(): Shown[];
};

export type Wait = (fits: () => boolean, what: string) => Promise<void>;
export type PersonOptions = { id: number; name: string; language: string };

export function makePerson(world: World, wait: Wait, { id, name, language }: PersonOptions): Person {
  const { chats, queue, bot } = world;
  const chat = chats.open(id, 'private', name);
  const from = { id, is_bot: false, first_name: name, ...(language ? { language_code: language } : {}) };

  function message(text: string, content: Record<string, unknown>, at?: number) {
    const stored = chats.add(chat, 'person', text, undefined, at);
    return { message_id: stored.id, from, chat: asChat(chat), date: stored.date, ...content };
  }

  function tap(messageId: number | undefined, data: string): number {
    const stored = chat.messages.find((one) => one.id === messageId) ?? chat.messages.findLast((one) => one.from === 'bot');
    if (!stored) throw new Error('nothing was ever on screen');
    const query = String(9_000_000_000 + world.callbacks.size);
    const update = queue.push({ callback_query: { id: query, from, message: chats.asMessage(chat, stored), chat_instance: '1', data } });
    world.callbacks.set(query, { person: id, update, answers: 0 });
    return update;
  }

  function member(before: string, after: string): number {
    chat.open = after === 'member';
    const state = (status: string) => ({ status, user: { id: bot.id, is_bot: true, first_name: 'Bot' } });
    return queue.push({
      my_chat_member: { chat: asChat(chat), from, date: chats.seconds(), old_chat_member: state(before), new_chat_member: state(after) },
    });
  }

  const person: Person = {
    id,
    says: (text, options) => queue.push({ message: message(text, { text, ...commandOf(text) }, options?.at) }),
    starts: (code) => person.says(code === undefined ? '/start' : `/start ${code}`),
    sends: (content) => queue.push({ message: message(`[${Object.keys(content)[0]}]`, content) }),
    edits(text) {
      const stored = chat.messages.findLast((one) => one.from === 'person');
      if (!stored) throw new Error('nothing to edit');
      stored.text = text;
      const { id: message_id, date } = stored;
      return queue.push({ edited_message: { message_id, from, chat: asChat(chat), date, edit_date: chats.seconds(), text } });
    },
    taps(label) {
      const stored = chat.messages.findLast((one) => one.markup?.inline_keyboard.flat().some(({ text }) => text === label));
      const button = stored?.markup?.inline_keyboard.flat().find(({ text }) => text === label);
      if (!button) throw new Error(`no button "${label}" on screen`);
      return tap(stored?.id, button.callback_data);
    },
    tapsStale: (data) => tap(chat.ever.get(data), data),
    blocks: () => member('member', 'kicked'),
    unblocks: () => member('kicked', 'member'),
    screen: () => screenOf(chat),
    last: () => screenOf(chat).findLast((one) => one.from === 'bot'),
    typing: () => chat.typing,
    async waitFor(fits, what = 'the screen to fit') {
      let seen = -1;
      await wait(() => {
        if (chat.version === seen) return false;
        seen = chat.version;
        return fits(screenOf(chat));
      }, what);
      return screenOf(chat);
    },
  };
  return person;
}

export function makeGroup(world: World, { id, type }: { id: number; type: Exclude<Chat['type'], 'private'> }): Group {
  const { chats, queue, bot } = world;
  let chat = chats.open(id, type, 'Group');
  chat.open = false;
  const from = { id: 31, is_bot: false, first_name: 'Member' };
  const group: Group = {
    id,
    adds() {
      chat.open = true;
      const state = (status: string) => ({ status, user: { id: bot.id, is_bot: true, first_name: 'Bot' } });
      return queue.push({
        my_chat_member: {
          chat: asChat(chat),
          from,
          date: chats.seconds(),
          old_chat_member: state('left'),
          new_chat_member: state('member'),
        },
      });
    },
    says(text) {
      const stored = chats.add(chat, 'person', text);
      return queue.push({ message: { message_id: stored.id, from, chat: asChat(chat), date: stored.date, text } });
    },
    upgrades(to) {
      const old = chat;
      const stored = chats.add(old, 'person', '');
      old.movedTo = to;
      chat = chats.open(to, 'supergroup', 'Group');
      return queue.push({ message: { message_id: stored.id, from, chat: asChat(old), date: stored.date, migrate_to_chat_id: to } });
    },
    hasBot: () => chat.open,
    screen: () => screenOf(chat),
  };
  return group;
}

function commandOf(text: string) {
  const command = /^\/\w+(@\w+)?/.exec(text)?.[0];
  return command ? { entities: [{ type: 'bot_command', offset: 0, length: command.length }] } : {};
}
