// Groups, which are no place for this talk, and the texts shown before a chat begins.
import { describe, expect, test } from 'vitest';
import { allConfirmed, api, eventsOf, eventually, heard, launch, person, said, waits } from '../support/telegram.ts';

describe('groups', () => {
  test('a group is told once where to write, and left, and nothing said in it is heard', async () => {
    const group = api.group();
    group.adds();
    group.says('canary of the group');
    group.says('another');
    await launch();
    await allConfirmed();
    expect(
      group
        .screen()
        .filter(({ from }) => from === 'bot')
        .map(({ text }) => text),
    ).toEqual([`This chat works only in a private conversation: https://t.me/${api.username}`]);
    expect([group.hasBot(), heard]).toEqual([false, []]);
  });

  test('a group that adds the bot again is told again, in the words handed in', async () => {
    const group = api.group({ type: 'supergroup' });
    await launch(undefined, { groupNotice: (username) => `private: ${username}` });
    for (const _ of [1, 2]) {
      group.adds();
      await api.waitFor(() => !group.hasBot());
      await allConfirmed();
    }
    expect(group.screen().map(({ text }) => text)).toEqual(['private: return_help_bot', 'private: return_help_bot']);
  });

  test('channels are left, and so is a group that became a supergroup', async () => {
    const news = api.group({ type: 'channel' });
    const group = api.group();
    await launch();
    news.adds();
    group.upgrades(-100_777);
    await allConfirmed();
    expect([news.hasBot(), group.hasBot()]).toEqual([false, false]);
    expect(group.screen().map(({ from }) => from)).toEqual(['bot']);
  });

  test('a button in a group is acknowledged and changes nothing', async () => {
    const group = api.group();
    await launch();
    group.adds();
    await allConfirmed();
    const chat = { id: group.id, type: 'group' };
    api.push({ callback_query: { from: { id: 31 }, message: { chat, message_id: 1, date: 1 }, data: '5f.no' } });
    await allConfirmed();
    expect(heard).toEqual([]);
  });

  test('a group that cannot be left is only noted', async () => {
    const group = api.group();
    api.fault('sendMessage', { answer: 403 });
    api.fault('leaveChat', { answer: 400, description: 'Bad Request: canary' });
    await launch();
    group.adds();
    person().says('hello');
    await allConfirmed();
    expect(said()).toEqual(['hello']);
    expect(eventsOf('telegram.group-not-left')).toHaveLength(1);
  });
});

describe('commands and descriptions', () => {
  const set = (language: string | null, description = 'What we do') => ({
    language,
    commands: [{ command: 'sos', description: 'I need help now' }],
    description,
    short: 'Help',
  });
  const settings = () => api.calls.filter(({ method }) => method.startsWith('setMy'));

  function cache() {
    let kept: string | undefined;
    return {
      get: async () => kept,
      set: async (hash: string) => {
        kept = hash;
      },
    };
  }

  test('they are set for everybody and for each language Telegram knows, and again only when changed', async () => {
    const commandCache = cache();
    const commands = [set(null), set('fr'), set('ckb')];
    for (const [descriptions, calls] of [
      [commands, 6],
      [commands, 6],
      [[set(null, 'New'), set('fr')], 12],
    ] as const) {
      const before = await commandCache.get();
      const channel = await launch(undefined, { commands: [...descriptions], cache: () => commandCache });
      await api.waitFor(() => api.polling() && settings().length === calls);
      if (descriptions !== commands || before === undefined) await eventually(commandCache.get).not.toBe(before);
      await channel.stop();
    }
    expect(settings()).toHaveLength(12);
    expect([...api.words]).toEqual([
      ['', { commands: set(null).commands, description: 'New', short: 'Help' }],
      ['fr', { commands: set(null).commands, description: 'What we do', short: 'Help' }],
    ]);
  });

  test('a limit is waited out; any other failure is only logged and tried at the next start', async () => {
    const commandCache = cache();
    api.fault('setMyCommands', { answer: 429, retryAfter: 500 });
    api.fault('setMyDescription', { answer: 400 });
    const first = await launch(undefined, { commands: [set(null)], cache: () => commandCache });
    await eventually(() => eventsOf('telegram.commands-not-set')).toHaveLength(1);
    await first.stop();
    expect([first.health().state, await commandCache.get(), waits]).toEqual(['off', undefined, [500_000]]);
    expect(api.words.get('')).toMatchObject({ short: 'Help' });
    await launch(undefined, { commands: [set(null)], cache: () => commandCache });
    await eventually(commandCache.get).toBeTypeOf('string');
  });

  test('a broken cache stops nobody from being heard', async () => {
    const broken = { get: () => Promise.reject(new Error('canary')), set: async () => {} };
    await launch(undefined, { commands: [set(null)], cache: () => broken });
    person().says('hello');
    await allConfirmed();
    expect(said()).toEqual(['hello']);
  });
});
