import { describe, expect, it } from 'vitest';
import { caseEvent } from '../../src/handoff/contract.ts';
import { makeTalk, type Talk } from '../support/talk.ts';
import { clearGate, toGate, toReceipt, toReturnConsent, toTopics, walkTo } from '../support/ways.ts';

const nothing = { consents: 0, addresses: 0, outbox: 0, kept: 0, handled: 0, cases: 0, messages: 0, notes: 0, audit: 0 };
const at = async (talk: Talk) => (await talk.session())?.session;

describe('a person who wants help to return', () => {
  it('reaches a caseworker with what they agreed to send, and gets a code', async () => {
    const talk = await makeTalk();
    await walkTo(talk, toReceipt);
    const [event, ...more] = await talk.events();
    expect(more).toEqual([]);
    expect(caseEvent.parse(event)).toMatchObject({
      type: 'case.opened',
      data: {
        seq: 1,
        kind: 'return',
        language: 'en',
        country: 'by',
        consent: { kind: 'return', field: 'agree-return', language: 'en' },
        answers: { 'gate/age': 'adult', 'gate/place': 'shelter', 'to-country': 'iq', needs: ['baby'], missing: ['sleep'], reach: 'chat' },
      },
    });
    expect(talk.answer()).toContain(event.data.ref);
    expect(event.data.ref).toMatch(/^[0-9A-Z]{3}-[0-9A-Z]{3}$/);
  });

  it('has nothing about them in SQL before the consent', async () => {
    const talk = await makeTalk();
    await talk.starts();
    for (const code of toReturnConsent) {
      await talk.taps(code);
      expect(await talk.rows()).toEqual(nothing);
    }
    await talk.taps('yes');
    expect(await talk.rows()).toEqual({ ...nothing, consents: 1 });
  });

  it('needs at most thirty taps from the first message to the receipt', () => {
    expect(toReceipt.length).toBeLessThanOrEqual(30);
  });

  it('sees every answer before sending and can change a safety answer there', async () => {
    const talk = await makeTalk();
    await walkTo(talk, toReceipt.slice(0, -1));
    expect(talk.last()?.text).toContain('Baby');
    expect(talk.buttons()).toEqual(['send', 'cancel', '~change', '~back', '~person', '~sos']);
    await talk.taps('~change', '~item:gate/fear', 'yes');
    expect(await talk.rows()).toEqual(nothing);
    expect((await at(talk))?.answers).toEqual({});
    expect(JSON.stringify(await at(talk))).not.toContain('gate/');
  });

  it('can change one answer and comes back to the recap with all the others', async () => {
    const talk = await makeTalk();
    await walkTo(talk, toReceipt.slice(0, -1));
    await talk.taps('~change', '~more', '~item:needs', 'health', '~done');
    expect(talk.buttons().slice(0, 2)).toEqual(['send', 'cancel']);
    await talk.taps('send');
    expect((await talk.events())[0].data.answers).toMatchObject({ needs: ['health'], missing: ['sleep'], 'to-country': 'iq' });
  });

  it('who skips every question after the consent still reaches a person', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toReturnConsent, 'yes', 'skip', 'skip', 'skip', 'skip', 'skip', 'skip', 'skip', 'skip', 'skip', 'send']);
    expect((await talk.events())[0].data.answers).toMatchObject({ needs: null, missing: null, reach: null });
  });

  it('gives a phone number only when a call is chosen, and the number is in no session', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toReturnConsent, 'yes', 'iq', 'one', 'none', '~done', 'nothing', '~done', 'call']);
    await talk.says('hello');
    expect(talk.answer()).toContain('phone number');
    await talk.says('+٣٧٥ ٢٩ 123-45-67');
    expect(JSON.stringify((await talk.session())?.session)).not.toMatch(/375|1234567/);
    await talk.taps('any', 'none', 'any', 'send');
    expect((await talk.events())[0].data.answers.number).toBe('+375291234567');
    expect(JSON.stringify(await talk.session())).not.toMatch(/375291234567/);
  });
});

