// What people really send: another language than the one chosen, other digits, insults, nothing at all, a page
// of text, a cry for help. Understood, or answered kindly with what can be done now.
import { describe, expect, it } from 'vitest';
import { makeTalk } from '../support/talk.ts';
import { toGate, toReceipt, toReturnConsent, toTopics, walkTo } from '../support/ways.ts';

const toFear = [...toGate, 'me', 'adult', 'shelter'];

describe('yes and no in any language', () => {
  it.each([
    'oui',
    'Sí',
    'نعم',
    'да',
    'evet',
    'بله',
    'አዎ',
    'haa',
    'হ্যাঁ',
    'ہاں',
    'po',
    'wi',
    '👍',
    'YES!',
  ])('"%s" means yes where somebody is asked about fear', async (word) => {
    const talk = await makeTalk();
    await walkTo(talk, toFear);
    await talk.says(word);
    expect(talk.buttons()).toContain('person');
    expect(talk.answer()).toContain('Your safety comes first');
  });

  it.each(['non', 'لا', 'нет', 'hayır', 'نه', 'አይ', 'maya', 'না', 'نہیں', 'không', '👎'])('"%s" means no there', async (word) => {
    const talk = await makeTalk();
    await walkTo(talk, toFear);
    await talk.says(word);
    expect(talk.answer()).toContain('pressing you');
  });

  it.each(['oui', 'نعم', 'да', 'ok', '👍', 'sure', 'si', 'yes please'])('"%s" agrees to nothing where a consent is asked', async (word) => {
    const talk = await makeTalk();
    await walkTo(talk, toReturnConsent);
    await talk.says(word);
    expect((await talk.rows())['consents']).toBe(0);
    expect(talk.buttons().slice(0, 2)).toEqual(['yes', 'no']);
  });

  it('has no word that would mean both', async () => {
    const { world } = await makeTalk();
    expect(world.content.words.plain?.get('no')).toBe('no');
    expect(world.content.words.plain?.get('ne')).toBeUndefined();
    expect(world.content.words.plain?.get('jo')).toBeUndefined();
  });
});

describe('a person who writes in another language than the one chosen', () => {
  it('is understood by the words of any language of the chat', async () => {
    const talk = await makeTalk();
    await walkTo(talk, toFear);
    await talk.says('Je ne sais pas');
    expect(talk.answer()).toContain('Your safety comes first');
  });

  it('finds a page by an everyday word of it', async () => {
    const talk = await makeTalk();
    await walkTo(talk, toTopics);
    await talk.says('regroupement familial');
    expect(talk.answer()).toContain('Family reunification');
  });

  it('answers with Arabic-Indic or Persian digits', async () => {
    for (const one of ['٢', '۲', '2️⃣']) {
      const talk = await makeTalk();
      await walkTo(talk, toFear);
      await talk.says(one);
      expect(talk.answer()).toContain('Your safety comes first');
    }
  });
});

describe('a person who sends what nobody can use', () => {
  const unusable = [
    'you are all liars',
    'fuck you',
    'vous êtes des voleurs',
    '',
    '   ',
    '???',
    '🤷',
    'x'.repeat(4000),
    'wort '.repeat(800),
  ];

  it.each(unusable)('is answered kindly, and the question stays ("%.20s")', async (text) => {
    const talk = await makeTalk();
    await walkTo(talk, toFear);
    const before = JSON.stringify((await talk.session())?.session.picks);
    await talk.says(text);
    expect(talk.answer()).toMatch(/did not understand|afraid that someone/);
    expect(talk.answer()).not.toMatch(/wrong|invalid|error/i);
    expect(talk.buttons().slice(0, 4)).toEqual(['no', 'yes', 'not-sure', 'skip']);
    expect(JSON.stringify((await talk.session())?.session.picks)).toBe(before);
    expect(talk.logged.join()).not.toContain(text.trim() === '' ? '\u0000' : text.slice(0, 8));
  });

  it('is shown how to reach a person after the third time', async () => {
    const talk = await makeTalk();
    await walkTo(talk, toTopics);
    for (const text of ['fuck you', 'liars', 'thieves']) await talk.says(text);
    expect(talk.answer()).toContain('Help outside this chat');
  });
});

describe('a person who cries for help', () => {
  it('sees urgent help wherever they are, nothing changes, and with no request open nothing is kept', async () => {
    for (const way of [toTopics, toFear, toReturnConsent, [...toReturnConsent, 'yes', 'iq']]) {
      const talk = await makeTalk();
      await walkTo(talk, way);
      const { picks, answers } = (await talk.session())?.session ?? { picks: {}, answers: {} };
      const rows = await talk.rows();
      await talk.says('he will kill my children please');
      expect(talk.answer()).toContain('This is not an emergency service');
      expect(talk.answer()).toContain('did not keep it');
      const after = (await talk.session())?.session;
      expect([after?.picks, after?.answers]).toEqual([picks, answers]);
      expect(await talk.rows()).toEqual(rows);
      expect(JSON.stringify(await talk.session())).not.toContain('kill my children');
    }
  });

  it('in an open request is heard by the caseworker at once', async () => {
    const talk = await makeTalk();
    await walkTo(talk, toReceipt);
    await talk.says('je veux me tuer');
    expect((await talk.events()).at(-1)).toMatchObject({ type: 'message.received', data: { urgent: true, text: 'je veux me tuer' } });
    expect(talk.answer()).toContain('marked your request as urgent');
  });
});
