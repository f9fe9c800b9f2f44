import { describe, expect, it } from 'vitest';
import { caseEvent } from '../../src/handoff/contract.ts';
import { makeTalk } from '../support/talk.ts';
import { toReceipt, toTopics, walkTo } from '../support/ways.ts';

/** With a request open, from any message to the five questions. */
const fromRequest = ['information', 'by', 'other', 'travel', 'follow-up'];

const returned = async () => {
  const talk = await makeTalk();
  await walkTo(talk, toReceipt);
  await talk.says('hello');
  await talk.taps(...fromRequest);
  return talk;
};
const told = (events: { type: string }[]) =>
  events.filter((event) => event.type === 'followup.answered').map((event) => caseEvent.parse(event));

describe('a person who has returned', () => {
  it('may tell their caseworker how they are, after a yes of its own and a look at the answers', async () => {
    const talk = await returned();
    await talk.taps('yes', 'yes', 'partly', 'no', 'skip', 'none-expected', 'yes');
    expect(told(await talk.events())).toEqual([]);
    expect(talk.last()?.text).toContain('Partly');
    await talk.taps('send');
    expect(told(await talk.events())[0]?.data).toMatchObject({
      answers: { settled: 'partly', unharmed: 'no', living: null, 'got-help': 'none-expected', 'wants-talk': 'yes' },
    });
    expect((await talk.session())?.session.answers).toEqual({});
  });

  it('who says no, or stops, or goes back, tells nothing and keeps nothing', async () => {
    const talk = await returned();
    await talk.taps('yes', 'no');
    expect(talk.answer()).toContain('changes no other help');
    const other = await returned();
    await other.taps('yes', 'yes', 'no');
    await other.says('stop');
    const third = await returned();
    await third.taps('yes', 'yes', 'no', '~back', '~back', '~back');
    for (const one of [talk, other, third]) {
      expect(told(await one.events())).toEqual([]);
      expect((await one.rows())['consents']).toBe(1);
    }
  });

  it('is asked nothing on a phone that is not safe', async () => {
    const talk = await returned();
    await talk.taps('no');
    expect(talk.buttons()).toContain('learn');
  });

  it('without an open request is asked nothing, since nobody would read it', async () => {
    const talk = await makeTalk();
    await walkTo(talk, [...toTopics, 'other', 'travel', 'follow-up']);
    expect(talk.answer()).toContain('nobody would read them');
    expect(await talk.rows()).toMatchObject({ consents: 0, outbox: 0 });
  });
});