describe('a person who says no', () => {
  it('is never put in the queue, and what they had answered is gone', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toReturnConsent, 'no']);
    expect(await talk.rows()).toEqual(nothing);
    expect((await at(talk))?.picks).toEqual({});
    expect(talk.buttons()).toContain('learn');
  });

  it('at the recap takes the consent back with it', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toReceipt.slice(0, -1), 'cancel']);
    expect(await talk.rows()).toEqual(nothing);
  });

  it('needs no more taps than a person who says yes', async () => {
    const talk = await makeTalk();
    await walkTo(talk, toReturnConsent);
    const answers = talk.last()?.choices.filter((choice) => choice.kind === 'answer');
    expect(answers?.map((choice) => choice.label)).toEqual(['Yes', 'No']);
  });

  it.each(['ok', '👍', 'yes please', 'oui', 'sure', ''])('is not taken to agree by writing "%s"', async (text) => {
    const talk = await makeTalk();
    await walkTo(talk, toReturnConsent);
    await talk.says(text);
    expect((await talk.rows())['consents']).toBe(0);
    expect((await at(talk))?.answers).toEqual({});
  });

  it('with STOP after the consent leaves no consent behind', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toReturnConsent, 'yes', 'iq']);
    await talk.says('stop');
    expect(await talk.rows()).toEqual(nothing);
    expect((await at(talk))?.done).toBe('stopped');
  });
});

describe('the safety gate', () => {
  const gate = async (codes: string[], setting = {}) => {
    const talk = await makeTalk(setting);
    await walkTo(talk, [...toGate, ...codes]);
    return talk;
  };
  const consent = async (talk: Talk) => {
    await talk.taps('yes');
    return (await talk.events())[0]?.data;
  };

  it.each([
    ['afraid of harm', ['me', 'adult', 'home', 'yes']],
    ['not sure about harm', ['me', 'adult', 'home', 'not-sure']],
    ['pressed to go back', ['me', 'adult', 'home', 'no', 'yes']],
    ['kept by someone', ['me', 'adult', 'kept']],
    ['whose papers another person keeps', ['me', 'adult', 'home', 'no', 'no', 'someone', 'no']],
  ])('leads a person %s to protection, and no safety answer goes with them', async (_, codes) => {
    const talk = await gate(codes);
    expect((await at(talk))?.picks).toEqual({});
    await talk.taps('person');
    const data = await consent(talk);
    expect(data).toMatchObject({ kind: 'protection', answers: {}, consent: { field: 'agree-protect' } });
  });

  it('leads a person in fear to contacts alone where nobody is trained for it', async () => {
    const talk = await gate(['me', 'adult', 'home', 'yes'], { protectionStaff: false });
    expect(talk.buttons()).toContain('learn');
    expect(await talk.rows()).toEqual(nothing);
  });

  it.each([
    ['with an open court case', ['me', 'adult', 'home', 'no', 'no', 'me', 'yes']],
    ['who skips one question', ['me', 'adult', 'home', 'skip', 'no', 'me', 'no']],
    ['who does not know their age', ['me', 'dont-know', 'home', 'no', 'no', 'me', 'no']],
    ['who asks for another adult', ['other-adult']],
  ])('leads a person %s to a talk without answers', async (_, codes) => {
    const talk = await gate(codes);
    const data = await consent(talk);
    expect(data).toMatchObject({ kind: 'talk', answers: {} });
  });

  it('never leads a child to a return request', async () => {
    const talk = await gate(['me', 'under-18', 'alone']);
    expect(talk.seen.map((message) => message.text).join()).not.toContain('contact you about return');
    expect(await talk.rows()).toEqual(nothing);
  });

  it('sends a child with a parent back to the beginning, so that the adult starts afresh', async () => {
    const talk = await gate(['child', 'parent']);
    expect((await at(talk))?.picks).toEqual({});
    expect(await talk.rows()).toEqual(nothing);
  });

  it('takes no return request from a person who is detained', async () => {
    const talk = await gate(['me', 'adult', 'detained']);
    expect(talk.seen.map((message) => message.text).join()).toContain('You do not have to agree to return.');
    expect((await at(talk))?.answers).toEqual({});
  });

  it('tells a person in the United States to speak to a lawyer first', async () => {
    const talk = await makeTalk();
    await walkTo(talk, ['en', 'us', 'return', 'yes']);
    expect(talk.answer()).toContain('lawyer');
    await talk.taps('talk', 'yes');
    expect((await talk.events())[0].data).toMatchObject({ kind: 'talk', country: 'us', answers: {} });
  });

  it('takes no return request where no programme is known', async () => {
    const talk = await makeTalk();
    await walkTo(talk, ['en', 'af', 'return', 'yes', 'talk', 'yes']);
    expect((await talk.events())[0].data.kind).toBe('talk');
  });

  it('takes no return request to a country to which return help was refused', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toReturnConsent, 'yes', 'sy']);
    expect((await talk.rows())['consents']).toBe(0);
    await talk.taps('yes');
    expect((await talk.events())[0].data).toMatchObject({ kind: 'talk', answers: {} });
  });

  it('asks nothing of a person whose phone is not safe', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toTopics, 'return', 'no']);
    expect(talk.buttons()).toContain('learn');
    expect((await at(talk))?.from.picks).toEqual({ 'welcome/country': 'by' });
    // Later, alone with the phone, they are asked again.
    await talk.taps('return');
    expect(talk.buttons()).toContain('not-sure');
  });

  it('shows talk and protection requests with the same receipt', async () => {
    const first = await gate(['me', 'adult', 'home', 'no', 'no', 'me', 'yes']);
    await first.taps('yes');
    const second = await gate(['me', 'adult', 'home', 'yes']);
    await second.taps('person', 'yes');
    const plain = (talk: Talk) => talk.answer().replace(/[0-9A-Z]{3}-[0-9A-Z]{3}/g, 'REF');
    expect(plain(first)).toBe(plain(second));
  });
});

