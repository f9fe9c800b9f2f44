// What people send on Telegram, and what the conversation hears of it.
import { describe, expect, test } from 'vitest';
import { samples } from '../support/bot-api/server.ts';
import { allConfirmed, api, bodies, eventsOf, heard, launch, person, said } from '../support/telegram.ts';

/** Whatever is not named here is `other`. */
const named = {
  ...{ photo: 'photo', document: 'document', voice: 'voice', audio: 'voice', contact: 'contact' },
  ...{ location: 'location', venue: 'location', liveLocation: 'location' },
};

describe('what a person sends', () => {
  test('words are heard with the time, the person and the language hint', async () => {
    await launch();
    const zohra = api.person({ name: 'Zohra-canary', language: 'ckb' });
    const update = zohra.says('hello canary', { at: 1_690_000_000 });
    await allConfirmed();
    expect(heard).toEqual([
      {
        channel: 'telegram',
        person: String(zohra.id),
        id: `u${update}`,
        sentAt: 1_690_000_000_000,
        language: 'ckb',
        body: { kind: 'text', text: 'hello canary' },
      },
    ]);
  });

  test('a link that was followed arrives with its code, anything else as a plain start', async () => {
    await launch();
    const zohra = person();
    for (const code of ['ngo-7_A', undefined, 'two words', 'x'.repeat(65), 'läuft']) zohra.starts(code);
    zohra.says('/start@return_help_bot ngo-8');
    await allConfirmed();
    const start = { kind: 'start' };
    expect(bodies()).toEqual([{ ...start, link: 'ngo-7_A' }, start, start, start, start, { ...start, link: 'ngo-8' }]);
  });

  test('commands are words without the slash, in any script', async () => {
    await launch();
    const zohra = person();
    for (const text of ['/sos', '/stop@return_help_bot', '/SOS help  me', '/помощь', '/ slash', 'a/b']) zohra.says(text);
    await allConfirmed();
    expect(said()).toEqual(['sos', 'stop', 'SOS help  me', 'помощь', '/ slash', 'a/b']);
  });

  test('a very long text is cut, and never inside a character', async () => {
    await launch();
    person().says(`${'a'.repeat(4_095)}😀tail`);
    await allConfirmed();
    expect(said()).toEqual(['a'.repeat(4_095)]);
  });

  test('files and places are named by their kind and never asked for', async () => {
    await launch();
    const zohra = person();
    const { pinned, ...sent } = samples;
    for (const sample of Object.values(sent)) zohra.sends(sample);
    zohra.sends(pinned);
    await allConfirmed();
    const others = Object.keys(sent).filter((name) => !(name in named));
    expect(others.length).toBeGreaterThan(15);
    const expected = Object.keys(sent).map((name) => named[name as keyof typeof named] ?? 'other');
    expect(bodies().map((body) => (body.kind === 'unsupported' ? body.what : body.kind))).toEqual(expected);
  });

  test('words that are forwarded, quote something or answer nothing are words; a reaction is nothing', async () => {
    await launch();
    const zohra = person();
    zohra.sends({ text: 'forwarded', forward_origin: { type: 'hidden_user', sender_user_name: 'x', date: 1 } });
    zohra.sends({ text: 'quoting', quote: { text: 'canary', position: 0 }, reply_to_message: { message_id: 1, text: 'canary' } });
    zohra.sends({ text: 'to nothing', reply_to_message: null, external_reply: { origin: null } });
    api.push({
      message_reaction: { chat: { id: zohra.id, type: 'private' }, message_id: 1, new_reaction: [{ type: 'emoji', emoji: '👍' }] },
    });
    await allConfirmed();
    expect(said()).toEqual(['forwarded', 'quoting', 'to nothing']);
  });

  test('in a group none of it is heard', async () => {
    await launch();
    const chat = { id: -77, type: 'supergroup', title: 'Group' };
    api.group({ id: -77, type: 'supergroup' }).adds();
    for (const sample of Object.values(samples)) api.push({ message: { message_id: 1, chat, from: { id: 9 }, date: 1, ...sample } });
    await allConfirmed();
    expect(heard).toEqual([]);
  });

  test('a changed message is told as changed, without its words; a moving location is not', async () => {
    await launch();
    const zohra = person();
    zohra.says('first');
    zohra.edits('second');
    api.push({ edited_message: { message_id: 1, chat: { id: zohra.id, type: 'private' }, date: 1, ...samples.location } });
    await allConfirmed();
    expect(bodies()).toEqual([{ kind: 'text', text: 'first' }, { kind: 'edited' }]);
  });

  test('a person who blocks the bot has left, and unblocking brings them back', async () => {
    await launch();
    const zohra = person();
    zohra.says('hi');
    zohra.blocks();
    zohra.unblocks();
    await allConfirmed();
    expect(said()).toEqual(['hi', 'left', 'came-back']);
  });

  test('bots are not people', async () => {
    await launch();
    const chat = { id: 5, type: 'private' };
    api.push({ message: { message_id: 1, chat, date: 1, text: 'x', from: { id: 5, is_bot: true } } });
    await allConfirmed();
    expect(heard).toEqual([]);
  });

  test('an update of any broken shape is passed over, and the next person is heard', async () => {
    await launch();
    const chat = { id: 8, type: 'private' };
    const odd: Record<string, unknown>[] = [
      {},
      { message: null },
      { message: 'text' },
      { message: [] },
      { message: { chat: null } },
      { message: { chat: { id: 'x', type: 'private' } } },
      { message: { chat: { id: 1.5, type: 'private' } } },
      { message: { chat: { id: 8 }, text: 'no type' } },
      { message: { chat, from: 7, text: 9, date: 'x' } },
      { message: { chat, photo: null } },
      { edited_message: { chat } },
      { my_chat_member: { chat } },
      { my_chat_member: { chat, new_chat_member: { status: 7 } } },
      { callback_query: {} },
      { callback_query: { id: 7, from: null, message: 3 } },
      { callback_query: { from: { id: 8 }, data: 7 } },
      { channel_post: { chat: { id: -5, type: 'channel' }, text: 'x' } },
      { hologram: { chat } },
      { poll: null },
    ];
    for (const update of odd) api.push(update);
    person().says('still here');
    await allConfirmed();
    expect(new Set(said())).toEqual(new Set(['unsupported', 'edited', 'choice', 'still here']));
    expect(eventsOf('telegram.set-aside')).toEqual([]);
  });
});
