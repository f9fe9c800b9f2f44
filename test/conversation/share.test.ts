import { describe, expect, it } from 'vitest';
import type { SendResult } from '../../src/channel/channel.ts';
import { caseEvent } from '../../src/handoff/contract.ts';
import { makeTalk } from '../support/talk.ts';
import { toReceipt, walkTo } from '../support/ways.ts';

const opened = async (setting: Parameters<typeof makeTalk>[0] = {}) => {
  const talk = await makeTalk(setting);
  await walkTo(talk, toReceipt);
  const [event] = await talk.events();
  const caseId = String(event.data.case_id);
  const asks = (seq: number, organisation = 'unhcr', name = 'UNHCR Minsk') =>
    talk.desk('consent.ask', { case_id: caseId, seq, organisation, name });
  return { talk, caseId, asks };
};
const answers = (events: { type: string }[]) =>
  events.filter((event) => event.type === 'consent.answered').map((event) => caseEvent.parse(event));

describe('a caseworker asks whether a request may be passed on', () => {
  it('and the person first says whether it is safe to read, then sees one screen with the name of the organisation', async () => {
    const { talk, asks } = await opened();
    expect((await asks(1)).status).toBe(202);
    expect(talk.answer()).not.toContain('UNHCR');
    await talk.taps('yes');
    expect(talk.last()?.text).toContain('May we give your request to UNHCR Minsk?');
    expect(talk.buttons().slice(0, 2)).toEqual(['yes', 'no']);
    expect(answers(await talk.events())).toEqual([]);
  });

  it('and yes is told with the words agreed to, and is kept with the request', async () => {
    const { talk, asks } = await opened();
    await asks(1);
    await talk.taps('yes', 'yes');
    const [answer] = answers(await talk.events());
    expect(answer?.data).toMatchObject({ organisation: 'unhcr', agreed: true, language: 'en' });
    const consents = await talk.world.keep.selectFrom('consents').selectAll().execute();
    expect(consents).toHaveLength(2);
    const share = consents.find((one) => one.field === 'agree-share');
    expect(share).toMatchObject({ kind: null, case_id: answer?.data.case_id });
    expect(answer?.type === 'consent.answered' && answer.data.hash).toBe(share?.hash);
    expect(talk.buttons()).toContain('status');
  });

  it('and no is told too, and nothing is kept of it', async () => {
    const { talk, asks } = await opened();
    await asks(1);
    await talk.taps('yes', 'no');
    expect(answers(await talk.events())[0]?.data).toMatchObject({ organisation: 'unhcr', agreed: false });
    expect((await talk.rows())['consents']).toBe(1);
    expect(talk.answer()).toContain('changes no other help');
  });

  it('and each organisation is asked about anew, in words of its own', async () => {
    const { talk, asks } = await opened();
    await asks(1);
    await talk.taps('yes', 'yes');
    await asks(2, 'legal-aid', 'Refugee Counselling Service');
    expect(answers(await talk.events())).toHaveLength(1);
    await talk.taps('yes');
    expect(talk.last()?.text).toContain('Refugee Counselling Service');
    await talk.taps('yes');
    const [first, second] = answers(await talk.events());
    expect(second?.data).toMatchObject({ organisation: 'legal-aid', agreed: true });
    expect(first?.type === 'consent.answered' && first.data.hash).not.toBe(second?.type === 'consent.answered' && second.data.hash);
    expect((await talk.rows())['consents']).toBe(3);
  });

  it.each(['ok', '👍', 'oui', 'sure'])('and "%s" is no yes', async (word) => {
    const { talk, asks } = await opened();
    await asks(1);
    await talk.taps('yes');
    await talk.says(word);
    expect(answers(await talk.events())).toEqual([]);
  });

  it('and on a phone that is not safe nothing is shown and nothing told', async () => {
    const { talk, asks } = await opened();
    await asks(1);
    await talk.taps('not-sure');
    expect(talk.answer()).not.toContain('UNHCR');
    expect(answers(await talk.events())).toEqual([]);
  });

  it('and the same question arriving twice is asked once', async () => {
    const { talk, asks } = await opened();
    await asks(1);
    expect(await asks(1)).toEqual({ status: 200, body: { duplicate: true } });
    expect(talk.answer()).toBe('');
  });

  it('and a person whose page is closed is asked when they open it again', async () => {
    let outcome: SendResult = { sent: true };
    const { talk, asks } = await opened({ channel: 'web', outcome: () => outcome });
    outcome = { kept: true };
    expect((await asks(1)).status).toBe(202);
    expect(JSON.stringify(await talk.world.keep.selectFrom('kept').selectAll().execute())).not.toContain('UNHCR');
    outcome = { sent: true };
    await talk.arrives({ kind: 'open' });
    expect((await talk.rows())['kept']).toBe(0);
    await talk.taps('yes');
    expect(talk.last()?.text).toContain('UNHCR Minsk');
    await talk.taps('yes');
    expect(answers(await talk.events())).toHaveLength(1);
  });

  it('and once the request is closed the question is gone', async () => {
    const { talk, caseId, asks } = await opened();
    await asks(1);
    await talk.taps('yes');
    await talk.desk('case.closed', { case_id: caseId, seq: 2 });
    await talk.says('yes');
    expect(answers(await talk.events())).toEqual([]);
  });
});