describe('at any question', () => {
  it('BACK drops only the last answer', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toReturnConsent, 'yes', 'iq', 'one', '~back']);
    expect(talk.buttons()).toContain('three-to-five');
    await talk.says('back');
    expect(talk.buttons()).toContain('sy');
  });

  it('HELP and LANGUAGE return to the same question', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toGate, 'me', 'adult']);
    const before = talk.buttons();
    await talk.says('help');
    expect(talk.buttons()).toEqual(before);
    await talk.says('langue');
    await talk.taps('fr');
    expect(talk.buttons()).toEqual(before);
    expect((await at(talk))?.lang).toBe('fr');
  });

  it('PERSON before a consent shows contacts and offers a talk', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toTopics]);
    await talk.taps('~person');
    expect(talk.answer()).toContain('UNHCR');
    await talk.taps('yes', 'person', 'yes');
    expect((await talk.events())[0].data).toMatchObject({ kind: 'talk', answers: {} });
  });

  it('PERSON after the return consent sends what is answered so far, once they agree', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toReturnConsent, 'yes', 'iq', 'one']);
    await talk.says('person');
    expect(await talk.events()).toEqual([]);
    await talk.taps('send');
    expect((await talk.events())[0].data).toMatchObject({
      kind: 'return',
      reason: 'asked-for-person',
      answers: { 'to-country': 'iq', travellers: 'one' },
    });
  });

  it('crisis words of any language show urgent help, change no answer, and are not kept', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toReturnConsent, 'yes', 'iq']);
    const before = talk.buttons();
    await talk.says('je veux mourir');
    expect(talk.answer()).toContain('This is not an emergency service. Nobody may read this soon.');
    expect(JSON.stringify(await talk.session())).not.toContain('mourir');
    await talk.taps('go-on');
    expect(talk.buttons()).toEqual(before);
    expect((await talk.rows())['outbox']).toBe(0);
  });

  it('three replies that nobody understands lead to a person', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toGate, 'me']);
    await talk.says('qwerty');
    expect(talk.buttons()).toContain('adult');
    await talk.says('qwerty');
    await talk.says('qwerty');
    expect(talk.answer()).toContain('UNHCR');
  });

  it('a photo or a voice message is not opened and gets a kind answer', async () => {
    const talk = await makeTalk();
    await walkTo(talk, toGate);
    await talk.sends('voice');
    expect(talk.answer()).toMatch(/cannot open/);
    expect(talk.buttons()).toContain('me');
  });

  it('an edited message changes nothing', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toGate, 'me']);
    const before = (await at(talk))?.picks;
    await talk.arrives({ kind: 'edited' });
    expect((await at(talk))?.picks).toEqual(before);
  });

  it('a button of an earlier question is closed and the open question comes again', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toGate]);
    const old = talk.last()?.choices[0]?.id ?? '';
    await talk.taps('me');
    await talk.tapsId(old);
    expect(talk.answer()).toContain('closed');
    expect(talk.buttons()).toContain('adult');
    expect((await at(talk))?.picks['gate/age']).toBeUndefined();
  });

  it('a bidirectional override cannot turn what a caseworker reads', async () => {
    const talk = await makeTalk();
    await walkTo(talk, toReceipt);
    await talk.says('hello');
    await talk.taps('write');
    await talk.says('abc\u202edef');
    expect((await talk.events()).at(-1)?.data.text).toBe('abcdef');
  });

  it('a message that arrives twice is answered again but counted once', async () => {
    const talk = await makeTalk();
    await walkTo(talk, toGate);
    await talk.arrives({ kind: 'text', text: 'me' }, 'same');
    const answer = talk.answer();
    await talk.arrives({ kind: 'text', text: 'me' }, 'same');
    expect(talk.answer()).toBe(answer);
    expect(talk.buttons()).toContain('adult');
  });

  it('fifty messages at once from one person are taken in order and lose no answer', async () => {
    const talk = await makeTalk();
    await walkTo(talk, toGate);
    const many = [...clearGate.map((_, i) => ['1', '1', '2', '1', '1', '1', '1'][i] ?? '1'), ...Array(43).fill('x')];
    await Promise.all(many.map((text, i) => talk.arrives({ kind: 'text', text }, `burst-${i}`)));
    expect((await at(talk))?.picks).toMatchObject({ 'gate/who': 'me', 'gate/age': 'adult', 'gate/place': 'shelter', 'gate/court': 'no' });
  });

  it('an unknown start code is a plain start', async () => {
    const talk = await makeTalk();
    await talk.arrives({ kind: 'start', link: 'nobody-knows-this' });
    expect(talk.buttons().slice(0, 2)).toEqual(['en', 'fr']);
  });
});

