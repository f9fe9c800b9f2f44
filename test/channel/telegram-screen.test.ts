// What people have on their screen on Telegram: buttons, marks, and questions shown as answered.
import { describe, expect, test } from 'vitest';
import { allConfirmed, api, bodies, choice, eventsOf, eventually, heard, known, launch, message, person } from '../support/telegram.ts';

describe('what a person gets', () => {
  const yesNo = [choice('5f.yes', 'Yes'), choice('5f.no', 'No')];
  const rights = [choice('5f.back', 'Back', 'back'), choice('5f.person', 'A person', 'person'), choice('5f.sos', 'SOS', 'urgent')];

  test('a message is plain text without previews, and what looks like markup stays as it is', async () => {
    const { channel, zohra, to } = await known();
    const text = '<b>*see*</b> https://example.org [x](y)';
    expect(await channel.send(to, message(text))).toEqual({ sent: true });
    expect(zohra.last()).toMatchObject({ text, buttons: [] });
    expect(api.calls.findLast(({ method }) => method === 'sendMessage')?.payload).toEqual({
      chat_id: zohra.id,
      text,
      link_preview_options: { is_disabled: true },
    });
  });

  test('short answers stand two in a row; back, a person and SOS have the last row', async () => {
    const { channel, zohra, to } = await known();
    await channel.send(to, message('?', { choices: [...rights, ...yesNo, choice('5f.skip', 'Skip', 'skip')] }));
    expect(zohra.last()?.buttons).toEqual([['Yes', 'No'], ['Skip'], ['Back', 'A person', 'SOS']]);
  });

  test('a long word for a person has a row of its own, so that none of the three is cut', async () => {
    const { channel, zohra, to } = await known();
    const aside = [choice('1.~back', 'رجوع', 'back'), choice('1.~person', 'التحدث مع شخص', 'person'), choice('1.~sos', 'SOS', 'urgent')];
    await channel.send(to, message('?', { choices: [choice('1.a', 'A'), ...aside] }));
    expect(zohra.last()?.buttons).toEqual([['A'], ['التحدث مع شخص'], ['رجوع', 'SOS']]);
  });

  test('with one long label every answer has its own row', async () => {
    const { channel, zohra, to } = await known();
    await channel.send(to, message('?', { choices: [...yesNo, choice('5f.maybe', 'I do not know yet')] }));
    expect(zohra.last()?.buttons).toEqual([['Yes'], ['No'], ['I do not know yet']]);
    await channel.send(to, message('?', { choices: [choice('5f.a', '14 characters!'), choice('5f.b', 'Б'.repeat(14))] }));
    expect(zohra.last()?.buttons).toHaveLength(1);
  });

  test('a tap arrives as stamp and code and is acknowledged once', async () => {
    const { channel, zohra, to } = await known();
    await channel.send(to, message('?', { choices: yesNo }));
    zohra.taps('No');
    await allConfirmed();
    expect(heard.at(-1)).toMatchObject({ person: to, sentAt: 1_700_000_000_000, body: { kind: 'choice', stamp: '5f', code: 'no' } });
    await api.waitFor(() => api.unansweredTaps() === 0);
  });

  test('an old button and an unreadable one are acknowledged too', async () => {
    const { channel, zohra, to } = await known();
    await channel.send(to, message('?', { choices: yesNo }));
    zohra.tapsStale('4a.yes');
    zohra.tapsStale('nonsense');
    zohra.tapsStale('.x');
    zohra.tapsStale('5f.a.b');
    await allConfirmed();
    await api.waitFor(() => api.unansweredTaps() === 0);
    expect(bodies().slice(1)).toEqual([
      { kind: 'choice', stamp: '4a', code: 'yes' },
      { kind: 'choice', stamp: '', code: '' },
      { kind: 'choice', stamp: '', code: '' },
      { kind: 'choice', stamp: '5f', code: 'a.b' },
    ]);
  });

  test('a tap is acknowledged once even when handling it fails again and again', async () => {
    const channel = await launch(async ({ body }) => {
      if (body.kind === 'choice') throw new Error('broken');
    });
    const zohra = person();
    zohra.says('hi');
    await allConfirmed();
    await channel.send(String(zohra.id), message('?', { choices: yesNo }));
    zohra.taps('Yes');
    await allConfirmed();
    await api.waitFor(() => api.unansweredTaps() === 0);
    expect(api.calls.filter(({ method }) => method === 'answerCallbackQuery')).toHaveLength(1);
  });

  test('an acknowledgement that Telegram refuses harms nothing', async () => {
    const { channel, zohra, to } = await known();
    await channel.send(to, message('?', { choices: yesNo }));
    api.fault('answerCallbackQuery', { answer: 400, description: 'Bad Request: query is too old canary' });
    api.fault('answerCallbackQuery', { answer: 429, retryAfter: 60 });
    zohra.taps('Yes');
    zohra.taps('No');
    await allConfirmed();
    expect(
      bodies()
        .slice(1)
        .map((body) => body.kind === 'choice' && body.code),
    ).toEqual(['yes', 'no']);
    await eventually(() => eventsOf('telegram.call-failed')).toHaveLength(1);
  });

  test('what was chosen is shown at the question, whose buttons go', async () => {
    const { channel, zohra, to } = await known();
    await channel.send(to, message('Is it so?', { choices: yesNo }));
    zohra.taps('No');
    await allConfirmed();
    expect(await channel.send(to, message('Then this.', { lock: 'No', choices: [choice('60.ok', 'OK')] }))).toEqual({ sent: true });
    const shown = zohra.screen().filter(({ from }) => from === 'bot');
    expect(shown).toMatchObject([
      { text: 'Is it so?\n\n✅ No', buttons: [] },
      { text: 'Then this.', buttons: [['OK']] },
    ]);
  });

  test('a typed answer is shown at the last question, even with a message between', async () => {
    const { channel, zohra, to } = await known();
    await channel.send(to, message('Is it so?', { choices: yesNo }));
    await channel.send(to, message('Take your time.'));
    await channel.send(to, message('Thanks.', { lock: 'Yes' }));
    await channel.send(to, message('Bye.', { lock: 'No' }));
    expect(
      zohra
        .screen()
        .filter(({ from }) => from === 'bot')
        .map(({ text }) => text),
    ).toEqual(['Is it so?\n\n✅ Yes', 'Take your time.', 'Thanks.', 'Bye.']);
  });

  test('after a restart the tapped question is still the one that shows the choice', async () => {
    const { channel, zohra, to } = await known();
    await channel.send(to, message('Is it so?', { choices: yesNo }));
    await channel.stop();
    const again = await launch();
    await again.send(to, message('No question known.', { lock: 'Nothing' }));
    zohra.taps('Yes');
    await allConfirmed();
    await again.send(to, message('Next.', { lock: 'Yes' }));
    expect(zohra.screen().find(({ text }) => text.startsWith('Is it so?'))).toMatchObject({ text: 'Is it so?\n\n✅ Yes', buttons: [] });
  });

  test('a question whose words are unknown, or too long to add to, only loses its buttons', async () => {
    const { channel, zohra, to } = await known();
    const long = 'x'.repeat(4_096);
    await channel.send(to, message(long, { choices: yesNo }));
    await channel.send(to, message('Next?', { lock: 'Yes', choices: yesNo }));
    expect(zohra.screen().find(({ text }) => text === long)?.buttons).toEqual([]);
    const last = zohra.last();
    api.push({
      callback_query: {
        from: { id: zohra.id },
        message: { chat: { id: zohra.id, type: 'private' }, message_id: last?.id, date: 0 },
        data: '5f.no',
      },
    });
    await allConfirmed();
    await channel.send(to, message('Done.', { lock: 'No' }));
    expect(zohra.screen().find(({ id }) => id === last?.id)).toMatchObject({ text: 'Next?', buttons: [] });
  });

  test('a failing mark at the question never keeps the message back', async () => {
    const { channel, zohra, to } = await known();
    for (const fault of [
      { answer: 400, description: 'Bad Request: message to edit not found' },
      { answer: 500 },
      { drop: 'before' },
    ] as const) {
      await channel.send(to, message('?', { choices: yesNo }));
      api.fault('editMessageText', fault);
      expect(await channel.send(to, message('On we go.', { lock: 'Yes' }))).toEqual({ sent: true });
      expect(zohra.last()?.text).toBe('On we go.');
    }
  });

  test('marks change in place at the question that was tapped', async () => {
    const { channel, zohra, to } = await known();
    const marks = (...labels: string[]) => labels.map((label, at) => choice(`5f.${at}`, label));
    await channel.send(to, message('Which?', { choices: marks('◻ Tent', '◻ Food') }));
    zohra.taps('◻ Food');
    await allConfirmed();
    const marked = message('Which?', { replaces: true, choices: marks('◻ Tent', '☑ Food') });
    expect(await channel.send(to, marked)).toEqual({ sent: true });
    expect(await channel.send(to, { ...marked, id: 'same marks again' })).toEqual({ sent: true });
    expect(zohra.screen().filter(({ from }) => from === 'bot')).toMatchObject([{ buttons: [['◻ Tent', '☑ Food']] }]);
  });

  test('where the question cannot be changed, it is sent anew', async () => {
    const { channel, zohra, to } = await known();
    expect(await channel.send(to, message('Which?', { replaces: true, choices: yesNo }))).toEqual({ sent: true });
    api.fault('editMessageText', { answer: 400, description: "Bad Request: message can't be edited" });
    expect(await channel.send(to, message('Which one?', { replaces: true, choices: yesNo }))).toEqual({ sent: true });
    expect(
      zohra
        .screen()
        .filter(({ from }) => from === 'bot')
        .map(({ text }) => text),
    ).toEqual(['Which?', 'Which one?']);
    api.fault('editMessageText', { answer: 500 });
    expect(await channel.send(to, message('Which two?', { replaces: true, choices: yesNo }))).toEqual({ later: 3_000 });
    expect(zohra.last()?.text).toBe('Which one?');
    zohra.blocks();
    await allConfirmed();
    expect(await channel.send(to, message('Which?', { replaces: true, choices: yesNo }))).toEqual({ gone: true });
  });

  test('a slow step shows that an answer is coming', async () => {
    const zohra = person();
    zohra.says('think');
    await launch(() => zohra.waitFor(() => zohra.typing() > 0, 'the typing sign'), { pace: { typingAfterMs: 1 } });
    await allConfirmed();
    expect(zohra.typing()).toBe(1);
  });
});
