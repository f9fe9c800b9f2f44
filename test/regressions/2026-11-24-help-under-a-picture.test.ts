// Words under a picture were never read, so a cry for help there was answered with "I cannot open
// photos"; and somebody who had written very fast was not heard when they then wrote SOS.
import { describe, expect, it } from 'vitest';
import { readUpdate } from '../../src/channel/telegram-read.ts';
import { readMessage } from '../../src/channel/whatsapp-read.ts';
import { samples } from '../support/bot-api/server.ts';
import { makeTalk, type Talk } from '../support/talk.ts';

const cry = 'please, i want to kill myself tonight';
const chat = { id: 8, type: 'private' };
const picture = { photo: [{ file_id: 'FILE-photo' }] };
const onTelegram = (content: object) =>
  readUpdate({ update_id: 1, message: { message_id: 1, chat, date: 1, ...content } }, () => 0)?.incoming?.body;
const onWhatsapp = (content: object) =>
  readMessage({ id: { _serialized: 'x' }, type: 'image', from: '1555@c.us', body: cry, timestamp: 1, fromMe: false, ...content })?.body;

async function atQuestion(): Promise<Talk> {
  const talk = await makeTalk();
  await talk.starts();
  await talk.taps('en');
  return talk;
}
const sends = (talk: Talk, caption: string) => talk.arrives({ kind: 'unsupported', what: 'photo', caption });

describe('words under a picture', () => {
  it('reach the conversation from Telegram, under everything that can have some, and cut to what a message may have', () => {
    expect(onTelegram({ ...picture, caption: cry })).toEqual({ kind: 'unsupported', what: 'photo', caption: cry });
    for (const name of ['document', 'animation', 'voice', 'audio', 'video'] as const)
      expect(onTelegram({ ...samples[name], caption: 'SOS' }), name).toMatchObject({ kind: 'unsupported', caption: 'SOS' });
    expect(onTelegram({ ...picture, caption: `${'x'.repeat(4_095)}😀` })).toMatchObject({ caption: 'x'.repeat(4_095) });
    for (const odd of [7, null, {}, ['SOS']])
      expect(onTelegram({ ...picture, caption: odd })).toEqual({ kind: 'unsupported', what: 'photo' });
  });

  it('reach the conversation from WhatsApp, but never the small picture it sends along', () => {
    expect(onWhatsapp({ hasMedia: true })).toEqual({ kind: 'unsupported', what: 'photo', caption: cry });
    expect(onWhatsapp({ hasMedia: false, body: '/9j/4AAQSkZJRg' })).toEqual({ kind: 'unsupported', what: 'photo' });
  });

  it.for([cry, 'SOS', 'sos!', 'je veux mourir'])('that cry for help, such as "%s", are heard at once', async (caption) => {
    const talk = await atQuestion();
    await sends(talk, caption);
    expect((await talk.session())?.session.detour?.at).toMatch(/^urgent\//);
    expect(talk.answer()).not.toContain('I cannot open photos');
  });

  it('that ask for a person, an end or erasure count too', async () => {
    const talk = await atQuestion();
    await sends(talk, 'stop');
    expect((await talk.session())?.session.done).toBe('stopped');
  });

  it('never answer a question: not by a label, not by a number', async () => {
    const talk = await atQuestion();
    for (const caption of ['Belarus', '1', 'yes', '9']) {
      await sends(talk, caption);
      expect(talk.answer()).toContain('I cannot open photos');
    }
    expect((await talk.session())?.session.answers).toEqual({});
    expect(talk.logged.join('')).not.toContain('Belarus');
  });
});

it('however much somebody wrote before, SOS is heard, alone or under a picture', async () => {
  for (const body of [{ kind: 'text', text: 'SOS' } as const, { kind: 'unsupported', what: 'photo', caption: 'sos' } as const]) {
    const talk = await atQuestion();
    for (let i = 0; i < 60; i += 1) await talk.arrives({ kind: 'text', text: 'x' });
    await talk.arrives(body);
    expect((await talk.session())?.session.detour?.at).toMatch(/^urgent\//);
  }
});
