// What the library tells, read into what the conversation knows: every type of message it names, and
// the numbers people answer with, in the digits of every script.
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPrivate, type LibraryMessage, readCall, readEdit, readMessage, unreadable } from '../../src/channel/whatsapp-read.ts';
import { digits } from '../../src/flow/fold.ts';
import { makeTalk } from '../support/talk.ts';

const message = (change: Partial<LibraryMessage> = {}): LibraryMessage => ({
  id: { _serialized: 'false_1555@c.us_AB' },
  type: 'chat',
  from: '1555@c.us',
  body: 'words',
  timestamp: 1_790_000_000,
  fromMe: false,
  ...change,
});
const { MessageTypes } = createRequire(import.meta.url)('whatsapp-web.js') as { MessageTypes: Record<string, string> };

/** What becomes of each type the library names; nothing: nobody said anything. */
const kinds: Record<string, string | null> = {
  chat: 'text',
  buttons_response: 'text',
  list_response: 'text',
  template_button_reply: 'text',
  image: 'photo',
  document: 'document',
  ptt: 'voice',
  audio: 'voice',
  location: 'location',
  vcard: 'contact',
  multi_vcard: 'contact',
  ...Object.fromEntries(
    ['video', 'sticker', 'order', 'product', 'unknown', 'groups_v4_invite', 'list', 'payment', 'hsm', 'interactive', 'native_flow']
      .concat(['oversized', 'poll_creation', 'scheduled_event_creation'])
      .map((type) => [type, 'other']),
  ),
  ...Object.fromEntries(
    ['album', 'revoked', 'broadcast_notification', 'call_log', 'ciphertext', 'debug', 'e2e_notification', 'gp2', 'group_notification']
      .concat(['notification', 'notification_template', 'protocol', 'reaction'])
      .map((type) => [type, null]),
  ),
};

describe('a message of WhatsApp', () => {
  it.for(Object.values(MessageTypes))('of the type %s is read as it should be', (type) => {
    const body = readMessage(message({ type }))?.body;
    expect(body === undefined ? null : body.kind === 'unsupported' ? body.what : body.kind).toBe(kinds[type]);
  });

  it('of a type nobody has heard of gets an answer', () => {
    expect(readMessage(message({ type: 'hologram' }))?.body).toEqual({ kind: 'unsupported', what: 'other' });
  });

  it('keeps its id, its time and the id it came from', () => {
    expect(readMessage(message())).toEqual({
      chat: '1555@c.us',
      id: 'false_1555@c.us_AB',
      sentAt: 1_790_000_000_000,
      body: { kind: 'text', text: 'words' },
    });
  });

  it.for([
    '1203630@g.us',
    'status@broadcast',
    '5@broadcast',
    '7@newsletter',
    'x@call',
    '',
    '@c.us',
    'a b@c.us',
  ])('from %s is not for us', (from) => {
    expect(isPrivate(from)).toBe(false);
    expect(readMessage(message({ from }))).toBeNull();
    expect(unreadable(message({ from }))).toBeNull();
  });

  it.for(Object.values(MessageTypes))('of the type %s in a group or a status is not for us', (type) => {
    for (const from of ['1203630@g.us', 'status@broadcast', '7@newsletter'])
      expect(readMessage(message({ type, from, hasMedia: true }))).toBeNull();
  });

  it('of our own is not for us', () => {
    expect(readMessage(message({ fromMe: true }))).toBeNull();
    expect(readMessage(message({ isStatus: true }))).toBeNull();
  });

  it('that is too long is cut, and never through a character', () => {
    const body = readMessage(message({ body: `${'x'.repeat(4_095)}😀` }))?.body;
    expect(body).toEqual({ kind: 'text', text: 'x'.repeat(4_095) });
  });

  it('that cannot be decrypted is one, and decrypted later another', () => {
    const sealed = unreadable(message({ type: 'ciphertext' }));
    expect(sealed?.body).toEqual({ kind: 'unsupported', what: 'other' });
    expect(sealed?.id).not.toBe(readMessage(message())?.id);
  });

  it('that is edited is told once for each edit, and a link preview is no edit', () => {
    expect(readEdit({ ...message(), latestEditSenderTimestampMs: 5 })).toMatchObject({ body: { kind: 'edited' }, sentAt: 5 });
    expect(readEdit(message())).toBeNull();
    expect(readEdit({ ...message({ fromMe: true }), latestEditSenderTimestampMs: 5 })).toBeNull();
  });

  it('is never taken from a call in a group or of our own', () => {
    const call = { id: 'c1', from: '1555@c.us', isGroup: false, fromMe: false };
    expect(readCall(call)?.body).toEqual({ kind: 'unsupported', what: 'call' });
    expect(readCall({ ...call, isGroup: true })).toBeNull();
    expect(readCall({ ...call, fromMe: true })).toBeNull();
    expect(readCall({ ...call, from: undefined })).toBeNull();
  });
});

const zeros = Array.from({ length: 0x20000 }, (_, code) => code).filter(
  (code) => /\p{Nd}/u.test(String.fromCodePoint(code)) && !/\p{Nd}/u.test(String.fromCodePoint(Math.max(0, code - 1))),
);

describe('a number', () => {
  it('is read in the digits of every script, with the marks telephones add', () => {
    const mark = fc.constantFrom('', '.', ')', '\u200f', '\u200e', '\ufe0f\u20e3', ' ');
    expect(zeros.length).toBeGreaterThan(60);
    fc.assert(
      fc.property(fc.constantFrom(...zeros), fc.integer({ min: 0, max: 9 }), mark, (zero, value, after) => {
        expect(digits(String.fromCodePoint(zero + value) + after).replace(/[^\d]/g, '')).toBe(String(value));
      }),
    );
  });

  it.for(['1', '१', '۱', '1️⃣', ' 1.', '1)', '\u200f١', '፩'])('%s chooses the first option', async (text) => {
    const talk = await makeTalk({ channel: 'whatsapp', choices: 'numbers' });
    await talk.says('hello');
    await talk.says(text);
    expect((await talk.session())?.session.lang).toBe('en');
    expect(talk.answer()).toContain('country');
  });

  it('that was here before the question on screen answers nothing, but words still count', async () => {
    const talk = await makeTalk({ channel: 'whatsapp', choices: 'numbers' });
    await talk.says('hello');
    await talk.arrives({ kind: 'text', text: '1' }, 'early', 'en', true);
    expect(talk.answer()).toContain('That question is closed');
    expect(talk.answer()).toContain('1  English');
    await talk.arrives({ kind: 'text', text: '9' }, 'nine', 'en', true);
    expect(talk.answer()).not.toContain('That question is closed');
  });
});