describe('a person with an open request', () => {
  it('comes to their request, and can write, and it reaches the desk once', async () => {
    const talk = await makeTalk();
    await walkTo(talk, toReceipt);
    await talk.says('hello?');
    await talk.taps('write');
    await talk.arrives({ kind: 'text', text: 'When do you answer?' }, 'w1');
    await talk.arrives({ kind: 'text', text: 'When do you answer?' }, 'w1');
    const events = await talk.events();
    expect(events.map((event) => event.type)).toEqual(['case.opened', 'message.received']);
    expect(caseEvent.parse(events[1])).toMatchObject({ data: { seq: 2, text: 'When do you answer?', urgent: false } });
    expect(JSON.stringify(await talk.session())).not.toContain('When do you');
  });

  it('in danger is marked urgent at the desk with their words', async () => {
    const talk = await makeTalk();
    await walkTo(talk, toReceipt);
    await talk.says('please help, someone wants to kill me');
    expect(caseEvent.parse((await talk.events()).at(-1))).toMatchObject({ type: 'message.received', data: { urgent: true } });
  });

  it('is asked once before everything is deleted, and then nothing is left', async () => {
    const talk = await makeTalk();
    await walkTo(talk, toReceipt);
    await talk.says('delete');
    expect((await talk.rows())['addresses']).toBe(1);
    await talk.taps('delete-all');
    expect(await talk.session()).toBeUndefined();
    expect(await talk.rows()).toMatchObject({ addresses: 0, consents: 0, outbox: 1 });
    expect((await talk.events())[0].type).toBe('case.erased');
  });

  it('can take it back without a reason', async () => {
    const talk = await makeTalk();
    await walkTo(talk, toReceipt);
    await talk.says('hello');
    await talk.taps('withdraw', 'take-back');
    expect((await talk.events()).map((event) => event.type)).toEqual(['case.opened', 'case.withdrawn']);
    expect((await talk.rows())['addresses']).toBe(0);
  });

  it('can begin again after taking it back, as a new case', async () => {
    const talk = await makeTalk();
    await walkTo(talk, toReceipt);
    const [first] = await talk.events();
    await talk.says('hello');
    await talk.taps('withdraw', 'take-back');
    await talk.says('hello');
    await talk.taps(...toReceipt);
    const opened = (await talk.events()).filter((event) => event.type === 'case.opened');
    expect(opened).toHaveLength(2);
    expect(opened.map((event) => event.data.case_id)).toContain(first.data.case_id);
    expect(new Set(opened.map((event) => event.data.case_id)).size).toBe(2);
  });

  it('without one is deleted at once, with no question', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toReturnConsent, 'yes', 'iq']);
    await talk.says('🗑');
    await talk.says('delete');
    expect(await talk.session()).toBeUndefined();
    expect(await talk.rows()).toEqual(nothing);
  });
});

describe('a person in Libya or Yemen', () => {
  it.each([
    'Libya',
    'Yemen',
  ])('who asks for help to return in %s sees protection contacts first, and no request is taken', async (country) => {
    const talk = await makeTalk();
    await walkTo(talk, ['en']);
    await talk.says(country);
    await talk.taps('return', 'yes');
    expect(talk.answer().indexOf('UNHCR')).toBeGreaterThan(0);
    expect(talk.answer()).not.toContain('Assisted voluntary return');
    expect(talk.buttons().slice(0, 4)).toEqual(['talk', 'afraid', 'under-18', 'no']);
    await talk.taps('talk', 'yes');
    expect((await talk.events())[0].data).toMatchObject({ kind: 'talk', answers: {} });
  });
});
