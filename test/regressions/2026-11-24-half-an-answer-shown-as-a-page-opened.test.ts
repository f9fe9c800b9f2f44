// A page that opened between a caseworker's words and the question under them was shown the question alone: the
// words counted as delivered and were gone.
import { expect, it } from 'vitest';
import type { SendResult } from '../../src/channel/channel.ts';
import { makeTalk } from '../support/talk.ts';
import { toReceipt, walkTo } from '../support/ways.ts';

it('words that could not be shown are kept, although what follows them could be', async () => {
  const outcomes: SendResult[] = [];
  const talk = await makeTalk({ channel: 'web', outcome: () => outcomes.shift() ?? { sent: true } });
  await walkTo(talk, toReceipt);
  const [event] = await talk.events();
  // Long enough to be a message of its own.
  const text = `We found a place. ${'x'.repeat(4000)}`;
  outcomes.push({ kept: true });
  await talk.desk('message.send', { case_id: String(event.data.case_id), seq: 1, message_id: 'm_aaaa1', text });
  expect((await talk.events()).map(({ type }) => type)).toEqual(['case.opened']);
  await talk.arrives({ kind: 'open' });
  expect(talk.seen.map((one) => one.text).join('\n')).toContain('We found a place');
  expect((await talk.events()).map(({ type }) => type)).toEqual(['case.opened', 'message.delivered']);
});
